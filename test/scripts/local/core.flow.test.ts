import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../../../scripts/lib/folders';
import { cdklocal, startOwnAws } from '../../support/flow-system';

jest.setTimeout(180_000);

const folder = join(localFolder, `flow-${process.pid}-core`);
let aws: Awaited<ReturnType<typeof startOwnAws>>;

beforeAll(async () => {
  aws = await startOwnAws(folder);
  const core = [
    'deploy',
    '--context',
    'services=core',
    '--require-approval',
    'never',
    '--output',
    join(folder, 'cdk.out'),
  ];
  await cdklocal(core, aws.environment, join(folder, 'deploy.log'));
});

afterAll(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { readonly code: number | null; readonly out: string };

const bash = (name: string, ...args: string[]): Promise<Ended> =>
  new Promise((done, fail) => {
    const { SYSTEM_OUTPUTS: _, ...env } = { ...process.env, ...aws.environment };
    const child = spawn('bash', [join('scripts', name), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (out += text));
    child.on('error', fail);
    child.on('close', (code) => done({ code, out }));
  });

describe('the fan-out core alone', () => {
  test.each([
    ['S0-46', 'seed-data.sh'],
    ['S0-46', 'check-resources.sh'],
    ['S0-01', 'test-order-api.sh'],
    ['S0-39', 'test-parallel-processing.sh'],
    ['S0-25 S0-42', 'test-error-scenarios.sh'],
    ['S0-10', 'verify-phase3.sh'],
    ['S0-43 S0-44', 'test-summary.sh'],
    ['S0-45', 'manage-dlq.sh', 'list'],
  ])('%s %s passes', async (_promise, name, ...args) => {
    const { code, out } = await bash(name, ...args);
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${out}`);
    expect(out).not.toMatch(/^✗/m);
  });
});
