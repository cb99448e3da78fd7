import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const run = (script: string) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], { encoding: 'utf8' });
  return { status, output: status === 0 ? '' : stdout + stderr };
};

describe('the whole tree', () => {
  test('S0-54 compiles: npm run build', () => expect(run('build')).toEqual({ status: 0, output: '' }), 120_000);

  test('S3-61 CI: passes the linter with no warning: npm run lint', () => {
    expect(run('lint')).toEqual({ status: 0, output: '' });
  });
});

describe('S1-37 S3-61 CI by GitHub Actions: automation delivers the work', () => {
  const workflow = readFileSync('.github/workflows/ci.yml', 'utf8');

  test('runs for each push to main and each pull request', () => {
    expect(workflow).toMatch(/^on:\n {2}push:\n {4}branches: \[main\]\n {2}pull_request:\n/m);
  });

  test('runs every test, on the oldest and the newest Node that are supported', () => {
    expect(workflow).toContain('- run: npm ci\n');
    expect(workflow).toMatch(/- run: npm test\n/);
    expect([...workflow.matchAll(/node: (\d+)/g)].map(([, version]) => version)).toEqual(['20', '24']);
  });
});
