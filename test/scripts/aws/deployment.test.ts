import { addressRows, nextSteps } from '../../../scripts/aws/addresses';
import type { PlannedStack } from '../../../scripts/aws/assembly';
import { carryOut, deployArguments } from '../../../scripts/aws/carry-out';
import { askAws, type Facts, identitiesFor, whoAmI } from '../../../scripts/aws/facts';
import { type Finding, findings } from '../../../scripts/aws/findings';
import { conditionOf } from '../../../scripts/aws/stack-state';
import { stepsOf, stepText } from '../../../scripts/aws/steps';
import { CommandError } from '../../../scripts/command';
import type { AwsStage } from '../../../scripts/stage';
import { type FakeAccount, freshAccount, openFakeAws } from './fake-aws';

let aws: Awaited<ReturnType<typeof openFakeAws>>;
beforeAll(async () => {
  aws = await openFakeAws();
});
afterAll(() => aws.close());

const orderSystem = (stage: AwsStage): PlannedStack => ({
  app: 'bin/order-system.ts',
  stackName: `OrderSystemStack-${stage}`,
  named: [
    { kind: 'table', name: stage === 'dev' ? 'dev-orders' : 'orders' },
    { kind: 'queue', name: stage === 'dev' ? 'dev-inventory-queue' : 'inventory-queue' },
    { kind: 'topic', name: stage === 'dev' ? 'dev-order-events' : 'order-events' },
    { kind: 'secret', name: stage === 'dev' ? 'dev-payment-providers' : 'payment-providers' },
  ],
  mailsByCognito: stage === 'dev',
  reservedConcurrency: 0,
  bootstrapVersion: 6,
});

type Asked = { stage?: AwsStage; sender?: string | undefined; planned?: PlannedStack[] };

/** What is known of an account once it was looked at. */
const look = async (account: FakeAccount, asked: Asked = {}): Promise<Facts> => {
  aws.become(account);
  const { stage = 'prod', planned = [orderSystem(stage)] } = asked;
  const sender = 'sender' in asked ? asked.sender : 'orders@shop.jp';
  return askAws(aws.access, { ...(await whoAmI(aws.access)), stage, sender, planned });
};

const find = async (account: FakeAccount, asked: Asked = {}) => findings(await look(account, asked));
const level = (found: readonly Finding[], wanted: Finding['level']) => found.filter((one) => one.level === wanted);
const told = ({ what, todo = [] }: Finding) => [what, ...todo].join('\n');
const textOf = (found: readonly Finding[]) => found.map(told).join('\n');

