import './quiet';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFull } from '../support/volume';
import { oneFaultEach, seedThatShows, simulateMany, type Totals } from './many';
import type { PlantedBug } from './planted-bug';
import { plantedBugs } from './planted-bugs';
import { describeFailure, shrink } from './shrink';
import type { Run } from './simulation';

const help = `Runs the whole order system in one process, with faults that follow from a seed, and checks after every step
what docs/promises.md lists (P1 to P13, P29, S0-09, F-01, F-06, F-15, and the lines of the shop: S1-28, S2-07, S3-25, S4-12, S4-19, S4-20,
S4-24, S4-29, S4-30). In a part of the runs a shop is paid online.

  npm run simulate -- --seeds 20000            seeds 1 to 20000
  npm run simulate -- --seeds 500 --from 7000  seeds 7000 to 7499
  npm run simulate -- --seed 4711              one seed again; a failure is shrunk to its shortest history
  npm run simulate -- --bug sweep-off          with a bug planted, to see that it is caught
  npm run simulate -- --bugs                   with each bug in turn, and a seed that shows it: the one that did the
                                               last time is tried first (UPDATE_SEEDS=1 writes down those that do)
  npm run simulate -- --one-fault              one fault in each run, at every fourth place where one can be met
                                               (VOLUME=full: at every place on the way of an order)

  --seeds N   how many seeds to run (2000 when nothing else is given)
  --from N    the first seed (1)
  --seed N    this seed alone
  --bugs      every bug, one after another
  --one-fault faults on the way of an order and in a shop's day, one in each run
  --bug NAME  ${Object.keys(plantedBugs).join(', ')}
  --help      this text
`;

const out = (text: string) => process.stdout.write(text);

/** An argument that cannot be meant. */
class UsageError extends Error {}

const options = {
  seeds: { type: 'string' },
  from: { type: 'string' },
  seed: { type: 'string' },
  bug: { type: 'string' },
  bugs: { type: 'boolean' },
  'one-fault': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const readArguments = () => {
  try {
    return parseArgs({ options, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--${name} must be a whole number from 1 on, not "${text}"`);
  return Number(text);
};

const partsWith = (bug: string | undefined): Partial<PlantedBug> => {
  if (bug === undefined) return {};
  const planted = plantedBugs[bug];
  if (planted === undefined)
    throw new UsageError(`there is no bug "${bug}"; there are ${Object.keys(plantedBugs).join(', ')}`);
  return planted;
};

const replayCommand = (seed: number, bug: string | undefined) =>
  `npm run simulate -- --seed ${seed}${bug === undefined ? '' : ` --bug ${bug}`}`;

const showFailure = async (run: Run, bug: string | undefined): Promise<void> => {
  out(`\nseed ${run.seed} breaks a promise; searching for the shortest history ...\n`);
  const failure = await shrink(run);
  if (failure !== undefined) out(`\n${describeFailure(failure)}\n`);
  out(`\nreplay: ${replayCommand(run.seed, bug)}\n`);
};

const showProgress = (all: number) => {
  const startedAt = performance.now();
  return ({ seeds, faults }: Totals) => {
    if (!process.stdout.isTTY || (seeds % 20 !== 0 && seeds !== all)) return;
    const left = Math.ceil(((performance.now() - startedAt) / seeds / 1000) * (all - seeds));
    out(`\r${seeds} of ${all} seeds, ${faults} faults, ${left} s left \u001b[K`);
  };
};

type Given = ReturnType<typeof readArguments>;

const rangeOf = ({ seed, seeds, from }: Given): { from: number; seeds: number } => {
  const one = wholeNumber('seed', seed);
  if (one === undefined) return { from: wholeNumber('from', from) ?? 1, seeds: wholeNumber('seeds', seeds) ?? 2000 };
  if (seeds !== undefined || from !== undefined)
    throw new UsageError('--seed runs one seed: leave --seeds and --from out');
  return { from: one, seeds: 1 };
};

const simulateGiven = async (given: Given): Promise<number> => {
  const range = rangeOf(given);
  const planted = partsWith(given.bug);
  const { totals, failure } = await simulateMany({ ...range, ...planted }, showProgress(range.seeds));
  if (failure !== undefined) await showFailure({ seed: failure.seed, ...planted }, given.bug);
  out(`\n${totals.seeds} seeds, ${totals.orders} orders, ${totals.steps} steps, ${totals.faults} faults: `);
  out(failure === undefined ? 'every promise held\n' : `seed ${failure.seed} failed\n`);
  return failure === undefined ? 0 : 1;
};

const seedsFile = join(__dirname, 'planted-bugs.seeds.json');

const showEachBug = async (): Promise<number> => {
  const last: Record<string, number> = JSON.parse(readFileSync(seedsFile, 'utf8'));
  const shown: Record<string, number> = {};
  let missed = 0;
  for (const [name, bug] of Object.entries(plantedBugs)) {
    const seed = await seedThatShows(bug, last[name]);
    if (seed === undefined) missed += 1;
    else shown[name] = seed;
    out(`${seed === undefined ? '✗' : '✓'} ${name}: ${seed === undefined ? 'not seen' : `seed ${seed}`}\n`);
  }
  if (process.env.UPDATE_SEEDS !== undefined) writeFileSync(seedsFile, `${JSON.stringify(shown, undefined, 2)}\n`);
  out(missed === 0 ? '\nevery bug is seen\n' : `\n${missed} bugs are not seen\n`);
  return missed === 0 ? 0 : 1;
};

const tryEachFault = async (): Promise<number> => {
  const order = await oneFaultEach({ seed: 4, wanted: [0, 1], calm: true }, isFull ? 1 : 4);
  out(`${order} faults on the way of an order, one in each run: every promise held\n`);
  const day = await oneFaultEach({ seed: 6, wanted: [0, 1] }, 3);
  out(`${day} faults in a shop's day, one in each run: every promise held\n`);
  return 0;
};

const main = async (): Promise<number> => {
  const given = readArguments();
  if (given.bugs) return showEachBug();
  if (given['one-fault']) return tryEachFault();
  if (!given.help) return simulateGiven(given);
  out(help);
  return 0;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    const usage = error instanceof UsageError;
    process.stderr.write(
      usage ? `${error.message}\nTry --help.\n` : `${error instanceof Error ? error.stack : error}\n`,
    );
    process.exitCode = usage ? 2 : 1;
  },
);
