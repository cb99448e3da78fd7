import { step } from '../../scripts/lib/terminal';
import { coverageOf, killersOf, reaching, type TestFile } from './coverage';
import { type Mutant, mutate, type Service, testFilesOf } from './mutants';
import type { Tried } from './report';
import { type TestWorker, testWorker } from './workers';

export type Settings = {
  /** How many processes run tests. */
  readonly jobs: number;
  readonly isTimeUp: () => boolean;
  readonly isChosen: (mutant: Mutant) => boolean;
  readonly onTried: (tried: Tried) => void;
};

/** A service with its mutants, and what its tests reach. */
type Prepared = {
  readonly mutants: readonly Mutant[];
  readonly files: readonly TestFile[];
  readonly workers: readonly TestWorker[];
};

const running = new Set<TestWorker>();

/** Ends the processes that run tests. */
export const endWorkers = (): void => {
  for (const worker of running) worker.end();
  running.clear();
};

/** Puts mutants into files of a service, and runs its tests without any. */
export const prepare = async (service: Service, sourceFiles: readonly string[], jobs: number): Promise<Prepared> => {
  const { mutants, sources } = await mutate(sourceFiles);
  const workers = Array.from({ length: jobs }, () => testWorker(sources));
  for (const worker of workers) running.add(worker);
  const [first = testWorker(sources)] = workers;
  const files = await step(`what the tests of ${service} reach`, (report) =>
    coverageOf(first, testFilesOf(service), report),
  );
  return { mutants, files, workers };
};

/** Does something with each mutant, in as many processes as there are, until the time is up. */
export const withEach = async (
  { workers, mutants }: Pick<Prepared, 'workers' | 'mutants'>,
  isOver: () => boolean,
  work: (worker: TestWorker, mutant: Mutant) => Promise<void>,
): Promise<void> => {
  const queue = mutants.values();
  const drain = async (worker: TestWorker) => {
    for (const mutant of queue) {
      if (isOver()) return;
      await work(worker, mutant);
    }
  };
  await Promise.all(workers.map(drain));
};

/** Tries mutants of a service, each with the tests that reach it, until one of these fails. */
export const tryService = async (
  service: Service,
  sourceFiles: readonly string[],
  { jobs, isTimeUp, isChosen, onTried }: Settings,
): Promise<void> => {
  const { mutants, files, workers } = await prepare(service, sourceFiles, jobs);
  const chosen = mutants.filter(isChosen);
  let tried = 0;
  let alive = 0;
  const killedLast = new Map<string, string>(); // the next mutant of a file often dies of the same tests
  const tryOne = async (worker: TestWorker, mutant: Mutant) => {
    const last = killedLast.get(mutant.file);
    const costOf = ({ file, tookMs }: TestFile) => (file === last ? tookMs / 5 : tookMs);
    const tests = reaching(files, mutant).sort((one, other) => costOf(one) - costOf(other));
    const [killer] = await killersOf(worker, mutant, tests, 1);
    if (killer !== undefined) killedLast.set(mutant.file, killer);
    else alive += 1;
    tried += 1;
    const survivor = tests.length === 0 ? 'not reached' : 'survived';
    onTried({ mutant, end: killer === undefined ? survivor : 'killed' });
  };
  await step(`mutants of ${service}`, (report) =>
    withEach({ workers, mutants: chosen }, isTimeUp, async (worker, mutant) => {
      await tryOne(worker, mutant);
      report(`${tried} of ${chosen.length}, ${alive} live`);
    }),
  );
  endWorkers();
};
