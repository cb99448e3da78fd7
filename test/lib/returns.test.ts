import { withEarlierVersions } from '../../lambda/contracts/events/earlier-versions';
import { readConfig } from '../../lib/config';
import { referenced, synthesize } from './synthesize';

const { ofType, named, target, functions, byId, statementsOf } = synthesize('local');

const functionOf = (label: string) => {
  const found = functions.find((one) => one.label === label);
  if (found === undefined) throw new Error(`no function ${label}`);
  return found.resource.properties;
};

test('S3-24 the table of returns has the key returnId, a relay, and claims that are forgotten', () => {
  const { KeySchema, StreamSpecification, TimeToLiveSpecification } = named('returns').properties;
  expect(KeySchema).toEqual([{ AttributeName: 'returnId', KeyType: 'HASH' }]);
  expect(StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  expect(TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
});

test('returns are listed by three indexes, keys alone, newest last', () => {
  const keys = named('returns').properties.GlobalSecondaryIndexes.map(
    ({ IndexName, KeySchema, Projection }: Record<string, never>) => [IndexName, KeySchema, Projection],
  );
  const index = (name: string, list: string) => [
    name,
    [
      { AttributeName: list, KeyType: 'HASH' },
      { AttributeName: 'requestedAt', KeyType: 'RANGE' },
    ],
    { ProjectionType: 'KEYS_ONLY' },
  ];
  expect(keys).toEqual([
    index('byTenant', 'tenantList'),
    index('byStatus', 'statusList'),
    index('byCustomer', 'customerList'),
  ]);
});

test.each([
  ['return-order-queue', 'order-events', 'OrderDelivered.v2', 'return/note-delivery'],
  ['inventory-return-queue', 'return-events', 'ReturnCompleted.v2', 'inventory/take-returns'],
])('%s receives %s of %s for %s', (queue, topic, eventType, handler) => {
  const [subscription, ...others] = ofType('SNS::Subscription').filter(
    ({ properties }) => target(properties.Endpoint) === queue,
  );
  expect(others).toEqual([]);
  expect(target(subscription?.properties.TopicArn)).toBe(topic);
  expect(subscription?.properties).toMatchObject({
    RawMessageDelivery: true,
    FilterPolicy: { type: withEarlierVersions([eventType]) },
  });
  const [mapping] = ofType('Lambda::EventSourceMapping').filter(
    ({ properties }) => target(properties.EventSourceArn) === queue,
  );
  const { Environment, Timeout } = byId(referenced(mapping?.properties.FunctionName)).properties;
  expect(Environment).toEqual(functionOf(handler).Environment);
  expect(named(queue).properties.VisibilityTimeout).toBe(6 * Timeout);
  expect(named(queue).properties.RedrivePolicy.maxReceiveCount).toBe(10);
});

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** What a function's role may do to tables, one line each. */
const onTables = (role: string) =>
  statementsOf(role)
    .flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) =>
        list(Resource).map((on) => `${action} ${target(on as never).replace(/^Return\w+\/index/, 'returns/index')}`),
      ),
    )
    .filter((grant) => grant.startsWith('dynamodb:'))
    .sort();

test.each([
  ['return/note-delivery', ['dynamodb:PutItem returns']],
  [
    'inventory/take-returns',
    [
      'dynamodb:GetItem inventory',
      'dynamodb:GetItem stock-movements',
      'dynamodb:PutItem stock-movements',
      'dynamodb:UpdateItem inventory',
    ],
  ],
  ['return/serve-returns', ['dynamodb:UpdateItem rate-limits']],
])('P17 %s may do %j by itself', (label, grants) => {
  expect(onTables(referenced(functionOf(label).Role))).toEqual(grants);
});

test('P8 P17 requests scope the returns of one tenant alone, by a role that is taken for that tenant', () => {
  const role = referenced(functionOf('return/serve-returns').Environment.Variables.TENANT_ROLE_ARN);
  expect(onTables(role)).toEqual([
    'dynamodb:BatchGetItem returns',
    'dynamodb:GetItem returns',
    'dynamodb:GetItem subject-keys',
    'dynamodb:PutItem returns',
    'dynamodb:PutItem subject-keys',
    'dynamodb:Query returns/index/byCustomer',
    'dynamodb:Query returns/index/byStatus',
    'dynamodb:Query returns/index/byTenant',
  ]);
  for (const { Condition } of statementsOf(role)) expect(JSON.stringify(Condition)).toContain('dynamodb:LeadingKeys');
});

test('goods may be returned for thirty days, by configuration', () => {
  expect(
    readConfig({ stage: 'prod', senderEmail: 'a@example.com', alarmEmail: 'b@example.com' }).returnWindow.toDays(),
  ).toBe(30);
  expect(functionOf('return/serve-returns').Environment.Variables.RETURN_WINDOW_DAYS).toBe('30');
});
