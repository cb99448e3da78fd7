import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { withEarlierVersions } from '../../lambda/contracts/events/earlier-versions';
import { countSalesEnv } from '../../lambda/sales/env';
import { topicNames } from '../../lib/names';
import { storefrontOf } from './stacks';
import { type Resource, referenced, synthesize, synthesizeStorefront } from './synthesize';

const stages = { local: storefrontOf('local'), dev: storefrontOf('dev'), prod: storefrontOf('prod') };
const seen = {
  local: synthesizeStorefront('local'),
  dev: synthesizeStorefront('dev'),
  prod: synthesizeStorefront('prod'),
};
type Stage = keyof typeof stages;
const names: [Stage][] = [['local'], ['dev'], ['prod']];

const here = (service: string, name: string) => `arn:aws:${service}:us-east-1:111111111111:${name}`;
const arnOf = (value: Resource['properties']): string =>
  JSON.stringify(value).replaceAll(
    /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g,
    '"arn:aws$1"',
  );
const only = (resources: readonly Resource[]): Resource['properties'] => {
  expect(resources).toHaveLength(1);
  return resources[0]?.properties as Resource['properties'];
};
const statements = ({ ofType }: (typeof seen)[Stage]) =>
  [
    ...ofType('IAM::Policy').map(({ properties }) => properties.PolicyDocument),
    ...ofType('IAM::Role')
      .flatMap(({ properties }) => properties.Policies ?? [])
      .map(({ PolicyDocument }) => PolicyDocument),
  ].flatMap(({ Statement }) => Statement);

/** The order system, as it is deployed beside the storefront. */
const orderSystem = { local: synthesize('local'), prod: synthesize('prod') };