describe('looking at an account', () => {
  test('changes nothing, and finds nothing in the way where everything is in order', async () => {
    const found = await find(freshAccount());
    expect(level(found, 'stop')).toEqual([]);
    expect(level(found, 'warn')).toEqual([]);
    expect(found[0]?.what).toBe('stage prod in account 123456789012, ap-northeast-1, as user/ada');
    expect(aws.asked.filter((call) => !/Get|Describe|List|\/account|account-settings/.test(call))).toEqual([]);
  });

  test('says who is to sign in when AWS does not know who asks', async () => {
    aws.become(freshAccount({ denied: ['sts'] }));
    await expect(whoAmI(aws.access)).rejects.toThrow(/AWS does not know who you are \(AccessDenied.*aws sso login/);
  });

  test('takes an emulator that answers for AWS for what it is', async () => {
    aws.become(freshAccount({ account: '000000000000' }));
    await expect(whoAmI(aws.access)).rejects.toThrow(/000000000000.*no AWS account.*npm start/);
  });

  test('goes on where a question is not allowed, and says so', async () => {
    const found = await find(freshAccount({ denied: ['ses', 'lambda', 'apigateway', 'ssm', 'dynamodb'] }));
    expect(level(found, 'stop')).toEqual([]);
    expect(level(found, 'warn').map(({ what }) => what.replace(/:.*/, ''))).toEqual([
      'whether this region is bootstrapped for CDK',
      'whether names are taken',
      'whether SES may send as orders@shop.jp',
      'how many mails SES may send',
      'how many functions may run at once',
      'by which role API Gateway writes its logs',
    ]);
  });

  test('ends where CloudFormation does not say what is deployed', async () => {
    await expect(find(freshAccount({ denied: ['cloudformation'] }))).rejects.toThrow(
      'CloudFormation does not say how OrderSystemStack-prod is: AccessDenied',
    );
  });

  test('a region that CDK does not know is bootstrapped first', async () => {
    const facts = await look(freshAccount({ bootstrap: undefined }));
    expect(textOf(level(findings(facts), 'warn'))).toContain('npx cdk bootstrap aws://123456789012/ap-northeast-1');
    expect(stepsOf(facts)[0]).toEqual({ do: 'bootstrap' });
    expect(stepsOf(await look(freshAccount({ bootstrap: 5 })))[0]).toEqual({ do: 'bootstrap' });
  });
});

describe('A1 the sender comes before the deployment', () => {
  test('an address that SES has not verified stops it, with the command that verifies it here', async () => {
    const [stopped] = level(await find(freshAccount({ identities: {} })), 'stop');
    expect(stopped?.what).toBe('SES in ap-northeast-1 has not verified orders@shop.jp, nor its domain');
    expect(told(stopped as Finding)).toContain(
      'aws ses verify-email-identity --email-address orders@shop.jp --region ap-northeast-1',
    );
  });

  test('an address that waits for its link is told to be confirmed', async () => {
    const [stopped] = level(await find(freshAccount({ identities: { 'orders@shop.jp': 'Pending' } })), 'stop');
    expect(stopped?.what).toBe('SES in ap-northeast-1 waits for orders@shop.jp to be confirmed');
  });

  test.each([
    ['the address', { 'orders@shop.jp': 'Success' }],
    ['its domain', { 'shop.jp': 'Success', 'orders@shop.jp': 'Failed' }],
  ])('%s is enough, and is registered nowhere again', async (_, identities) => {
    expect(level(await find(freshAccount({ identities })), 'stop')).toEqual([]);
    expect(aws.asked.filter((call) => call.startsWith('ses Verify'))).toEqual([]);
  });

  test('a domain above stands for an address as well, a top-level domain does not', () => {
    expect(identitiesFor('a@mail.shop.jp')).toEqual(['a@mail.shop.jp', 'mail.shop.jp', 'shop.jp']);
  });

  test('dev goes without a sender, and it is told that nobody is mailed', async () => {
    const found = await find(freshAccount(), { stage: 'dev', sender: undefined });
    expect(level(found, 'stop')).toEqual([]);
    expect(textOf(level(found, 'warn'))).toContain('--sender orders@your-domain.example');
  });
});

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
      'docs/runbook.md#the-first-deployment-failed',
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

  test('an update owns these names, and asks nobody for them', async () => {
    const account = freshAccount({
      stacks: { 'OrderSystemStack-prod': { status: 'CREATE_COMPLETE' } },
      tables: ['orders'],
    });
    expect(level(await find(account), 'stop')).toEqual([]);
    expect(aws.asked).not.toContain('dynamodb DynamoDB_20120810.ListTables');
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

describe('A3 a stage is never deployed over another', () => {
  test.each([
    ['its tag', { status: 'CREATE_COMPLETE', stage: 'dev' }],
    ['its output', { status: 'CREATE_COMPLETE', outputs: { Stage: 'dev' } }],
    [
      'its API',
      { status: 'CREATE_COMPLETE', outputs: { ApiUrl: 'https://x1.execute-api.ap-northeast-1.amazonaws.com/dev/' } },
    ],
  ])('%s tells what a stack is', async (_, stack) => {
    const stopped = level(await find(freshAccount({ stacks: { 'OrderSystemStack-prod': stack } })), 'stop');
    expect(textOf(stopped)).toBe(
      'OrderSystemStack-prod is stage dev, not prod: another stage is never deployed over it\n' +
        'update it as what it is: --stage dev',
    );
  });

  test('dev and prod stand beside each other', async () => {
    const stacks = { 'OrderSystemStack-prod': { status: 'CREATE_COMPLETE', stage: 'prod' } };
    expect(level(await find(freshAccount({ stacks, tables: ['orders'] }), { stage: 'dev' }), 'stop')).toEqual([]);
  });

  test('a stack from before stages has the names of prod, and stops prod alone', async () => {
    const account = () =>
      freshAccount({ stacks: { OrderSystemStack: { status: 'UPDATE_COMPLETE', stage: 'dev' } }, tables: ['orders'] });
    const [stopped, ...more] = level(await find(account()), 'stop');
    expect(more).toEqual([]);
    expect(stopped?.what).toContain(
      'OrderSystemStack (stage dev) has the tables and queues that stage prod would create',
    );
    expect(level(await find(account(), { stage: 'dev' }), 'stop')).toEqual([]);
  });
});

describe('A5 the limits of a new account are told before customers meet them', () => {
  test('10 functions at once, the sandbox of SES, Cognito’s 50 mails: each with what to do', async () => {
    const found = await find(freshAccount({ concurrency: 10, mailsADay: 200 }), { stage: 'dev' });
    expect(level(found, 'stop')).toEqual([]);
    const warned = textOf(level(found, 'warn'));
    expect(warned).toContain('only 10 functions may run at once');
    expect(warned).toContain('--quota-code L-B99A9384');
    expect(warned).toContain('200 mails a day, and only to addresses that are verified themselves');
    expect(warned).toContain('50 a day for the whole account');
  });

  test('what the stack reserves must leave the account what Lambda insists on', async () => {
    const planned = [{ ...orderSystem('prod'), reservedConcurrency: 20 }];
    const [stopped] = level(await find(freshAccount({ concurrency: 10 }), { planned }), 'stop');
    expect(stopped?.what).toBe('10 functions may run at once in this account, and the stack reserves 20 of them');
    expect(level(await find(freshAccount(), { planned }), 'stop')).toEqual([]);
  });

  test('the role of all APIs’ logs is told when it is somebody else’s', async () => {
    const role = (name: string) => freshAccount({ apiLogRole: `arn:aws:iam::123456789012:role/${name}` });
    const ofOthers = level(await find(role('OrderSystemStack-dev-ApiCloudWatchRole-X')), 'warn');
    expect(textOf(ofOthers)).toContain("OrderSystemStack-dev-ApiCloudWatchRole-X now, the new stack's afterwards");
    expect(level(await find(role('OrderSystemStack-prod-ApiCloudWatchRole-X')), 'warn')).toEqual([]);
  });
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
