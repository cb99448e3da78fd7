import { execFileSync } from 'node:child_process';
import { suiteOf, suites } from './suites';

test('each commit has one suite of the night, and every suite has its turn', () => {
  const commits = Array.from({ length: 200 }, (_, n) => n.toString(16).padStart(12, '0').padEnd(40, 'a'));
  expect(new Set(commits.map((commit) => suiteOf(commit).name))).toEqual(new Set(suites.map(({ name }) => name)));
  expect(suiteOf('00000000000bffffffffffffffffffffffffffff')).toBe(suiteOf('00000000000b0000000000000000000000000000'));
  expect(() => suiteOf('no hash')).toThrow('no hash of a commit');
});

test.each(suites.map((suite) => [suite.name, suite] as const))('%s runs files that there are', (_, { args }) => {
  const all = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'test', 'bench'], { encoding: 'utf8' });
  for (const path of args.filter((arg) => /^(test|bench)\//.test(arg))) expect(all).toContain(`\n${path}`);
});
