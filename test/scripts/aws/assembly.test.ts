import { apps, cdkJsonContext, messageOf, planApp } from '../../../scripts/aws/assembly';

const tiny = 'test/scripts/aws/tiny.app.ts';
const place = { account: '123456789012', region: 'ap-northeast-1' };

test('an app says by its templates what it would deploy: stacks, names, and what it asks of the account', async () => {
  expect(await planApp(tiny, { stage: 'prod' }, place)).toEqual([
    {
      app: tiny,
      stackName: 'OneStack-prod',
      named: [
        { kind: 'table', name: 'orders' },
        { kind: 'queue', name: 'inventory-queue' },
        { kind: 'topic', name: 'order-events' },
        { kind: 'secret', name: 'payment-providers' },
      ],
      mailsByCognito: true,
      reservedConcurrency: 10,
      bootstrapVersion: 6,
    },
    {
      app: tiny,
      stackName: 'OtherStack',
      named: [],
      mailsByCognito: false,
      reservedConcurrency: 0,
      bootstrapVersion: 6,
    },
  ]);
});

test('a wrong context value is reported in the app’s own words, without a stack trace', async () => {
  await expect(planApp(tiny, { stage: 'prod', live: 'perhaps' }, place)).rejects.toThrow(
    /^test\/scripts\/aws\/tiny\.app\.ts: -c live=perhaps: must be on or off$/,
  );
});

test('what CDK itself has to say of an app is one line too', () => {
  expect(messageOf('a\n\n«IsRequired» Your region is missing\n    ...new UserPool2\n')).toBe('Your region is missing');
  expect(messageOf('killed\n')).toBe('killed');
});

test('the order system is deployed first, by the flags that cdk.json has for all', () => {
  expect(apps()[0]).toBe('bin/order-system.ts');
  expect(cdkJsonContext()['@aws-cdk/core:checkSecretUsage']).toBe(true);
});
