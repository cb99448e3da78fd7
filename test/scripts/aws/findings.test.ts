import { identitiesFor, whoAmI } from '../../../scripts/aws/facts';
import { findings, identityContext } from '../../../scripts/aws/findings';
import type { Finding } from '../../../scripts/aws/stack-findings';
import { stepsOf } from '../../../scripts/aws/steps';
import { freshAccount } from './fake-aws';
import { aws, find, level, look, orderSystem, textOf, told } from './looking';

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

  test('the identity is named where it is a domain, and only there', async () => {
    const contextOf = async (identities: Record<string, string>) =>
      identityContext(await look(freshAccount({ identities })));
    expect(await contextOf({ 'shop.jp': 'Success', 'orders@shop.jp': 'Pending' })).toEqual({
      senderIdentity: 'shop.jp',
    });
    expect(await contextOf({ 'shop.jp': 'Success', 'orders@shop.jp': 'Success' })).toEqual({});
    expect(await contextOf({})).toEqual({});
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

describe('A3 a stage is never deployed over another', () => {
  test.each([
    ['its tag', { status: 'CREATE_COMPLETE', stage: 'dev' }],
    ['its output', { status: 'CREATE_COMPLETE', outputs: { Stage: 'dev' } }],
    [
      'its API',
      { status: 'CREATE_COMPLETE', outputs: { ApiUrl: 'https://x1.execute-api.ap-northeast-1.amazonaws.com/dev/' } },
    ],
  ])('%s says what a stack is', async (_, stack) => {
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
