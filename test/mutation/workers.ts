import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export type Run = {
  readonly file: string;
  /** The mutant that is switched on. @default none */
  readonly mutant?: string;
  readonly timeoutMs: number;
};

export type ToWorker = { readonly sources: Readonly<Record<string, string>> } | Run;

export type Outcome = {
  /** What failed first. Undefined when every test passed. */
  readonly failure?: string;
  /** The mutants that were reached, of a run without one. */
  readonly covered: readonly string[];
};

const maxBytes = 900_000_000; // modules that are loaded again and again leave something behind
const graceMs = 15_000; // to start and to load the file

/** A process that runs test files, and is replaced when a mutant makes it hang or end. */
export const testWorker = (sources: Readonly<Record<string, string>>) => {
  let child: ChildProcess | undefined;
  const end = () => {
    child?.removeAllListeners();
    child?.kill('SIGKILL');
    child = undefined;
  };
  const started = (): ChildProcess => {
    if (child !== undefined) return child;
    child = fork(join('test', 'mutation', 'worker.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.send({ sources });
    return child;
  };
  const once = (run: Run): Promise<Outcome | 'it ends the process'> =>
    new Promise((done) => {
      const worker = started();
      const timer = setTimeout(() => {
        end();
        done({ failure: 'it takes too long', covered: [] });
      }, run.timeoutMs + graceMs);
      worker.once('exit', () => {
        clearTimeout(timer);
        end();
        done('it ends the process');
      });
      worker.once('message', ({ bytes, ...outcome }: Outcome & { readonly bytes: number }) => {
        clearTimeout(timer);
        worker.removeAllListeners();
        if (bytes > maxBytes) end();
        done(outcome);
      });
      worker.send(run);
    });
  return {
    /** Runs a test file. A process that ends by itself is tried once more, since the machine may have ended it. */
    run: async (run: Run): Promise<Outcome> => {
      const first = await once(run);
      const outcome = first === 'it ends the process' ? await once(run) : first;
      return outcome === 'it ends the process' ? { failure: outcome, covered: [] } : outcome;
    },
    end,
  };
};

export type TestWorker = ReturnType<typeof testWorker>;
