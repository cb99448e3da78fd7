import type { FaultScript } from './faults';
import { type Report, type Run, simulate } from './simulate';

/** A run that breaks a promise, and what it showed. */
export type Failure = { readonly run: Run; readonly report: Report };

const longestSearch = 400; // runs

/** Tries runs that are simpler in one way or another, and keeps the ones that still break the same promise. */
const search = (found: Failure) => {
  const promise = found.report.broken?.promise;
  let best = found;
  let tried = 0;

  const keepIfBroken = async (change: Partial<Run>): Promise<boolean> => {
    if (tried >= longestSearch) return false;
    tried += 1;
    const run = { ...best.run, ...change };
    const report = await simulate(run);
    if (report.broken?.promise !== promise) return false;
    best = { run, report };
    return true;
  };

  return { keepIfBroken, best: () => best };
};

type Search = ReturnType<typeof search>;

const fewerOrders = async ({ keepIfBroken, best }: Search): Promise<void> => {
  for (let orders = 1; orders < (best().run.orders ?? 8); orders += 1) if (await keepIfBroken({ orders })) return;
};

const without = (script: FaultScript, from: number, count: number): FaultScript =>
  new Map([...script].filter((_, index) => index < from || index >= from + count));

/** Leaves out halves of the faults, then quarters, down to single ones. */
const fewerFaults = async ({ keepIfBroken, best }: Search): Promise<void> => {
  const script = () => best().run.script ?? new Map();
  for (let size = Math.ceil(script().size / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = script().size - size; from > -size; from -= size) {
      await keepIfBroken({ script: without(script(), Math.max(0, from), size) });
    }
  }
};

/** The shortest run that can be found in reasonable time that breaks the same promise. */
export const shrink = async (run: Run): Promise<Failure | undefined> => {
  const report = await simulate(run);
  if (report.broken === undefined) return undefined;
  const running = search({ run, report });
  await running.keepIfBroken({ script: report.faults });
  await running.keepIfBroken({ calm: true });
  await fewerOrders(running);
  await fewerFaults(running);
  await running.keepIfBroken({ calm: true });
  await fewerOrders(running);
  await fewerFaults(running);
  return running.best();
};

const folded = (lines: readonly string[]): string[] => {
  const all: { line: string; times: number }[] = [];
  for (const line of lines) {
    const last = all.at(-1);
    if (last?.line === line) last.times += 1;
    else all.push({ line, times: 1 });
  }
  return all.map(({ line, times }) => (times === 1 ? `  ${line}` : `  ${line} (${times} times)`));
};

/** What a person needs to see of a failure. */
export const describeFailure = ({ run, report }: Failure): string =>
  [
    `seed ${run.seed} breaks ${report.broken?.message}`,
    `with ${report.orders} orders and ${report.faults.size} faults:`,
    ...[...report.faults].map(([place, kind]) => `  ${place}: ${kind}`),
    'history:',
    ...folded(report.history),
  ].join('\n');
