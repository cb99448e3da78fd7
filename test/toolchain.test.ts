import { spawnSync } from 'node:child_process';

const run = (script: string) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], { encoding: 'utf8' });
  return { status, output: status === 0 ? '' : stdout + stderr };
};

describe('the whole tree', () => {
  test('S0-54 compiles: npm run build', () => expect(run('build')).toEqual({ status: 0, output: '' }), 120_000);

  test('S3-61 passes the linter with no warning: npm run lint', () => {
    expect(run('lint')).toEqual({ status: 0, output: '' });
  }, 120_000);
});
