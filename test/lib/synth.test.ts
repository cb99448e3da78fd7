import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { readConfig } from '../../lib/config';
import { OrderSystemStack } from '../../lib/order-system.stack';
import { type StageName, stackOf } from './stacks';

const recommended: Record<string, unknown> = JSON.parse(
  readFileSync('node_modules/aws-cdk-lib/recommended-feature-flags.json', 'utf8'),
);

test('every feature flag is set as the CDK recommends', () => {
  const flags: Record<string, unknown> = context;
  const wrong = Object.entries(recommended).filter(([flag, value]) => String(flags[flag]) !== String(value));
  expect(wrong).toEqual([]);
});

describe.each<[StageName]>([['local'], ['dev'], ['prod']])('the stack of stage %s', (stage) => {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const { app, stack } = stackOf(stage);
  process.env.CDK_VALIDATION = 'true'; // as whoever deploys to AWS has it
  app.synth();
  process.env.CDK_VALIDATION = 'false';
  const said = write.mock.calls.map(([line]) => String(line)).join('');
  write.mockRestore();

  test('S1-32 is synthesized without an error, a warning or a deprecation', () => {
    const annotations = Annotations.fromStack(stack);
    expect(annotations.findError('*', Match.anyValue())).toEqual([]);
    expect(annotations.findWarning('*', Match.anyValue())).toEqual([]);
    expect(said).toBe('');
  });
});

test.each(['local', 'dev'] as const)(
  'the stack of stage %s is synthesized without knowing account and region',
  (stage) => {
    const app = new App({
      context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true },
    });
    new OrderSystemStack(app, 'OrderSystemStack', { config: readConfig({ stage }), build: 'abc' });
    expect(app.synth().stacks).toHaveLength(1);
  },
);
