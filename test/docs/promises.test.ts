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

const core = Array.from({ length: 57 }, (_, index) => `S0-${String(index + 1).padStart(2, '0')}`);

test('the promises of the order core are S0-01 to S0-57, each written down once', () => {
  const written = [...readFileSync('docs/promises.md', 'utf8').matchAll(/^\| (S0-\d\d) \|/gm)].map(([, id]) => id);
  expect(written).toEqual(core);
});

test.each(core)('%s has a test that names it', (id) => {
  expect([...titled]).toContain(id);
});
