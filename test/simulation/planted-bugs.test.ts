import { spawnSync } from 'node:child_process';
import { noting } from './conditions';
import { mostSeeds, simulateMany } from './many';
import { soundParts } from './parts';
import { plantedBugs } from './planted-bugs';
import { auditNotes, conditions } from './planted-conditions';
import { describeFailure, shrink } from './shrink';
import { simulate } from './simulate';

/** What each bug was seen by; out of Jest, where it takes a third of the time. */
const outcomes = new Map<string, string>();

beforeAll(() => {
  const { stdout } = spawnSync('npm', ['run', '--silent', 'simulate', '--', '--bugs'], { encoding: 'utf8' });
  for (const [, name = '', outcome = ''] of stdout.matchAll(/^[✓✗] (.+): (not seen|seed \d+)$/gm))
    outcomes.set(name, outcome);
}, 900_000);

test.each(Object.entries(plantedBugs).map(([name, { breaks = 'a promise' }]) => [breaks, mostSeeds, name] as const))(
  '%s is seen to break within %i seeds when %s',
  (_breaks, _seeds, name) => expect(outcomes.get(name)).toMatch(/^seed \d+$/),
);

test('every promise that the simulation checks has a bug that breaks it', () => {
  const broken = new Set(Object.values(plantedBugs).flatMap(({ breaks }) => breaks ?? []));
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

test('every condition of a write to orders, stock and payments is left out by a bug', async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1)
    await simulate({ seed, online: seed % 2 === 0, parts: { ...soundParts, rewrite: noting(seen) } });
  const core = [...seen].filter((name) => /^(orders|inventory|reservations|stock-movements|payments)\b/.test(name));
  expect(core.filter((name) => !auditNotes.test(name) && !(name in conditions))).toEqual([]);
  expect(core.length).toBeGreaterThan(15);
});

test('a failure is shrunk to a history that still fails, with no fault in it that could be left out', async () => {
  const parts = plantedBugs['stock-dedupe-off']?.parts;
  if (parts === undefined) throw new Error('no such bug');
  const { failure } = await simulateMany({ from: 1, seeds: 100, parts });
  const shortest = await shrink({ seed: failure?.seed ?? 0, parts });
  expect(shortest?.report.broken?.promise).toBe(failure?.broken?.promise);
  expect(shortest?.report.faults.size).toBeLessThanOrEqual(2);
  expect(shortest?.report.wanted).toBe(1);
  if (shortest === undefined) return;
  expect((await simulate(shortest.run)).history).toEqual(shortest.report.history);
  expect(describeFailure(shortest)).toContain(`breaks ${failure?.broken?.promise}`);
});
