import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './documents';

const folder = 'docs/adr';
const names = readdirSync(folder).filter((name) => name !== 'README.md');

const title = (text: string): string => /^# \d{4} (\S.*)$/m.exec(text)?.[1] ?? '';

/** What stands between the title and the first heading. */
const mark = (text: string): string => text.split('\n## ')[0]?.split('\n').slice(1).join(' ').trim() ?? '';

const statusOf = (text: string): string => {
  if (!mark(text)) return 'accepted';
  const later = [...mark(text).matchAll(/\[\d{4}\]\([\w.-]+\)/g)].join(', ');
  return `superseded ${mark(text).startsWith('Superseded in part') ? 'in part ' : ''}by ${later}`;
};

test('each record has a number of its own', () => {
  const numbers = names.map((name) => /^(\d{4})-[a-z0-9-]+\.md$/.exec(name)?.[1]);
  expect(numbers).toEqual([...new Set(numbers)]);
  expect(numbers).not.toContain(undefined);
});

describe.each(names)('%s', (name) => {
  const text = read(join(folder, name));

  test('says what it is about, the decision, its consequences, and what was turned down', () => {
    expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)} \\S`));
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
      'Turned down',
    ]);
  });

  test('fits on a page: at most 40 lines', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });
});

test('S2-45 docs/adr/ has an index of all design decisions, with title and status, under the area of each', () => {
  const [before = '', ...areas] = read(join(folder, 'README.md')).split('\n## ');
  const rows = areas.flatMap((area) => area.match(/^\| \d{4} .*$/gm) ?? []);
  expect(before).not.toMatch(/^\| \d{4}/m);
  const expected = names.map((name) => {
    const text = read(join(folder, name));
    return `| ${name.slice(0, 4)} | [${title(text)}](${name}) | ${statusOf(text)} |`;
  });
  expect(rows.sort()).toEqual(expected.sort());
});
