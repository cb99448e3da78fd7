import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stacksIn } from '../../../../scripts/local/deployment/cdk-arguments';

const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the stacks of an app are those of its manifest, not the templates that another app has left in its folder', () => {
  expect(stacksIn(folder)).toEqual([]);
  writeFileSync(join(folder, 'OrderSystemStack.template.json'), '{}');
  const artifacts = {
    StorefrontStack: {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: 'StorefrontStack.template.json' },
    },
    'StorefrontStack.assets': { type: 'cdk:asset-manifest', properties: { file: 'StorefrontStack.assets.json' } },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts }));
  expect(stacksIn(folder)).toEqual(['StorefrontStack']);
});
