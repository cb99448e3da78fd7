import { writeFileSync } from 'node:fs';
import { personalUses } from '../../lambda/contracts/values/personal';
import { namedFields } from '../support/named-fields';
import { read } from './documents';

const file = 'docs/personal-data.md';

const marked = /<!-- fields -->\n(.*?)<!-- \/fields -->/s;

const isEvent = (path: string): boolean => path.includes('.data.');
const isOfOperation = (path: string): boolean => / (request|answer)\./.test(path);
const ownerOf = (path: string): string => /^\w+/.exec(path)?.[0] ?? path;
const list = (names: readonly string[]): string => [...new Set(names)].sort().join(', ') || '–';

/** One row for each personal field that is not itself part of one. Fields of every event's envelope say so. */
const table = (): string => {
  const personal = namedFields().filter(({ use, within }) => use !== undefined && within === undefined);
  const rows = personalUses.flatMap((use) => {
    const ofUse = personal.filter((field) => field.use === use);
    return [...new Set(ofUse.map(({ name }) => name))].sort().map((name) => {
      const paths = ofUse.filter((field) => field.name === name).map(({ path }) => path);
      const inEnvelope = paths.some((path) => /^AnyEvent\.\w+$/.test(path));
      const events = inEnvelope ? 'every event' : list(paths.filter(isEvent).map(ownerOf));
      return `| \`${name}\` | ${use} | ${events} | ${list(paths.filter(isOfOperation).map(ownerOf))} |`;
    });
  });
  return `\n${['| field | use | events | operations of the API |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n\n`;
};

/** `UPDATE_README=1 npx jest test/docs` writes the table after a change of the contracts. */
test(`B-20 ${file} lists every field that is marked as personal`, () => {
  const text = read(file);
  if (process.env.UPDATE_README)
    writeFileSync(file, text.replace(marked, `<!-- fields -->\n${table()}<!-- /fields -->`));
  expect(marked.exec(read(file))?.[1]).toBe(table());
});

test(`B-20 ${file} explains every use`, () => {
  const [, uses = ''] = /## What it is for(.*?)\n## /s.exec(read(file)) ?? [];
  expect([...uses.matchAll(/^\| `(\w+)` \|/gm)].map(([, use]) => use)).toEqual([...personalUses]);
});
