import '../support/environment';
import { randomInt } from 'node:crypto';
import { CommandError, command, UsageError } from '../../scripts/lib/command';
import { print } from '../../scripts/lib/terminal';
import { attack, printResults, type Result } from './attack';
import { parts } from './parts';
import { aim } from './target';

const help = `
npm run attack [-- --only fields,files] [-- --short] [-- --seed N] [-- --match TEXT] [-- --url URL]

Tries what the world does to the system, and prints what was tried and what held: values of every kind in every field,
everybody on every route with everybody's things, providers that are late, doubled or wrong, files as Excel and other
shops write them, and tools that nobody here wrote. It needs a system that runs on this machine (npm start); what it
makes there is in shops of its own. Linters and Schemathesis need Python 3.11 and no system.

  --only a,b    these parts alone:
${parts.map(({ name, what }) => `                  ${name.padEnd(13)} ${what}`).join('\n')}
  --short       a sample of the cases, in less than a minute, as the flow tests have it
  --seed N      the same cases again (default: a new one at each run)
  --match TEXT  only cases whose name has this text
  --url URL     where the system runs (default: where npm start has started it); a loopback address
  --help        this text
`;

const options = {
  only: { type: 'string' },
  short: { type: 'boolean' },
  seed: { type: 'string' },
  match: { type: 'string' },
  url: { type: 'string' },
} as const;

const chosen = (only: string | undefined) => {
  if (only === undefined) return parts;
  const names = only.split(',');
  const unknown = names.find((name) => !parts.some((part) => part.name === name));
  if (unknown === undefined) return parts.filter(({ name }) => names.includes(name));
  const known = parts.map(({ name }) => name).join(', ');
  throw new UsageError(`--only: there is no part ${unknown}; ${known} exist. See --help.`);
};

const seedFrom = (text: string | undefined): number => {
  if (text === undefined) return randomInt(1, 100_000);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--seed "${text}": must be a whole number from 1 to 999999999. See --help.`);
};

command({ help, options }, async ({ only, short = false, seed, match, url }) => {
  const which = chosen(only);
  const settings = { seed: seedFrom(seed), short, match };
  const without = which.filter(({ needsSystem }) => !needsSystem).map(({ name }) => name);
  if (which.some(({ needsSystem }) => needsSystem))
    await aim(url).catch((error) => {
      if (!(error instanceof CommandError) || without.length === 0) throw error;
      throw new CommandError(`${error.message}\nWithout a system: npm run attack -- --only ${without.join(',')}`);
    });
  const results: Result[] = [];
  process.once('SIGINT', () => {
    print();
    printResults(results, settings);
    process.exit(130);
  });
  print(`seed ${settings.seed}`);
  for (const part of which) results.push(await attack(part, settings));
  return printResults(results, settings);
});
