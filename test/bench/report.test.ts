import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, type Goal, toGoal } from '../../bench/goal';
import { grownBundles, markdown, mergeReports, olderThan, readReport } from '../../bench/report';
import { measuredSources } from '../../bench/sources';

const figure = (value: number, target: number, better: Figure['better'] = 'lower'): Figure => ({
  what: 'calls',
  unit: 'per order',
  baseline: 5,
  value,
  target,
  better,
});
const goal = (id: string, figures: Figure[], details = {}, sources = 'now'): Goal =>
  toGoal({ id, what: 'calls', sources }, { figures, note: 'counted', details });
const sizes = (bytes: Record<string, number>, modules: Record<string, number> = {}) => ({
  goals: [goal('G2', [figure(1, 2)], { bytes, modules })],
});

test('a goal is met when each of its figures reaches its target', () => {
  expect(goal('G5', [figure(1.5, 1.5), figure(5, 6)]).met).toBe(true);
  expect(goal('G5', [figure(1.5, 1.5), figure(6.1, 6)]).met).toBe(false);
  expect(goal('G8', [figure(5, 5, 'higher')]).met).toBe(true);
  expect(goal('G8', [figure(4.9, 5, 'higher')]).met).toBe(false);
});

test('a goal of one figure carries its number, one of several all of them', () => {
  expect(goal('G4', [figure(1, 2)])).toMatchObject({ baseline: 5, value: 1, target: '≤ 2' });
  expect(goal('G5', [figure(1, 2), figure(3, 4)])).toMatchObject({
    baseline: [5, 5],
    value: [1, 3],
    target: '≤ 2; ≤ 4',
  });
});

test('goals that were not measured again stay in the report, in the order of their numbers', () => {
  const before = { goals: [goal('G10', [figure(1, 2)]), goal('G2', [figure(1, 2)])] };
  const merged = mergeReports(before, [goal('G2', [figure(7, 2)])]);
  expect(merged.goals.map(({ id, value }) => [id, value])).toEqual([
    ['G2', 7],
    ['G10', 1],
  ]);
});

test('a bundle may grow by two percent, and a new one is as large as it is', () => {
  const committed = sizes({ place: 1000, bill: 1000 });
  expect(grownBundles(committed, sizes({ place: 1020, bill: 900, fresh: 5000 }))).toEqual([]);
  expect(grownBundles(committed, sizes({ place: 1021, bill: 1000 }))).toEqual([
    'the bundle place has grown by 2.1 %: 1000 → 1021 bytes',
  ]);
});

test('a cold start may evaluate two percent more modules', () => {
  const committed = sizes({ place: 1000 }, { place: 100, fresh: 7 });
  expect(grownBundles(committed, sizes({ place: 1000 }, { place: 102 }))).toEqual([]);
  expect(grownBundles(committed, sizes({ place: 1000 }, { place: 103 }))).toEqual([
    'the bundle place has grown by 3.0 %: 100 → 103 modules',
  ]);
});

test('goals that were measured with other code are named as older than the code', () => {
  const report = { goals: [goal('G1', [figure(1, 2)]), goal('G3', [figure(1, 2)], {}, 'before')] };
  expect(olderThan(report, 'now')).toEqual(['G3']);
  expect(markdown(report, 'now')).toMatch(/^\*\*Older than the code:\*\* G3\./);
  expect(markdown(report, 'before')).toMatch(/^\*\*Older than the code:\*\* G1\./);
  expect(markdown({ goals: [goal('G1', [figure(1, 2)])] }, 'now')).not.toContain('Older than the code');
});

/** When it fails because the code has changed: `npm run bench -- --mark`, or measure again. */
test('the readable report says the same as the committed one', () => {
  const written = readFileSync(join(__dirname, '..', '..', 'bench', 'report.md'), 'utf8');
  expect(written).toBe(markdown(readReport(), measuredSources()));
  expect(readReport().goals.map(({ id }) => id)).toEqual([
    'G1',
    'G2',
    'G3',
    'G4',
    'G5',
    'G6',
    'G7',
    'G8',
    'G9',
    'G10',
    'G11',
  ]);
});
