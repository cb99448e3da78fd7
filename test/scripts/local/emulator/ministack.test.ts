import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMiniStack } from '../../../../scripts/local/emulator/ministack';
import { startFakeMiniStack } from '../fake-ministack';

describe('a MiniStack that runs already', () => {
  let folder: string;
  let own: Awaited<ReturnType<typeof startFakeMiniStack>>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ministack-'));
    own = await startFakeMiniStack(folder, 'hangs');
  });
  afterEach(async () => {
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is waited for while its process lives, and used with its data', async () => {
    const asked = own.asked();
    const started = startMiniStack({ folder });
    await asked;
    own.become('answers');
    expect(await started).toEqual({ endpoint: own.endpoint, pid: own.pid });
  });

  test('is not ended when it does not answer in time', async () => {
    await expect(startMiniStack({ folder, timeoutMs: 100 })).rejects.toThrow(
      `MiniStack, process ${own.pid}, runs, but it does not answer at ${own.endpoint}.`,
    );
    expect([own.isAlive(), existsSync(join(folder, 'ministack.json'))]).toEqual([true, true]);
  });
});
