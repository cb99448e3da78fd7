import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetDeployments, isUpToDate, noteDeployment } from '../../../../scripts/local/deployment/deployments';
import { forgetOutputs, isNoted } from '../../../../scripts/local/deployment/outputs';
import { startFakeCloudFormation } from '../fake-cloudformation';
import { startFakeMiniStack } from '../fake-ministack';

const usual = 'http://127.0.0.1:4566';
const other = 'http://127.0.0.1:9999';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const outputsAbout = (endpoint: string) => writeFileSync(join(folder, 'outputs.json'), JSON.stringify({ endpoint }));

describe('outputs.json', () => {
  test('names the MiniStack that runs here, and no other', async () => {
    const own = await startFakeMiniStack(folder, 'answers');
    outputsAbout(other);
    const noted = [isNoted(own.endpoint, folder, {}), isNoted(other, folder, { AWS_ENDPOINT_URL: other })];
    await own.stop();
    expect(noted).toEqual([true, false]);
  });

  test('without one names the usual endpoint, or the chosen one that it is about', () => {
    outputsAbout(other);
    expect(isNoted(usual, folder, {})).toBe(true);
    expect(isNoted(other, folder, { AWS_ENDPOINT_URL: other })).toBe(true);
    expect(isNoted(usual, folder, { AWS_ENDPOINT_URL: usual })).toBe(false);
  });

  test('is forgotten with the system that it is about alone', () => {
    outputsAbout(usual);
    forgetOutputs(other, folder);
    expect(existsSync(join(folder, 'outputs.json'))).toBe(true);
    forgetOutputs(usual, folder);
    expect(existsSync(join(folder, 'outputs.json'))).toBe(false);
  });

  test('that is broken names nothing', () => {
    writeFileSync(join(folder, 'outputs.json'), '{');
    expect(isNoted(other, folder, { AWS_ENDPOINT_URL: other })).toBe(false);
  });
});

describe('what is noted of deployments', () => {
  const app = { stack: 'OrderSystemStack', program: 'bin/order-system.ts' };

  test('of one local AWS stays when another is noted or forgotten', async () => {
    const [one, two] = [
      await startFakeCloudFormation({ OrderSystemStack: 'CREATE_COMPLETE' }),
      await startFakeCloudFormation({ OrderSystemStack: 'UPDATE_ROLLBACK_COMPLETE' }),
    ];
    const targets = [one, two].map(({ endpoint }) => ({ endpoint, folder }));
    for (const target of targets) await noteDeployment(target, app);
    const upToDate = () => Promise.all(targets.map((target) => isUpToDate(target, app)));
    expect(await upToDate()).toEqual([true, true]);
    forgetDeployments({ endpoint: two.endpoint, folder });
    expect(await upToDate()).toEqual([true, false]);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, 'deployments.json'), 'utf8')))).toEqual([one.endpoint]);
    await Promise.all([one.close(), two.close()]);
  });
});
