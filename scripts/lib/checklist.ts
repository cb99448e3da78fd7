import { say } from './language';
import { fail, ok, paint, print } from './terminal';

type Check = { readonly id: string; readonly what: string; readonly holds: boolean; readonly found: string };

const lineOf = ({ id, what, holds, found }: Check): string => {
  const isSaid = found === 'yes' || (holds && what.includes(found)); // `an unknown order: 404`, and it was 404
  const detail = isSaid ? '' : `: ${found}`;
  return `${what}${detail}${id === '' ? '' : `  ${paint('dim', id)}`}`;
};

const passed = (count: number) =>
  say({ en: `${count} of ${count} checks passed`, ja: `${count} 件中 ${count} 件の確認に合格しました` });
const failures = (failed: number, count: number) =>
  say({ en: `${failed} of ${count} checks failed`, ja: `${count} 件中 ${failed} 件の確認に失敗しました` });

/** Prints what a script expected and what it found, each where it is found, and counts at the end what did not hold. */
export const checklist = () => {
  const checks: Check[] = [];
  return {
    /** Prints one expectation. `id` is the requirement's, where there is one. */
    check: (id: string, what: string, holds: boolean, found: unknown = holds ? 'yes' : 'no'): void => {
      const check = { id, what, holds, found: typeof found === 'string' ? found : String(JSON.stringify(found)) };
      checks.push(check);
      (holds ? ok : fail)(lineOf(check));
    },

    /** What did not hold, and what was found in its place. */
    failures: (): string[] =>
      checks.filter(({ holds }) => !holds).map(({ id, what, found }) => `${id} ${what}: ${found}`),

    /** Prints how many held and which did not. Returns the exit code. */
    conclude: (): number => {
      print();
      const failed = checks.filter(({ holds }) => !holds);
      if (failed.length === 0) ok(passed(checks.length));
      else fail(`${failures(failed.length, checks.length)}: ${failed.map(({ what }) => what).join('; ')}`);
      return failed.length === 0 ? 0 : 1;
    },
  };
};

export type Checklist = ReturnType<typeof checklist>;
