import { addressRows, nextSteps } from '../../../scripts/aws/addresses';
import type { PlannedStack } from '../../../scripts/aws/assembly';
import { carryOut, deployArguments } from '../../../scripts/aws/carry-out';
import { findings } from '../../../scripts/aws/findings';
import type { Finding } from '../../../scripts/aws/stack-findings';
import { conditionOf } from '../../../scripts/aws/stack-state';
import { stepsOf, stepText } from '../../../scripts/aws/steps';
import { CommandError } from '../../../scripts/lib/command';
import { freshAccount } from './fake-aws';
import { aws, find, level, look, orderSystem, textOf, told } from './looking';

describe('A2 a first deployment that failed is tried again', () => {
  const failed = () =>
    freshAccount({
      stacks: { 'OrderSystemStack-prod': { status: 'ROLLBACK_COMPLETE', stage: 'prod', protected: true } },
    });

  test('what it left of the stack is removed, protection or not, before it is deployed for the first time', async () => {
    const account = failed();
    const facts = await look(account);
    expect(level(findings(facts), 'stop')).toEqual([]);
    const steps = stepsOf(facts);
    expect(steps.map((step) => stepText(step, facts))).toEqual([
      'remove OrderSystemStack-prod, which never got ready',
      'deploy bin/order-system.ts, for the first time: without deletion protection, so that it can be taken back',
      'deploy bin/order-system.ts again: turns deletion protection on',
    ]);
    const given: (readonly string[])[] = [];
    const cdk = async (args: readonly string[]) => {
      expect(account.stacks).toEqual({});
      given.push(args);
    };
    await carryOut(steps, { ...facts, access: aws.access, context: { senderEmail: 'orders@shop.jp' }, cdk });
    expect(given.map((args) => args.filter((arg) => /^(deletion|stage|sender)/.test(arg)))).toEqual([
      ['stage=prod', 'senderEmail=orders@shop.jp', 'deletionProtection=off'],
      ['stage=prod', 'senderEmail=orders@shop.jp', 'deletionProtection=on'],
    ]);
  });

  test('a stack that stands is updated in one pass, with its protection', async () => {
    const facts = await look(
      freshAccount({ stacks: { 'OrderSystemStack-prod': { status: 'UPDATE_COMPLETE', stage: 'prod' } } }),
    );
    expect(stepsOf(facts)).toEqual([{ do: 'deploy', app: 'bin/order-system.ts', pass: 'update' }]);
    const args = deployArguments(
      { stage: 'prod', context: {} },
      { do: 'deploy', app: 'bin/order-system.ts', pass: 'update' },
    );
    expect(args).toContain('deletionProtection=on');
  });

  test('dev has nothing to protect, and one pass', async () => {
    const facts = await look(freshAccount(), { stage: 'dev' });
    expect(stepsOf(facts)).toEqual([{ do: 'deploy', app: 'bin/order-system.ts', pass: 'first' }]);
    for (const pass of ['first', 'update'] as const)
      expect(
        deployArguments({ stage: 'dev', context: {} }, { do: 'deploy', app: 'bin/order-system.ts', pass }),
      ).toContain('deletionProtection=off');
  });

  test('a second pass is not begun when the first has failed, and the runbook is named', async () => {
    const facts = await look(freshAccount());
    let runs = 0;
    const cdk = () => {
      runs += 1;
      return Promise.reject(new CommandError('cdk deploy ended with 1.'));
    };
    await expect(carryOut(stepsOf(facts), { ...facts, access: aws.access, context: {}, cdk })).rejects.toThrow(
      'docs/operations/runbook.md#the-first-deployment-failed',
    );
    expect(runs).toBe(1);
  });

  test('a second pass that fails leaves the stage deployed, and says that it is not protected', async () => {
    const facts = await look(freshAccount());
    const cdk = async (args: readonly string[]) => {
      if (args.includes('deletionProtection=on')) throw new CommandError('cdk deploy ended with 1.');
    };
    await expect(carryOut(stepsOf(facts), { ...facts, access: aws.access, context: {}, cdk })).rejects.toThrow(
      'not protected from deletion yet: run the same command again',
    );
  });

  test('names that are taken stop it, each with the command that removes it', async () => {
    const taken = freshAccount({
      tables: ['orders', 'somebody-elses'],
      queues: ['inventory-queue'],
      topics: ['order-events'],
      secrets: ['payment-providers'],
    });
    const [stopped] = level(await find(taken), 'stop');
    expect(stopped?.what).toBe(
      'names that the stack would give are taken: 1 table (orders); 1 queue (inventory-queue); ' +
        '1 topic (order-events); 1 secret (payment-providers)',
    );
    expect(told(stopped as Finding)).toContain('aws dynamodb delete-table --table-name orders --region ap-northeast-1');
  });

  test('an update owns the names that its stack has', async () => {
    const secret = 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:payment-providers-a1B2c3';
    const account = freshAccount({
      stacks: { 'OrderSystemStack-prod': { status: 'CREATE_COMPLETE', resources: ['orders', secret] } },
      tables: ['orders'],
      secrets: ['payment-providers'],
    });
    expect(level(await find(account), 'stop')).toEqual([]);
  });

  test('A2 a name that an update adds and that a failed one has left stops it', async () => {
    const account = freshAccount({
      stacks: { 'OrderSystemStack-prod': { status: 'UPDATE_ROLLBACK_COMPLETE', resources: ['orders'] } },
      tables: ['orders'],
      queues: ['inventory-queue'],
    });
    const [stopped] = level(await find(account), 'stop');
    expect(stopped?.what).toBe('names that the stack would give are taken: 1 queue (inventory-queue)');
  });

  test('what listened to an order system that is gone stops it: a new one would be heard by nobody', async () => {
    const storefront = {
      ...orderSystem('prod'),
      app: 'bin/storefront.ts',
      stackName: 'StorefrontStack-prod',
      named: [],
    };
    const account = freshAccount({ stacks: { 'StorefrontStack-prod': { status: 'CREATE_COMPLETE' } } });
    const stopped = level(await find(account, { planned: [orderSystem('prod'), storefront] }), 'stop');
    expect(textOf(stopped)).toContain('delete-stack --stack-name StorefrontStack-prod');
  });

  test.each([
    ['UPDATE_IN_PROGRESS', 'is being changed at this moment'],
    ['SOME_STATE_OF_LATER', 'is being changed at this moment'],
    ['UPDATE_ROLLBACK_FAILED', 'continue-update-rollback'],
    ['CREATE_FAILED', 'rollback-stack'],
    ['UPDATE_FAILED', 'rollback-stack'],
    ['ROLLBACK_FAILED', 'OrdersTable (orderstable)'],
    ['DELETE_FAILED', 'delete-stack --stack-name OrderSystemStack-prod'],
  ])('a stack in %s is left alone, with the way out: %s', async (status, way) => {
    const stack = { status, stage: 'prod', stuck: ['OrdersTable'] };
    const stopped = level(await find(freshAccount({ stacks: { 'OrderSystemStack-prod': stack } })), 'stop');
    expect(stopped).toHaveLength(1);
    expect(textOf(stopped)).toContain(way);
  });

  test('a change set that was never carried out is no stack', () =>
    expect(conditionOf('REVIEW_IN_PROGRESS')).toBe('absent'));
});

