import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presentApps } from '../../../scripts/lib/system/apps';

const folder = mkdtempSync(join(tmpdir(), 'apps-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the apps of a checkout are those whose program is there, the order system first', () => {
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'order-system.ts'), '');
  expect(presentApps(folder).map(({ stack }) => stack)).toEqual(['OrderSystemStack']);
  writeFileSync(join(folder, 'bin', 'storefront.ts'), '');
  expect(presentApps(folder).map(({ stack }) => stack)).toEqual(['OrderSystemStack', 'StorefrontStack']);
});
