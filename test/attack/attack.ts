import { elapsed, fail, ok, print, printTable, step } from '../../scripts/lib/terminal';
import type { Broken, Outcome, Part, Settings } from './part';

export type Result = { readonly part: Part; readonly outcome: Outcome; readonly ms: number };

/** Carries out one part, and shows how far it is. */
export const attack = async (part: Part, settings: Settings): Promise<Result> => {
  const startedAt = performance.now();
  const done = ({ tried, broken }: Outcome) => (broken.length === 0 ? `${part.name}: ${tried} tried` : undefined);
  const outcome = await step({ doing: part.name, done }, (report) => part.attack(settings, report));
  return { part, outcome, ms: performance.now() - startedAt };
};

/** A text as a shell takes it whole. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** What is typed to try a case again. */
const repeatOf = (part: string, { match }: Broken, { seed }: Settings): string =>
  `npm run attack -- --only ${part} --seed ${seed}${match === undefined ? '' : ` --match ${quoted(match)}`}`;

const right = (title: string) => ({ title, align: 'right' }) as const;

const mostShown = 20;

const printBroken = ({ part, outcome: { broken } }: Result, settings: Settings): void => {
  for (const one of broken.slice(0, mostShown)) {
    fail(`${part.name}: ${one.what}`);
    print(`  ${repeatOf(part.name, one, settings)}`);
  }
  if (broken.length > mostShown) print(`  … and ${broken.length - mostShown} more of ${part.name}`);
};

/** Prints what was tried and what held. Returns the exit code: 0 only when something was tried and everything held. */
export const printResults = (results: readonly Result[], settings: Settings): number => {
  print();
  printTable(
    [{ title: 'part' }, right('tried'), right('held'), right('broke'), right('took')],
    results.map(({ part, outcome: { tried, broken }, ms }) => [
      part.name,
      String(tried),
      String(Math.max(0, tried - broken.length)),
      String(broken.length),
      elapsed(ms),
    ]),
  );
  print();
  for (const result of results) printBroken(result, settings);
  const held =
    results.length > 0 && results.every(({ outcome: { tried, broken } }) => tried > 0 && broken.length === 0);
  if (held) ok('Everything held.');
  return held ? 0 : 1;
};