describe.each(names)('the storefront of stage %s', (stage) => {
  const { app, stack } = stages[stage];
  const { template, ofType, target } = seen[stage];
  const prefix = stage === 'dev' ? 'dev-' : '';
  const topic = here('sns', `${prefix}order-events`);
  const deadLetterQueue = here('sqs', `${prefix}order-processing-dlq`);

  test('S3-39 neither imports nor exports anything of another stack', () => {
    const text = JSON.stringify(template);
    expect(text).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|OrderSystemStack/);
    expect(template.Outputs).toBeUndefined();
    expect(app.node.findAll().filter((construct) => Stack.isStack(construct))).toEqual([stack]);
  });

  test('S1-32 deploys separately: it is synthesized without an error or a warning', () => {
    process.env.CDK_VALIDATION = 'true'; // as whoever deploys to AWS has it
    const annotations = Annotations.fromStack(stack);
    process.env.CDK_VALIDATION = 'false';
    expect(annotations.findError('*', Match.anyValue())).toEqual([]);
    expect(annotations.findWarning('*', Match.anyValue())).toEqual([]);
  });

  test.each([
    ['AwsSolutions', AwsSolutionsChecks],
    ['Serverless', ServerlessChecks],
  ] as const)('P17 cdk-nag %s finds nothing', (_name, Checks) => {
    const { violations } = new Checks(app).validateScope(app);
    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });

  test('its table and queue have the names of the stage', () => {
    expect(only(ofType('DynamoDB::GlobalTable')).TableName).toBe(`${prefix}product-sales`);
    expect(only(ofType('SQS::Queue')).QueueName).toBe(`${prefix}sales-queue`);
  });

  test('its key is the tenant first', () => {
    expect(only(ofType('DynamoDB::GlobalTable')).KeySchema).toEqual([
      { AttributeName: 'tenantId', KeyType: 'HASH' },
      { AttributeName: 'subject', KeyType: 'RANGE' },
    ]);
  });

  test('receives confirmed and cancelled orders from the topic that it knows by name, raw', () => {
    const subscription = only(ofType('SNS::Subscription'));
    expect(arnOf(subscription.TopicArn)).toBe(`"${topic}"`);
    expect(target(subscription.Endpoint)).toBe(`${prefix}sales-queue`);
    expect(subscription).toMatchObject({ Protocol: 'sqs', RawMessageDelivery: true });
    expect(subscription.FilterPolicy).toEqual({
      type: withEarlierVersions(['OrderConfirmed.v2', 'OrderCancelled.v2']),
    });
    expect(arnOf(subscription.RedrivePolicy)).toBe(`{"deadLetterTargetArn":"${deadLetterQueue}"}`);
  });

  test("S0-09 gives up as the order system's consumers do, to their dead-letter queue", () => {
    const { RedrivePolicy, VisibilityTimeout } = only(ofType('SQS::Queue'));
    expect(arnOf(RedrivePolicy)).toBe(`{"deadLetterTargetArn":"${deadLetterQueue}","maxReceiveCount":10}`);
    const [count] = seen[stage].functions;
    expect(VisibilityTimeout).toBe(6 * count?.resource.properties.Timeout);
  });

  test('only that topic may send to its queue', () => {
    const { Statement } = only(ofType('SQS::QueuePolicy')).PolicyDocument;
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(arnOf(allowed[0].Condition)).toBe(`{"ArnEquals":{"aws:SourceArn":"${topic}"}}`);
    expect(allowed[0]).toMatchObject({ Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' } });
  });

  test('its function has every variable that its handler reads', () => {
    const { Variables } = only(
      ofType('Lambda::Function').filter(({ properties }) => properties.Environment.Variables.PRODUCT_SALES_TABLE),
    ).Environment;
    const { PRODUCT_SALES_TABLE, DEAD_LETTER_QUEUE_URL, ...rest } = Variables;
    expect(Object.keys(countSalesEnv.shape)).toEqual(['PRODUCT_SALES_TABLE', 'DEAD_LETTER_QUEUE_URL']);
    expect(rest).toEqual({
      POWERTOOLS_SERVICE_NAME: 'sales',
      POWERTOOLS_METRICS_NAMESPACE: stage === 'dev' ? 'OrderSystem/dev' : 'OrderSystem',
    });
    expect(target(PRODUCT_SALES_TABLE)).toBe(`${prefix}product-sales`);
    expect(JSON.stringify(DEAD_LETTER_QUEUE_URL)).toContain(`/111111111111/${prefix}order-processing-dlq`);
  });

  test('its function may write its table, read its queue and send to the dead-letter queue, and no more', () => {
    const actions = statements(seen[stage]).flatMap(({ Action }) => [Action].flat());
    expect([...new Set(actions)].filter((action) => !action.startsWith('kms:')).sort()).toEqual([
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    const send = statements(seen[stage]).filter(({ Action }) => Action === 'sqs:SendMessage');
    const others = send.filter(({ Resource }) => target(Resource) !== `${prefix}sales-queue`);
    expect(others.map(({ Resource }) => arnOf(Resource))).toEqual([`"${deadLetterQueue}"`]);
  });

  test('its queue and its function are watched as those of the order system are', () => {
    const named = ofType('CloudWatch::Alarm').map(({ properties }) => [
      properties.AlarmName,
      properties.AlarmDescription.split(': ').at(-1),
      (properties.AlarmActions ?? []).map((action: never) => arnOf(action)),
    ]);
    const told = stage === 'prod' ? [`"${here('sns', 'operations-alarms')}"`] : [];
    const watched = [
      [`${prefix}Messages wait too long: storefront queues 1`, '1 sales-queue', told],
      [`${prefix}Function fails: storefront functions 1`, '1 sales/count-sales', told],
    ];
    expect(named).toEqual(stage === 'local' ? [] : watched);
  });
});

test('S1-32 prod is synthesized where the account is not known yet, and cdk-nag finds nothing', () => {
  const { app } = storefrontOf('prod', { region: 'us-east-1' });
  expect(() => app.synth()).not.toThrow();
  expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
});

describe('what prod encrypts', () => {
  const { ofType } = seen.prod;

  test('the table, the queue and the logs, with a key of the stack itself', () => {
    const key = ofType('KMS::Key').map(({ id }) => id);
    expect(key).toHaveLength(1);
    const keys = [
      only(ofType('SQS::Queue')).KmsMasterKeyId,
      only(ofType('DynamoDB::GlobalTable')).Replicas[0].SSESpecification.KMSMasterKeyId,
      only(ofType('Logs::LogGroup')).KmsKeyId,
    ];
    expect(keys.map(referenced)).toEqual([key[0], key[0], key[0]]);
  });

  test('SNS may use the key for the topic that sends to the queue, and for no other', () => {
    const { Statement } = only(ofType('KMS::Key')).KeyPolicy;
    const sns = Statement.filter(({ Principal }: Resource['properties']) => Principal.Service === 'sns.amazonaws.com');
    expect(sns).toHaveLength(1);
    expect(sns[0].Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(arnOf(sns[0].Condition)).toBe(`{"ArnEquals":{"aws:SourceArn":"${here('sns', 'order-events')}"}}`);
  });

  test('the dead-letter queue is sent to by the key whose alias the order system gives it', () => {
    const aliased = statements(seen.prod).filter(({ Condition }) => Condition !== undefined);
    expect(aliased).toHaveLength(1);
    expect(aliased[0]).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/order-system-data' } },
    });
    expect(arnOf(aliased[0].Resource)).toBe(`"${here('kms', 'key/*')}"`);
  });

  test('other stages have no key, and ask for none', () => {
    for (const stage of ['local', 'dev'] as const) {
      expect(seen[stage].ofType('KMS::Key')).toEqual([]);
      expect(JSON.stringify(statements(seen[stage]))).not.toContain('kms:');
    }
  });
});

describe('what the storefront relies on in the order system', () => {
  test.each(['local', 'prod'] as const)('%s: every topic may send to the dead-letter queue', (stage) => {
    const { ofType, target } = orderSystem[stage];
    const policy = ofType('SQS::QueuePolicy').find(({ properties }) =>
      properties.Queues.some((queue: Resource['properties']) => target(queue) === 'order-processing-dlq'),
    );
    const sources = policy?.properties.PolicyDocument.Statement.flatMap(({ Condition }: Resource['properties']) =>
      [Condition.ArnEquals?.['aws:SourceArn'] ?? []].flat().map(target),
    );
    expect([...new Set(sources)].sort()).toEqual([...topicNames].sort());
  });
});
