import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { found, read } from './documents';

const folder = 'docs/decisions';
const records = readdirSync(folder).map((name) => join(folder, name));

test('each record has a number of its own', () => {
  const numbers = records.map((file) => /(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]);
  expect(numbers).toEqual([...new Set(numbers)]);
  expect(numbers).not.toContain(undefined);
});

describe.each(records)('%s', (file) => {
  const text = read(file);

  test('says what it is about, the decision, its consequences, and what was turned down', () => {
    const number = /\d{4}/.exec(file)?.[0];
    expect(text).toMatch(new RegExp(`^# ${number} \\S`));
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual([
      'Context',
      'Decision',
      'Consequences',
      'Turned down',
    ]);
  });

  test('fits on a page: at most 40 lines', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  test('every link inside the project leads somewhere', () => {
    const links = found(text, /\]\((?!https?:)([^)#]+)/g);
    expect(links.filter((path) => !existsSync(join(dirname(file), path)))).toEqual([]);
  });
});
