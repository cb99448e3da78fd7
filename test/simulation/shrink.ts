import type { FaultScript } from './faults';
import { type Report, simulate } from './simulate';
import type { Run } from './simulation';

/** A run that breaks a promise, and what it showed. */
export type Failure = { readonly run: Run; readonly report: Report };

const longestSearch = 2000; // runs

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
  const wanted = () => best().run.wanted ?? [];
  for (let at = wanted().length - 1; at >= 0; at -= 1) {
    await keepIfBroken({ wanted: wanted().filter((_, index) => index !== at) });
  }
};

/** One order alone, with whatever faults it meets. */
const oneOrder = async ({ keepIfBroken }: Search, wanted: number): Promise<void> => {
  for (let number = 0; number < wanted; number += 1) {
    for (const calm of [true, false]) if (await keepIfBroken({ wanted: [number], calm })) return;
  }
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

/** Every single fault that a run can meet, each as a script. */
const singleFaults = ({ places }: Report): FaultScript[] =>
  [...places].flatMap(([place, kinds]) => kinds.map((kind) => new Map([[place, kind]])));

/** One thing that goes wrong, instead of several: every place of the run is tried. */
const oneFault = async ({ keepIfBroken, best }: Search): Promise<void> => {
  if (best().report.faults.size < 2) return;
  for (const script of singleFaults(best().report)) if (await keepIfBroken({ script })) return;
};

/** One order alone and one thing that goes wrong: fewer orders rename the places, so each order's own are tried. */
const oneOfEach = async ({ keepIfBroken, best }: Search, wanted: number): Promise<void> => {
  if (best().report.wanted < 2) return;
  for (let number = 0; number < wanted; number += 1) {
    const alone = { wanted: [number], calm: true };
    const scripts = singleFaults(await simulate({ ...best().run, ...alone, script: new Map() }));
    for (const script of scripts) if (await keepIfBroken({ ...alone, script })) return;
  }
};

/** The shortest run that can be found in reasonable time that breaks the same promise. */
export const shrink = async (run: Run): Promise<Failure | undefined> => {
  const report = await simulate(run);
  if (report.broken === undefined) return undefined;
  const wanted = Array.from({ length: report.wanted }, (_, number) => number);
  const running = search({ run: { ...run, wanted }, report });
  await oneOrder(running, report.wanted);
  await running.keepIfBroken({ script: running.best().report.faults });
  await running.keepIfBroken({ calm: true });
  for (let round = 0; round < 2; round += 1) {
    await fewerFaults(running);
    await fewerOrders(running);
    await running.keepIfBroken({ calm: true });
  }
  await oneFault(running);
  await oneOfEach(running, report.wanted);
  return running.best();
};

/** What a person needs to see of a failure. */
export const describeFailure = ({ run, report }: Failure): string =>
  [
    `seed ${run.seed} breaks ${report.broken?.message}`,
    `orders: ${report.wanted}, faults: ${report.faults.size}`,
    ...[...report.faults].map(([place, kind]) => `  ${place}: ${kind}`),
    'history:',
    ...report.history.filter((line) => !line.endsWith('sweep: orders.due')).map((line) => `  ${line}`),
  ].join('\n');
