import { simulateMany } from './many';
import { describeFailure, shrink } from './shrink';
import { simulate } from './simulate';

/** Says what failed as a person can read it. */
const explain = async (seed: number): Promise<string> => {
  const failure = await shrink({ seed });
  return failure === undefined ? '' : `${describeFailure(failure)}\nreplay: npm run simulate -- --seed ${seed}`;
};

test('P1 P2 P3 P4 P6 P7 P8 P11 hold in 2,000 seeds, with at least 20 faults a seed', async () => {
  const { totals, failure } = await simulateMany({ from: 1, seeds: 2000 });
  if (failure !== undefined) throw new Error(await explain(failure.seed));
  expect(totals.seeds).toBe(2000);
  expect(totals.orders).toBeGreaterThan(6000);
  expect(totals.faults).toBeGreaterThan(40_000);
}, 600_000);

test('the same seed gives the same history, step by step', async () => {
  const [one, other] = [await simulate({ seed: 7 }), await simulate({ seed: 7 })];
  expect(one.history.length).toBeGreaterThan(50);
  expect(other.history).toEqual(one.history);
  expect([...other.faults]).toEqual([...one.faults]);
});

test('P1 P2 P6 P11 hold when any one thing goes wrong at any one place', async () => {
  const seed = 4;
  const { places } = await simulate({ seed, wanted: [0, 1], script: new Map() });
  expect(places.size).toBeGreaterThan(60);
  for (const [place, kinds] of places) {
    for (const kind of kinds) {
      const report = await simulate({ seed, wanted: [0, 1], script: new Map([[place, kind]]) });
      if (report.broken !== undefined) throw new Error(`${place}: ${kind} breaks ${report.broken.message}`);
    }
  }
}, 120_000);
