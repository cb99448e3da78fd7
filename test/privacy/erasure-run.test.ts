import { volume } from '../support/volume';
import { type Bug, runErasures } from './erasure-run';

test('B-20 P24 hold whenever somebody is erased: with orders and returns open, twice, while keys cannot be read', async () => {
  let erasures = 0;
  for (let seed = 1; seed <= volume(200); seed += 1) {
    const report = await runErasures(seed);
    if (report.broken !== undefined) throw new Error(`seed ${seed} breaks B-20: ${report.broken}`);
    erasures += report.erasures;
  }
  expect(erasures).toBeGreaterThan(volume(200));
});

const bugs: readonly Bug[] = [
  'a key is not destroyed',
  'the key of the order alone is destroyed',
  'the key of the subject alone is destroyed',
  'a function keeps keys for ever',
  'a copy is kept as it was opened',
  'a field is stored without a mark',
  'open orders are erased, too',
];

test.each(bugs)('B-20 is seen to break within 50 seeds when %s', async (bug) => {
  let seen: string | undefined;
  for (let seed = 1; seed <= 50 && seen === undefined; seed += 1) seen = (await runErasures(seed, bug)).broken;
  expect(seen).toBeDefined();
});
