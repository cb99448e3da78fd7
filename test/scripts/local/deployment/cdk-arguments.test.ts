import { commandOf, projectStacksOf } from '../../../../scripts/local/deployment/cdk-arguments';

test.each([
  ['deploy', 'deploy'],
  ['deploy --require-approval never', 'deploy'],
  ['-c services=core deploy', 'deploy'],
  ['--app bin destroy --force', 'destroy'],
  ['--context=services=core bootstrap', 'bootstrap'],
  ['--profile deploy destroy', 'destroy'],
  ['-o deploy synth', 'synth'],
  ['--version', undefined],
])('the command of "%s" is %s', (words, command) => expect(commandOf(words.split(' '))).toBe(command));

test.each([
  [['deploy'], ['OrderSystemStack']],
  [['deploy', '--app', 'npx tsx bin/order-system.ts'], ['OrderSystemStack']],
  [['-a', 'npx tsx bin/storefront.ts', 'deploy'], ['StorefrontStack']],
  [['deploy', '--app=npx tsx bin/storefront.ts'], ['StorefrontStack']],
  [['deploy', '--app', 'npx tsx elsewhere.ts'], []],
])('of the project, %j is about %j', (words, stacks) => expect(projectStacksOf(words)).toEqual(stacks));
