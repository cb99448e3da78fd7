import { CommandError } from '../../scripts/lib/command';
import type { Report } from '../../scripts/lib/terminal';
import type { Mutant } from './mutants';
import type { TestWorker } from './workers';

/** A test file, what it reaches and how long it takes. */
type TestFile = { readonly file: string; readonly tookMs: number; readonly reached: ReadonlySet<string> };

const firstTimeoutMs = 120_000;

/** Runs each test file without a mutant, twice: what a file leaves behind must not fail it the next time. */
export const coverageOf = async (worker: TestWorker, files: readonly string[], report: Report): Promise<TestFile[]> => {
  const measured: TestFile[] = [];
  for (const file of files) {
    report(`${measured.length} of ${files.length}`);
    const { covered } = await passing(worker, file);
    const startedAt = performance.now();
    await passing(worker, file);
    measured.push({ file, tookMs: performance.now() - startedAt, reached: new Set(covered) });
  }
  return measured.sort((one, other) => one.tookMs - other.tookMs);
};

const passing = async (worker: TestWorker, file: string) => {
  const outcome = await worker.run({ file, timeoutMs: firstTimeoutMs });
  if (outcome.failure === undefined) return outcome;
  throw new CommandError(`${file} fails without a mutant, outside of Jest: ${outcome.failure}`);
};

/** The test files that reach a mutant, the fastest first. */
export const reaching = (files: readonly TestFile[], { id }: Mutant): TestFile[] =>
  files.filter(({ reached }) => reached.has(id));

/** Runs test files with a mutant until as many of them have failed as are enough. Returns these. */
export const killersOf = async (
  worker: TestWorker,
  { id }: Mutant,
  files: readonly TestFile[],
  enough: number,
): Promise<string[]> => {
  const killers: string[] = [];
  for (const { file, tookMs } of files) {
    const { failure } = await worker.run({ file, mutant: id, timeoutMs: 3_000 + 4 * tookMs });
    if (failure !== undefined) killers.push(file);
    if (killers.length === enough) break;
  }
  return killers;
};

export type { TestFile };
