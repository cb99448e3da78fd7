import { execSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf } from '../../lib/constructs/bundles';

const handlers = execSync("git ls-files -co --exclude-standard 'lambda/*.handler.ts'", { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((file) => file.replace(/^lambda\/|\.handler\.ts$/g, ''));

test('every handler is bundled into at most 420 KB, so that a cold start loads little', () => {
  const sizes = handlers.map((handler) => ({
    handler,
    bytes: statSync(join(bundleOf(handler, []), 'index.mjs')).size,
  }));
  expect(sizes.length).toBeGreaterThan(40);
  expect(sizes.filter(({ bytes }) => bytes > 420_000)).toEqual([]);
});
