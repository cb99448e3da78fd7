import { simulateMany } from './many';
import { plantedBugs } from './planted-bugs';
import { describeFailure, shrink } from './shrink';
import { simulate } from './simulate';

/** A capture during a cancel and a lost event together show in about one seed of a hundred. */
const rare: Readonly<Record<string, number>> = { 'own-capture-blamed': 200 };

const maxSeeds = (name: string): number => rare[name] ?? 100;

/** The first seed that shows the bug by the promise it is planted for. */
const firstThatShows = async (name: string): Promise<number | undefined> => {
  const bug = plantedBugs[name];
  if (bug === undefined) throw new Error(`no bug ${name}`);
  for (let seed = 1; seed <= maxSeeds(name); seed += 1) {
    const report = await simulate({ seed, ...bug });
    if (report.broken?.promise === bug.breaks) return seed;
  }
  return undefined;
};

test.each(Object.entries(plantedBugs).map(([name, { breaks }]) => [breaks, maxSeeds(name), name] as const))(
  '%s is seen to break within %i seeds when %s',
  async (_breaks, _seeds, name) => {
    expect(await firstThatShows(name)).toBeDefined();
  },
  180_000,
);

test('every promise that the simulation checks has a bug that breaks it', () => {
  const broken = new Set(Object.values(plantedBugs).map(({ breaks }) => breaks));
  expect([...broken].sort()).toEqual([
    ...[
      'F-01',
      'F-06',
      'F-15',
      'P1',
      'P10',
      'P11',
      'P12',
      'P13',
      'P2',
      'P29',
      'P3',
      'P4',
      'P5',
      'P6',
      'P7',
      'P8',
      'P9',
    ],
    ...['S0-09', 'S1-28', 'S2-07', 'S3-25', 'S4-12', 'S4-19', 'S4-20', 'S4-24', 'S4-29', 'S4-30'],
  ]);
});

test('a failure is shrunk to a history that still fails, with no fault in it that could be left out', async () => {
  const parts = plantedBugs['stock-dedupe-off']?.parts;
  if (parts === undefined) throw new Error('no such bug');
  const { failure } = await simulateMany({ from: 1, seeds: 100, parts });
  const shortest = await shrink({ seed: failure?.seed ?? 0, parts });
  expect(shortest?.report.broken?.promise).toBe('P4');
  expect(shortest?.report.faults.size).toBeLessThanOrEqual(2);
  expect(shortest?.report.wanted).toBe(1);
  if (shortest === undefined) return;
  expect((await simulate(shortest.run)).history).toEqual(shortest.report.history);
  expect(describeFailure(shortest)).toContain('breaks P4');
}, 60_000);