describe('two apps', () => {
  const storefront: PlannedStack = {
    ...orderSystem('prod'),
    app: 'bin/storefront.ts',
    stackName: 'StorefrontStack-prod',
    named: [],
  };

  test('are deployed one after the other, and only the new one in two passes', async () => {
    const stacks = { 'OrderSystemStack-prod': { status: 'CREATE_COMPLETE', stage: 'prod' } };
    const facts = await look(freshAccount({ stacks }), { planned: [orderSystem('prod'), storefront] });
    expect(stepsOf(facts)).toEqual([
      { do: 'deploy', app: 'bin/order-system.ts', pass: 'update' },
      { do: 'deploy', app: 'bin/storefront.ts', pass: 'first' },
      { do: 'deploy', app: 'bin/storefront.ts', pass: 'protect' },
    ]);
  });
});

describe('when it is done', () => {
  test('every address is one that can be used', () => {
    const outputs = {
      ApiUrl: 'https://x.execute-api.eu-west-1.amazonaws.com/prod/',
      ApiEndpoint1541504C: 'https://x.execute-api.eu-west-1.amazonaws.com/prod/',
      LiveUrl: 'wss://y.execute-api.eu-west-1.amazonaws.com/prod',
      Stage: 'prod',
    };
    expect(addressRows([{ name: 'OrderSystemStack-prod', outputs, stuck: [] }])).toEqual([
      ['API', 'https://x.execute-api.eu-west-1.amazonaws.com/prod'],
      ['its pages', 'https://x.execute-api.eu-west-1.amazonaws.com/prod/docs'],
      ['its health', 'https://x.execute-api.eu-west-1.amazonaws.com/prod/health'],
      ['Stripe’s webhooks', 'https://x.execute-api.eu-west-1.amazonaws.com/prod/webhooks/stripe'],
      ['PayPay’s webhooks', 'https://x.execute-api.eu-west-1.amazonaws.com/prod/webhooks/paypay'],
      ['live status (WebSocket)', 'wss://y.execute-api.eu-west-1.amazonaws.com/prod'],
    ]);
  });

  test('what is left to a person names the stage and its secret', () => {
    const steps = nextSteps({ stage: 'dev', region: 'eu-west-1' }, true).join('\n');
    expect(steps).toContain('dev-payment-providers');
    expect(steps).toContain('--aws --stage dev');
  });
});
