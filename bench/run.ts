import { availableParallelism, loadavg } from 'node:os';
import { command, UsageError } from '../scripts/lib/command';
import { fail, ok, print, printTable, step, title, warn } from '../scripts/lib/terminal';
import { readFunctions, synthesize } from './assembly';
import type { Context, GoalDefinition } from './context';
import { runFlow } from './flow';
import { type Goal, targetText, toGoal } from './goal';
import { g1 } from './goals/g1-first-response';
import { g2 } from './goals/g2-bundles';
import { g3 } from './goals/g3-latency';
import { g4 } from './goals/g4-calls';
import { g5 } from './goals/g5-writes';
import { g6 } from './goals/g6-cost';
import { g7 } from './goals/g7-stock-writes';
import { g8 } from './goals/g8-reservations';
import { g9 } from './goals/g9-ceiling';
import { g10 } from './goals/g10-burst';
import { g11 } from './goals/g11-growth';
import { type LocalSystem, startLocalSystem } from './local-system';
import { grownBundles, mergeReports, olderThan, readReport, writeMarkdown, writeReport } from './report';
import { measuredSources } from './sources';
import { significant } from './statistics';

const help = `
npm run bench [-- --only G3,G8] [-- --short] [-- --smoke] [-- --mark]

Measures the goals of speed, cost and scale, each against its baseline in the same run, and writes bench/report.json and
bench/report.md. It starts a local AWS of its own on a free port and ends it. It takes some minutes; a machine that does
nothing else gives steadier times. A goal that is missed is told and fails nothing: times depend on the machine.

  --only G3,G8   measures these goals alone and leaves the report's other entries as they are
  --short        what "npm run bench:short" and CI run: bundle sizes, modules that a cold start evaluates, calls and writes
                 per order, stock writes. Exact, no times and no local AWS. Compares with the committed report, writes
                 nothing, and fails when a goal is missed or a bundle has grown by more than 2 %
  --smoke        what "npm run bench:smoke" and CI run: every goal with a few rounds, which shows that all of it still
                 runs. Its figures mean nothing; it writes nothing
  --mark         measures nothing: writes bench/report.md anew, with the goals named that are older than the code
  --help         this text
`;

// what counts only and times nothing first, then the local AWS from an empty table to a large one
const goals: readonly GoalDefinition[] = [g2, g4, g5, g6, g7, g9, g1, g3, g8, g11, g10];
const exactGoals: readonly GoalDefinition[] = [g2, g4, g5, g7];
const timedGoals: readonly GoalDefinition[] = [g1, g3, g8, g10, g11];

const chosen = (only: string | undefined): readonly GoalDefinition[] => {
  if (only === undefined) return goals;
  const ids = only.toUpperCase().split(',');
  const unknown = ids.find((id) => !goals.some((goal) => goal.id === id));
  if (unknown !== undefined) throw new UsageError(`--only: there is no goal ${unknown}; G1 to G11 exist. See --help.`);
  return goals.filter(({ id }) => ids.includes(id));
};

const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined;
  return {
    get: (): Promise<T> => {
      made ??= make();
      return made;
    },
    made: () => made,
  };
};

type Shared = Omit<Context, 'tell'>;

type Run = { readonly measured: readonly Goal[]; readonly failures: readonly string[] };

/** What a reader must know of the machine to judge times. */
const machine = (): string => ` ${availableParallelism()} cores at a load of ${significant(loadavg()[0] ?? 0, 2)}.`;

/** Measures one goal after another. One that cannot be measured does not cost what the others came to. */
const measure = async (wanted: readonly GoalDefinition[], shared: Shared): Promise<Run> => {
  const measured: Goal[] = [];
  const failures: string[] = [];
  const sources = measuredSources();
  for (const goal of wanted) {
    const { id, what } = goal;
    try {
      const came = await step(`${id} ${what}`, (tell) => goal.measure({ ...shared, tell }));
      const note = timedGoals.includes(goal) ? `${came.note}${machine()}` : came.note;
      measured.push(toGoal({ id, what, sources }, { ...came, note }));
    } catch (error) {
      failures.push(`${id} could not be measured: ${error instanceof Error ? error.stack : error}`);
    }
  }
  return { measured, failures };
};

const measureAll = async (wanted: readonly GoalDefinition[], times: Context['times']): Promise<Run> => {
  await step('bundling and synthesizing the system', synthesize);
  const functions = readFunctions();
  const flow = once(() => runFlow(functions, { orders: times(100, 20), batch: 10 }));
  const start = () => startLocalSystem({ relays: false });
  const system = once(() => step('deploying to a local AWS of its own', start));
  try {
    return await measure(wanted, {
      functions,
      flow: flow.get,
      system: system.get,
      freshSystem: startLocalSystem,
      times,
    });
  } finally {
    const started: LocalSystem | undefined = await system.made()?.catch(() => undefined);
    await started?.stop();
  }
};

const show = (measured: readonly Goal[]) => {
  title('Goals');
  printTable(
    [
      { title: 'goal' },
      { title: 'figure' },
      { title: 'unit' },
      { title: 'baseline', align: 'right' },
      { title: 'target', align: 'right' },
      { title: 'measured', align: 'right' },
      { title: 'met' },
    ],
    measured.flatMap(({ id, figures }) =>
      figures.map((figure) => [
        id,
        figure.what,
        figure.unit,
        figure.baseline ?? '–',
        targetText(figure),
        figure.value,
        figure.met ? 'yes' : 'NO',
      ]),
    ),
  );
  print();
};

const endShort = (measured: readonly Goal[]): number => {
  const problems = [
    ...measured.filter(({ met }) => !met).map(({ id, what }) => `${id} is missed: ${what}`),
    ...grownBundles(readReport(), { goals: measured }),
  ];
  for (const problem of problems) fail(problem);
  if (problems.length === 0) ok('every exact goal is met, and no bundle has grown by more than 2 %');
  return problems.length === 0 ? 0 : 1;
};

const endFull = (measured: readonly Goal[]): number => {
  writeReport(mergeReports(readReport(), measured));
  const missed = measured.filter(({ met }) => !met).map(({ id }) => id);
  ok('bench/report.json and bench/report.md are written');
  if (missed.length > 0) warn(`missed: ${missed.join(', ')}`);
  return 0;
};

const endSmoke = (failures: readonly string[]): number => {
  if (failures.length === 0) ok('every goal can be measured; the figures above are of a few rounds and mean nothing');
  return 0;
};

const mark = (): number => {
  const report = readReport();
  writeMarkdown(report);
  const older = olderThan(report, measuredSources());
  ok(`bench/report.md is written; older than the code: ${older.join(', ') || 'none'}`);
  return 0;
};

const full: Context['times'] = (often) => often;
const smoke: Context['times'] = (_, few) => few;

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const options = {
  only: { type: 'string' },
  short: { type: 'boolean' },
  smoke: { type: 'boolean' },
  mark: { type: 'boolean' },
} as const;

command({ help, options }, async (given) => {
  if (given.short && given.only !== undefined) throw new UsageError('--short: takes no --only. See --help.');
  if (given.mark) return mark();
  const { measured, failures } = await measureAll(
    given.short ? exactGoals : chosen(given.only),
    given.smoke ? smoke : full,
  );
  show(measured);
  for (const failure of failures) fail(failure);
  const code = given.short ? endShort(measured) : given.smoke ? endSmoke(failures) : endFull(measured);
  return failures.length > 0 ? 1 : code;
});
