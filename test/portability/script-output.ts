import type { KnownFault } from './known-faults';

/** The checks in the output of a script of the project, by their texts. */
export type Checks = { readonly passed: readonly string[]; readonly failed: readonly string[] };

const isPromise = (text: string) => /^[A-Z]\d*-?\d+( |$)/.test(text);

/** Returns the checks that a script's table shows: `  ✓  S0-01    what must be true    what was found`. */
export const readChecks = (output: string): Checks => {
  const found = output.split('\n').flatMap((line) => {
    const [mark = '', first = '', second = ''] = line.trim().split(/ {2,}/);
    return line.startsWith('  ') && /^[✓✗]$/.test(mark) ? [{ mark, check: isPromise(first) ? second : first }] : [];
  });
  const marked = (wanted: string) => found.filter(({ mark }) => mark === wanted).map(({ check }) => check);
  return { passed: marked('✓'), failed: marked('✗') };
};

/** Returns what is wrong with a run: checks that failed unexpectedly, and listed faults that did not show. */
export const violationsOf = ({ failed }: Checks, exitCode: number | null, known: readonly KnownFault[]): string[] => {
  const isKnown = (check: string) => known.some((fault) => fault.check === check);
  const gone = known.filter(({ check }) => !failed.includes(check));
  const violations = [
    ...failed.filter((check) => !isKnown(check)).map((check) => `failed: ${check}`),
    ...gone.map(({ check, reason }) => `no longer fails, take it from the list: ${check} (${reason})`),
  ];
  const expected = failed.length === 0 ? 0 : 1;
  return exitCode === expected ? violations : [...violations, `ended with code ${exitCode}, not with ${expected}`];
};
