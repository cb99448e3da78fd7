import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const tests = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'test/*.ts'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((file) => readFileSync(file, 'utf8'));

const id = String.raw`S\d-\d\d[,:]?`;
const patterns = [
  new RegExp(`['"\`]((?:${id} )+)\\S`, 'g'), // a title begins with the IDs of what it proves: `S0-43, S0-44 …`
  new RegExp(`\\[['"]((?:${id} ?)+)['"],`, 'g'), // or the row of a table does, whose title shows them
];

const titled = new Set(
  tests.flatMap((text) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ids = '']) => ids.match(/S\d-\d\d/g) ?? [])),
  ),
);

const ids = (seed: number, ...ranges: readonly (readonly [number, number])[]): string[] =>
  ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => `S${seed}-${String(first + index).padStart(2, '0')}`),
  );

const core = ids(0, [1, 57]);
const shop = ids(1, [1, 38]);
const payments = ids(2, [1, 35], [39, 41], [43, 44], [49, 49]);
const services = ids(3, [1, 11], [14, 28], [39, 47], [49, 54], [58, 58]);
const tenants = ids(4, [1, 49]);
const promises = [...core, ...shop, ...payments, ...services, ...tenants];

const reliability = [
  'P1',
  'P2',
  'P3',
  'P4',
  'P5',
  'P6',
  'P7',
  'P8',
  'P9',
  'P10',
  'P11',
  'P12',
  'P13',
  'P14',
  'P15',
  'P16',
  'P17',
  'P20',
  'P29',
];

const written = (pattern: RegExp) =>
  [...readFileSync('docs/promises.md', 'utf8').matchAll(pattern)].map(([, name]) => name);

test('each promise is written down once, under its ID', () => {
  expect(written(/^\| (S\d-\d\d) \|/gm)).toEqual(promises);
  expect(written(/^\| (P\d+) \|/gm)).toEqual(reliability);
});

test.each(promises)('%s has a test that names it', (id) => {
  expect([...titled]).toContain(id);
});

test.each(reliability)('%s has a test that names it', (id) => {
  const title = new RegExp(`(?:test|describe)\\b[^\\n]*(?:\\n[^\\n]*)?['"\`(][^'"\\n]*\\b${id}\\b`);
  expect(tests.filter((text) => title.test(text))).not.toEqual([]);
});
