import { execFileSync } from 'node:child_process';
import { argsOf, suiteOf, suites } from './suites';

test('each commit has one suite of the night, and every suite has its turn', () => {
  const commits = Array.from({ length: 200 }, (_, n) => n.toString(16).padStart(12, '0').padEnd(40, 'a'));
  expect(new Set(commits.map((commit) => suiteOf(commit).name))).toEqual(new Set(suites.map(({ name }) => name)));
  expect(suiteOf('00000000000bffffffffffffffffffffffffffff')).toBe(suiteOf('00000000000b0000000000000000000000000000'));
  expect(() => suiteOf('no hash')).toThrow('no hash of a commit');
});

test('the commits whose turn it is run every slice of the mutants', () => {
  const mutation = suites.filter(({ slices }) => slices !== undefined);
  expect(mutation.map(({ name }) => name)).toEqual(['mutation']);
  const turns = Array.from({ length: 40 * suites.length }, (_, n) => n.toString(16).padStart(12, '0').padEnd(40, 'a'));
  const slices = mutation.flatMap((suite) => turns.map((commit) => argsOf(suite, commit).at(-1)));
  expect(new Set(slices)).toEqual(new Set(Array.from({ length: 40 }, (_, n) => `${n + 1}/40`)));
});

test.each(suites.map((suite) => [suite.name, suite] as const))('%s runs files that there are', (_, { args }) => {
  const all = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'test', 'bench'], { encoding: 'utf8' });
  for (const path of args.filter((arg) => /^(test|bench)\//.test(arg))) expect(all).toContain(`\n${path}`);
});
