import { withEarlierVersions } from '../../lambda/contracts/events/earlier-versions';
import { referenced, synthesize } from './synthesize';

const local = synthesize('local');
const prod = synthesize('prod');
const { ofType, named, target, functions, byId, functionOf: labelOf, statementsOf } = local;

const functionOf = (label: string) => {
  const found = functions.find((one) => one.label === label);
  if (found === undefined) throw new Error(`no function ${label}`);
  return found.resource.properties;
};

const list = <Item>(value: Item | Item[]): Item[] => (Array.isArray(value) ? value : [value]);

/** Every `action resource` that the roles of a function may do, but for logs and traces. */
const grantsOf = (label: string): string[] => {
  const { Role, Environment } = functionOf(label);
  return [Role, Environment.Variables.TENANT_ROLE_ARN]
    .flatMap(statementsOf)
    .flatMap(({ Action, Resource }) =>
      list(Action).flatMap((action) => list(Resource).map((on) => `${action} ${target(on)}`)),
    )
    .filter((grant) => /^(dynamodb|sns):/.test(grant))
    .map((grant) => grant.replace(/ \S*Inventory\S+\/index/, ' inventory/index'))
    .sort();
};

test('the ledger has the key productId, movementId, and claims alone are forgotten', () => {
  const { KeySchema, TimeToLiveSpecification, StreamSpecification } = named('stock-movements').properties;
  expect(KeySchema.map(({ AttributeName }: { AttributeName: string }) => AttributeName)).toEqual([
    'productId',
    'movementId',
  ]);
  expect(TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  expect(StreamSpecification).toBeUndefined();
});

test('G5 F-44 the indexes of stock hold keys alone: no change of stock is written twice', () => {
  expect(named('inventory').properties.GlobalSecondaryIndexes).toEqual([
    {
      IndexName: 'byTenant',
      KeySchema: [
        { AttributeName: 'listedIn', KeyType: 'HASH' },
        { AttributeName: 'productId', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
    {
      IndexName: 'byChange',
      KeySchema: [
        { AttributeName: 'changedIn', KeyType: 'HASH' },
        { AttributeName: 'productId', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ]);
});

test('the inventory relay receives stock only when a product sells out or comes back, or the audit notes something', () => {
  expect(named('inventory').properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  const mappings = ofType('Lambda::EventSourceMapping').filter(
    ({ properties }) => labelOf(properties.FunctionName) === 'inventory/relay-inventory-events',
  );
  expect(mappings.map(({ properties }) => target(properties.EventSourceArn)).sort()).toEqual([
    'inventory',
    'reservations',
  ]);
  const ofStock = mappings.find(({ properties }) => target(properties.EventSourceArn) === 'inventory')?.properties;
  const noted = { discrepancy: { M: { onHand: { N: [{ exists: true }] } } } };
  expect(ofStock?.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
    { dynamodb: { NewImage: { stock: { N: ['0'] } } } },
    { dynamodb: { OldImage: { stock: { N: ['0'] } } } },
    { dynamodb: { NewImage: noted } },
    { dynamodb: { OldImage: noted } },
  ]);
  expect(target(ofStock?.DestinationConfig.OnFailure.Destination)).toBe('inventory-relay-dlq');
});

test.each([
  [
    'inventory-queue',
    'order-events',
    ['OrderPlaced.v2', 'OrderCancelled.v2', 'OrderShipped.v2'],
    'inventory/take-stock',
  ],
  [
    'inventory-catalog-queue',
    'catalog-events',
    ['ProductCreated.v1', 'ProductUpdated.v1', 'ProductDiscontinued.v1'],
    'inventory/project-catalog',
  ],
  [
    'alert-queue',
    'inventory-events',
    ['StockShort.v1', 'StockShortageEnded.v1', 'StockDiscrepancyFound.v1', 'StockDiscrepancyResolved.v1'],
    'alert/raise-alerts',
  ],
])('%s receives %s what %j says, for its handler', (queue, topic, eventTypes, handler) => {
  const [subscription, ...others] = ofType('SNS::Subscription').filter(
    ({ properties }) => target(properties.Endpoint) === queue && target(properties.TopicArn) === topic,
  );
  expect(others).toEqual([]);
  expect(subscription?.properties).toMatchObject({
    RawMessageDelivery: true,
    FilterPolicy: { type: withEarlierVersions(eventTypes) },
  });
  const [mapping] = ofType('Lambda::EventSourceMapping').filter(
    ({ properties }) => target(properties.EventSourceArn) === queue,
  );
  expect(labelOf(mapping?.properties.FunctionName)).toBe(handler);
  const { Timeout } = byId(referenced(mapping?.properties.FunctionName)).properties;
  expect(named(queue).properties.VisibilityTimeout).toBe(6 * Timeout);
});

const on = (table: string, ...actions: string[]) => actions.map((action) => `dynamodb:${action} ${table}`);

test.each([
  ['inventory/take-stock', [...on('inventory', 'UpdateItem'), ...on('reservations', 'GetItem', 'UpdateItem')]],
  [
    'inventory/serve-stock',
    [
      ...on('inventory', 'BatchGetItem', 'GetItem', 'UpdateItem'),
      ...on('inventory/index/byTenant', 'Query'),
      ...on('rate-limits', 'UpdateItem'),
      ...on('stock-movements', 'GetItem', 'PutItem', 'Query'),
    ],
  ],
  ['inventory/project-catalog', on('inventory', 'GetItem', 'UpdateItem')],
  ['inventory/describe-reservation', [...on('inventory', 'BatchGetItem'), ...on('reservations', 'GetItem')]],
  [
    'inventory/audit-stock',
    [
      ...on('inventory', 'BatchGetItem', 'Scan', 'UpdateItem'),
      ...on('inventory/index/byChange', 'Query'), // of the stock
      ...on('inventory/index/byChange', 'Query'), // of the reservations
      ...on('reservations', 'BatchGetItem', 'Scan'),
      ...on('stock-movements', 'BatchGetItem', 'GetItem', 'PutItem', 'Query'),
      'sns:Publish inventory-events',
    ],
  ],
  ['alert/raise-alerts', on('alerts', 'GetItem', 'PutItem')],
  ['alert/describe-alerts', [...on('alerts', 'GetItem'), ...on('order-payment-store', 'GetItem')]],
])('P17 %s may do this to tables and topics, and nothing else', (label, grants) => {
  expect(grantsOf(label)).toEqual([...grants].sort());
});

test('P8 the routes of stock scope one tenant’s items at a time', () => {
  const { Role } = functionOf('inventory/serve-stock');
  const own = statementsOf(Role);
  expect(JSON.stringify(own)).not.toContain(named('inventory').id);
  expect(JSON.stringify(own)).not.toContain(named('stock-movements').id);
});

test('F-44 no function may scan a table but the audit: all products in parts, and all reservations once', () => {
  const scanning = functions
    .map(({ label }) => label)
    .filter((label) => grantsOf(label).some((grant) => grant.startsWith('dynamodb:Scan')));
  expect(scanning).toEqual(['inventory/audit-stock']);
});

test('the audit runs every hour, and has a quarter of it', () => {
  const rules = ofType('Events::Rule').filter(
    ({ properties }) => labelOf(properties.Targets[0].Arn) === 'inventory/audit-stock',
  );
  expect(rules.map(({ properties }) => [properties.ScheduleExpression, properties.State])).toEqual([
    ['rate(1 hour)', 'ENABLED'],
  ]);
  expect(functionOf('inventory/audit-stock')).toMatchObject({ Timeout: 900, MemorySize: 512 });
});

describe('operations', () => {
  const mailsOf = ({ ofType: all, target: name }: typeof local) =>
    all('SNS::Subscription')
      .filter(({ properties }) => properties.Protocol === 'email')
      .map(({ properties }) => [name(properties.TopicArn), properties.Endpoint, properties.FilterPolicy?.type]);

  test('S4-29 are mailed alerts where an address is given', () => {
    expect(mailsOf(prod)).toContainEqual(['alert-events', 'ops@example.com', ['AlertRaised.v1', 'AlertResolved.v1']]);
    expect(mailsOf(local)).toEqual([]);
  });

  test('are called by the first alert', () => {
    const alarm = prod
      .ofType('CloudWatch::Alarm')
      .find(({ properties }) => properties.AlarmName === 'Alert was raised: alert');
    expect(alarm?.properties).toMatchObject({
      Namespace: 'OrderSystem',
      MetricName: 'AlertsRaised',
      Dimensions: [{ Name: 'service', Value: 'alert' }],
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });
});
