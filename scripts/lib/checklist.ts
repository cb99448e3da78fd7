import { fail, failMark, ok, okMark, paint, print } from './terminal';

type Check = { readonly id: string; readonly what: string; readonly holds: boolean; readonly found: string };

const lineOf = ({ id, what, holds, found }: Check): string => {
  const detail = found === 'yes' || found === what ? '' : `: ${found}`;
  return `${holds ? okMark : failMark} ${what}${detail}${id === '' ? '' : `  ${paint('dim', id)}`}`;
};

/** Prints what a script expected and what it found, each where it is found, and counts at the end what did not hold. */
export const checklist = () => {
  const checks: Check[] = [];
  return {
    /** Prints one expectation. `id` is the requirement's, where there is one. */
    check: (id: string, what: string, holds: boolean, found: unknown = holds ? 'yes' : 'no'): void => {
      const check = { id, what, holds, found: typeof found === 'string' ? found : String(JSON.stringify(found)) };
      checks.push(check);
      print(lineOf(check));
    },

    /** What did not hold, and what was found in its place. */
    failures: (): string[] =>
      checks.filter(({ holds }) => !holds).map(({ id, what, found }) => `${id} ${what}: ${found}`),

    /** Prints how many held and which did not. Returns the exit code. */
    conclude: (): number => {
      print();
      const failed = checks.filter(({ holds }) => !holds);
      if (failed.length === 0) ok(`${checks.length} of ${checks.length} checks passed`);
      else fail(`${failed.length} of ${checks.length} checks failed: ${failed.map(({ what }) => what).join('; ')}`);
      return failed.length === 0 ? 0 : 1;
    },
  };
};

export type Checklist = ReturnType<typeof checklist>;
