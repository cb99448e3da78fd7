import { fail, ok, printTable, title } from './terminal';

type Check = { readonly id: string; readonly what: string; readonly holds: boolean; readonly found: string };

/** Collects what a script expected and what it found, and tells at the end whether all of it held. */
export const checklist = () => {
  const checks: Check[] = [];
  return {
    /** Notes one expectation. `id` is the requirement's, where there is one. */
    check: (id: string, what: string, holds: boolean, found: unknown = holds ? 'yes' : 'no'): void => {
      checks.push({ id, what, holds, found: typeof found === 'string' ? found : JSON.stringify(found) });
    },

    /** What did not hold, and what was found in its place. */
    failures: (): string[] =>
      checks.filter(({ holds }) => !holds).map(({ id, what, found }) => `${id} ${what}: ${found}`),

    /** Prints the table and the verdict; answers with the exit code. */
    conclude: (heading = 'Checks'): number => {
      title(heading);
      printTable(
        [{ title: '' }, { title: 'promise' }, { title: 'expected' }, { title: 'found' }],
        checks.map(({ id, what, holds, found }) => [holds ? '✓' : '✗', id, what, found]),
      );
      const failed = checks.filter(({ holds }) => !holds);
      if (failed.length === 0) ok(`${checks.length} of ${checks.length} checks passed`);
      else fail(`${failed.length} of ${checks.length} checks failed: ${failed.map(({ what }) => what).join('; ')}`);
      return failed.length === 0 ? 0 : 1;
    },
  };
};

export type Checklist = ReturnType<typeof checklist>;
