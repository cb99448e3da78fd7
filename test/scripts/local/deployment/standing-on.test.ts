import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '../../../../scripts/lib/folders';
import { removeLeftOvers, standingOn } from '../../../../scripts/local/deployment/stack';
import { startFakeCloudFormation } from '../fake-cloudformation';

const quiet = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
afterAll(() => quiet.mockRestore());

const at = async (stacks: Record<string, string>, act: (endpoint: string) => Promise<unknown>) => {
  const { endpoint, deleted, close } = await startFakeCloudFormation(stacks);
  const result = await act(endpoint).finally(close);
  return { result, deleted };
};

test('the storefront stands on the order system, when it is deployed', async () => {
  const both = { OrderSystemStack: 'CREATE_COMPLETE', StorefrontStack: 'CREATE_COMPLETE' };
  expect((await at(both, standingOn)).result).toEqual(['StorefrontStack']);
  expect((await at({ OrderSystemStack: 'CREATE_COMPLETE' }, standingOn)).result).toEqual([]);
});

describe('a storefront that is left over', () => {
  test.each([
    ['an order system that is gone', {}],
    ['one whose creation failed', { OrderSystemStack: 'ROLLBACK_COMPLETE' }],
  ])('from %s is removed before that is created new', async (_, stacks: Record<string, string>) => {
    const { deleted } = await at({ ...stacks, StorefrontStack: 'UPDATE_COMPLETE' }, removeLeftOvers);
    expect(deleted).toEqual(['StorefrontStack']);
  });

  test.each(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'])(
    'is none beside an order system in %s',
    async (OrderSystemStack) => {
      const { deleted } = await at({ OrderSystemStack, StorefrontStack: 'CREATE_COMPLETE' }, removeLeftOvers);
      expect(deleted).toEqual([]);
    },
  );
});

/** Runs `npx cdklocal` of this project, without an answer to what it asks. */
const npxCdklocal = (endpoint: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const tsx = join(projectFolder, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, AWS_ENDPOINT_URL: endpoint, NO_COLOR: '1' };
    const child = spawn(process.execPath, [tsx, join(projectFolder, 'scripts', 'local', 'cdklocal.ts'), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
    child.on('error', reject);
    child.on('close', (code) => resolve(`${said}ended with ${code}`));
  });

const storefront = ['--app', 'npx tsx bin/storefront.ts'];

describe('npx cdklocal', () => {
  test.each([[['deploy', ...storefront]], [[...storefront, 'deploy']]])(
    'refuses %j without the order system, and says what to do',
    async (args) => {
      const { result } = await at({}, (endpoint) => npxCdklocal(endpoint, args));
      expect(result).toContain('Deploy the order system first: npx cdklocal deploy\n');
      expect(result).not.toMatch(/^ +at /m);
      expect(result).toContain('ended with 1');
    },
  );

  test('destroy asks once about the order system and what stands on it, and removes nothing without a yes', async () => {
    const both = { OrderSystemStack: 'CREATE_COMPLETE', StorefrontStack: 'CREATE_COMPLETE' };
    const { result, deleted } = await at(both, (endpoint) => npxCdklocal(endpoint, ['destroy']));
    expect(result).toContain('delete the stack, and StorefrontStack that stands on it, with all data?');
    expect(result).toContain('Nothing was destroyed.');
    expect(deleted).toEqual([]);
  });

  test('destroy of the storefront leaves the order system out of the question', async () => {
    const both = { OrderSystemStack: 'CREATE_COMPLETE', StorefrontStack: 'CREATE_COMPLETE' };
    const { result } = await at(both, (endpoint) => npxCdklocal(endpoint, ['destroy', ...storefront]));
    expect(result).toContain('delete the stack, with all its data?');
  });
});
