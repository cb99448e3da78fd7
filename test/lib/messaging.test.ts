import { readFileSync } from 'node:fs';
import * as z from 'zod';
import * as alertEvents from '../../lambda/contracts/events/alert-events';
import * as catalogEvents from '../../lambda/contracts/events/catalog-events';
import { withEarlierVersions } from '../../lambda/contracts/events/earlier-versions';
import * as inventoryEvents from '../../lambda/contracts/events/inventory-events';
import * as orderEvents from '../../lambda/contracts/events/order-events';
import * as paymentEvents from '../../lambda/contracts/events/payment-events';
import * as privacyEvents from '../../lambda/contracts/events/privacy-events';
import * as returnEvents from '../../lambda/contracts/events/return-events';
import * as tenantEvents from '../../lambda/contracts/events/tenant-events';
import * as userEvents from '../../lambda/contracts/events/user-events';
import { type Resource, referenced, synthesize } from './synthesize';

const { ofType, byId, named, target, functionOf } = synthesize('local');

const subscriptions = ofType('SNS::Subscription');
const mappings = ofType('Lambda::EventSourceMapping');
const queueMappings = mappings.filter(({ properties }) =>
  byId(referenced(properties.EventSourceArn)).type.includes('SQS'),
);

const only = (resources: Resource[]): Resource => {
  expect(resources).toHaveLength(1);
  return resources[0] as Resource;
};

const policyOf = (name: string) =>
  only(
    ofType('SQS::QueuePolicy').filter(({ properties }) =>
      properties.Queues.some((value: unknown) => target(value) === name),
    ),
  ).properties.PolicyDocument.Statement;

const stockAnswers = ['StockReserved.v1', 'StockShort.v1', 'StockReleased.v1', 'StockDeducted.v1'];
const productNews = ['ProductCreated.v1', 'ProductUpdated.v1', 'ProductDiscontinued.v1'];
const tenantNews = ['TenantCreated.v1', 'TenantUpdated.v1', 'StorefrontKeyCreated.v1', 'StorefrontKeyDeleted.v1'];
const alarming = ['StockShort.v1', 'StockShortageEnded.v1', 'StockDiscrepancyFound.v1', 'StockDiscrepancyResolved.v1'];
const orderSteps = ['OrderPlaced.v2', 'OrderCancelled.v2', 'OrderShipped.v2'];

const liveOrders = ['Placed', 'Confirmed', 'Backordered', 'AwaitingPayment', 'PaymentUpdated', 'Cancelled'];
const liveDeliveries = ['Processing', 'Shipped', 'Delivered', 'Returned'];
const livePayments = ['Requested', 'Succeeded', 'Failed', 'Refunded', 'RefundFailed', 'MismatchFound', 'Disputed'];

const watchedOrders = [
  'Placed',
  'Backordered',
  'AwaitingPayment',
  'Confirmed',
  'Shipped',
  'Delivered',
  'Cancelled',
  'Returned',
];

/** Hears again, late, of what starts a deadline: its handler knows more. */
const delayed = 'alert-deadline-queue';

/** What a queue hears of, by topic. */
type Heard = Readonly<Record<string, readonly string[] | 'all'>>;

/** Every topic, whole. */
const everything: Heard = Object.fromEntries(
  ofType('SNS::Topic').map(({ properties }) => [properties.TopicName, 'all' as const]),
);

/** [promises, queue, what it hears of, who handles it] */
const consumers: [string, string, Heard, string][] = [
  ['S0-05 S0-22 S4-31', 'inventory-queue', { 'order-events': orderSteps }, 'inventory/take-stock'],
  [
    'S0-06 S0-29 S4-32 triggered by its own queue',
    'notification-queue',
    {
      'order-events': [...orderSteps, 'OrderDelivered.v2', 'OrderAwaitingPayment.v2'],
      'payment-events': ['PaymentRefunded.v1'],
    },
    'notification/notify-customer',
  ],
  [
    'S0-07 S0-34 S2-14 triggered by its own queue',
    'billing-queue',
    {
      'order-events': ['OrderPlaced.v2', 'OrderCancelled.v2', 'OrderPaymentUpdated.v2'],
      'payment-events': ['PaymentSucceeded.v1'],
    },
    'billing/bill-order',
  ],
  [
    'S2-09 S2-10',
    'order-saga-queue',
    {
      'inventory-events': stockAnswers,
      'return-events': ['ReturnCompleted.v2'],
      'payment-events': ['PaymentSucceeded.v1', 'PaymentFailed.v1', 'PaymentRefunded.v1', 'PaymentRefundFailed.v1'],
    },
    'order/advance-order',
  ],
  ['S3-42', 'order-copy-queue', { 'catalog-events': productNews, 'tenant-events': tenantNews }, 'order/project-shop'],
  ['S3-42', 'inventory-catalog-queue', { 'catalog-events': productNews }, 'inventory/project-catalog'],
  ['S3-42', 'inventory-return-queue', { 'return-events': ['ReturnCompleted.v2'] }, 'inventory/take-returns'],
  [
    'S1-20',
    'catalog-stock-queue',
    { 'inventory-events': ['ProductSoldOut.v1', 'ProductRestocked.v1'], 'order-events': ['OrderPlaced.v2'] },
    'catalog/project-shop',
  ],
  [
    'S4-29 F-11',
    'alert-queue',
    { 'inventory-events': alarming, 'payment-events': ['UnknownPaymentFound.v1'] },
    'alert/raise-alerts',
  ],
  [
    'S2-30 F-34',
    'live-queue',
    {
      'order-events': [...liveOrders, ...liveDeliveries].map((name) => `Order${name}.v2`),
      'payment-events': livePayments.map((name) => `Payment${name}.v1`),
      'user-events': ['UserAccessChanged.v1'],
    },
    'live/push-events',
  ],
  [
    'S2-19 S2-20 S2-27 with orders and payments as its input topics',
    'order-payment-queue',
    {
      'order-events': watchedOrders.map((name) => `Order${name}.v2`),
      'payment-events': livePayments.slice(1).map((name) => `Payment${name}.v1`),
    },
    'alert/reconcile-payments',
  ],
  [
    'S2-16 S2-17',
    'alert-deadline-queue',
    { 'order-events': ['OrderConfirmed.v2'], 'payment-events': ['PaymentSucceeded.v1'] },
    'alert/reconcile-payments',
  ],
  [
    'S2-21 S2-25 S2-27',
    'sys-pay-alert-queue',
    { 'alert-events': ['AlertRaised.v1', 'AlertResolved.v1'] },
    'alert/record-alerts',
  ],
  ['S3-42', 'return-order-queue', { 'order-events': ['OrderDelivered.v2'] }, 'return/note-delivery'],
  [
    'S2-13 S3-20',
    'payment-queue',
    {
      'order-events': ['OrderAwaitingPayment.v2', 'OrderCancelled.v2', 'OrderReturned.v2'],
      'return-events': ['ReturnCompleted.v2'],
    },
    'payment/request-payments',
  ],
  ['B-20', 'erasure-queue', { 'privacy-events': ['ErasureRequested.v1'] }, 'privacy/erase-subjects'],
  ['S2-39', 'archive-queue', everything, 'archive/archive-events'],
];

test('S0-04 one topic for each publisher', () => {
  expect(
    ofType('SNS::Topic')
      .map(({ properties }) => properties.TopicName)
      .sort(),
  ).toEqual([
    'alert-events',
    'catalog-events',
    'inventory-events',
    'order-events',
    'payment-events',
    'privacy-events',
    'return-events',
    'tenant-events',
    'user-events',
  ]);
});

test('S0-10 every topic reaches the queues that are named here, and nothing else', () => {
  const reached = subscriptions.map(({ properties }) => [target(properties.TopicArn), target(properties.Endpoint)]);
  const named = consumers.flatMap(([, queue, heard]) => Object.keys(heard).map((topic) => [topic, queue]));
  expect(reached.sort()).toEqual(named.sort());
});

describe.each(consumers)('%s %s', (_promises, queue, heard, handler) => {
  const own = subscriptions
    .filter(({ properties }) => target(properties.Endpoint) === queue)
    .map(({ properties }) => properties);
  const mapping = only(
    queueMappings.filter(({ properties }) => target(properties.EventSourceArn) === queue),
  ).properties;

  test('gets its events raw, and only those that its handler knows', () => {
    const filters = own.map(({ TopicArn, FilterPolicy }) => [target(TopicArn), FilterPolicy?.type ?? 'all']);
    const accepted = Object.entries(heard).map(([topic, types]) => [
      topic,
      types === 'all' ? types : withEarlierVersions(types),
    ]);
    expect(Object.fromEntries(filters)).toEqual(Object.fromEntries(accepted));
    for (const subscription of own) {
      expect(subscription).toMatchObject({ Protocol: 'sqs', RawMessageDelivery: true });
      expect(subscription.FilterPolicyScope ?? 'MessageAttributes').toBe('MessageAttributes');
    }
  });

  test('what SNS cannot deliver to it is in the dead-letter queue', () => {
    for (const { RedrivePolicy } of own) expect(target(RedrivePolicy.deadLetterTargetArn)).toBe('order-processing-dlq');
  });

  test(`triggers ${handler} with ten messages at most, each of which may fail alone`, () => {
    expect(functionOf(mapping.FunctionName)).toBe(handler);
    expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mapping.Enabled ?? true).toBe(true);
  });

  test('S0-09 F-41 has SQS give up after ten deliveries: its handler gives up before, after the third failure', () => {
    const { deadLetterTargetArn, maxReceiveCount } = named(queue).properties.RedrivePolicy;
    expect([target(deadLetterTargetArn), maxReceiveCount]).toEqual(['order-processing-dlq', 10]);
  });

  test('takes messages from its topics alone', () => {
    const allowed = policyOf(queue).filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    const topics = allowed.flatMap(({ Action, Principal, Condition }: (typeof allowed)[number]) => {
      expect([Action, Principal]).toEqual(['sqs:SendMessage', { Service: 'sns.amazonaws.com' }]);
      expect(Object.keys(Condition)).toEqual(['ArnEquals']);
      return [Condition.ArnEquals['aws:SourceArn']].flat().map(target);
    });
    expect(allowed).toHaveLength(1);
    expect(topics.sort()).toEqual(Object.keys(heard).sort());
  });

  test('the filter is what the schema of the handler accepts, no more and no less', () => {
    const source = readFileSync(`lambda/${handler}.handler.ts`, 'utf8');
    if (/schema: AnyEvent,/.test(source)) return expect(new Set(Object.values(heard))).toEqual(new Set(['all']));
    const [, members = ''] = /schema: z\.discriminatedUnion\('type', \[([^\]]+)\]\)/.exec(source) ?? [];
    const contracts: Record<string, unknown> = {
      ...alertEvents,
      ...catalogEvents,
      ...inventoryEvents,
      ...orderEvents,
      ...paymentEvents,
      ...privacyEvents,
      ...returnEvents,
      ...tenantEvents,
      ...userEvents,
    };
    const names = members.split(',').flatMap((name) => name.trim() || []);
    const accepted = names.map((name) => {
      const contract = contracts[name];
      return contract instanceof z.ZodObject ? contract.shape.type.value : name;
    });
    const kept = accepted.filter((type) => queue !== delayed || Object.values(heard).flat().includes(type));
    expect(kept.sort()).toEqual(Object.values(heard).flat().sort());
  });
});

test('S2-16 S2-17 B-20 what starts a deadline is held back for the 30 s that it lasts, an erasure until the lists of orders are complete', () => {
  const delays = ofType('SQS::Queue').flatMap(({ properties: { QueueName, DelaySeconds = 0 } }) =>
    DelaySeconds === 0 ? [] : [[QueueName, DelaySeconds]],
  );
  expect(delays).toEqual([
    ['alert-deadline-queue', 30],
    ['erasure-queue', 10],
  ]);
});

test('S0-08 the dead-letter queues keep messages for 14 days, and only the shared one takes any from topics', () => {
  const last = ofType('SQS::Queue').filter(({ properties }) => properties.RedrivePolicy === undefined);
  const kept = last.map(({ properties }) => [properties.QueueName, properties.MessageRetentionPeriod]);
  expect(Object.fromEntries(kept)).toEqual({
    'order-processing-dlq': 1_209_600,
    'alert-relay-dlq': 1_209_600,
    'catalog-relay-dlq': 1_209_600,
    'inventory-relay-dlq': 1_209_600,
    'order-relay-dlq': 1_209_600,
    'payment-relay-dlq': 1_209_600,
    'privacy-relay-dlq': 1_209_600,
    'return-relay-dlq': 1_209_600,
    'tenant-relay-dlq': 1_209_600,
    'user-relay-dlq': 1_209_600,
  });
});

const dev = synthesize('dev');

const devPolicyOf = (kind: 'Queue' | 'Topic', name: string) =>
  only(
    dev
      .ofType(kind === 'Queue' ? 'SQS::QueuePolicy' : 'SNS::TopicPolicy')
      .filter(({ properties }) => properties[`${kind}s`].some((value: unknown) => dev.target(value) === name)),
  ).properties.PolicyDocument.Statement;

test.each(dev.ofType('SQS::Queue').map(({ properties }) => [properties.QueueName]))(
  '%s is encrypted and refuses plain HTTP',
  (queue) => {
    expect(dev.named(queue).properties.SqsManagedSseEnabled).toBe(true);
    expect(devPolicyOf('Queue', queue)).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  },
);

test.each(['dev-order-events', 'dev-inventory-events'])(
  '%s refuses plain HTTP and lets nobody else publish',
  (topic) => {
    const statements = devPolicyOf('Topic', topic);
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      Effect: 'Deny',
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  },
);

describe.each([
  ['orders', 'order/relay-order-events', 'order-events', 'order-relay-dlq'],
  ['reservations', 'inventory/relay-inventory-events', 'inventory-events', 'inventory-relay-dlq'],
  ['products', 'catalog/relay-catalog-events', 'catalog-events', 'catalog-relay-dlq'],
  ['users', 'identity/relay-user-events', 'user-events', 'user-relay-dlq'],
  ['tenants', 'identity/relay-tenant-events', 'tenant-events', 'tenant-relay-dlq'],
  ['returns', 'return/relay-return-events', 'return-events', 'return-relay-dlq'],
  ['payments', 'payment/relay-payment-events', 'payment-events', 'payment-relay-dlq'],
  ['erasures', 'privacy/relay-privacy-events', 'privacy-events', 'privacy-relay-dlq'],
  ['alerts', 'alert/relay-alert-events', 'alert-events', 'alert-relay-dlq'],
  ['order-payment-store', 'alert/relay-alert-events', 'alert-events', 'alert-relay-dlq'],
])('S0-21 S3-41 the relay of %s', (table, handler, topic, parkingQueue) => {
  const { properties } = only(mappings.filter((mapping) => target(mapping.properties.EventSourceArn) === table));

  test('reads its stream from the first record on, facts only', () => {
    expect(functionOf(properties.FunctionName)).toBe(handler);
    expect(properties).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BatchSize: 100 });
    expect(properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
      { dynamodb: { NewImage: { fact: { M: { type: { S: [{ exists: true }] } } } } } },
    ]);
  });

  test('tries for six hours, halves a failing batch, and dead-letters what still fails', () => {
    expect(properties).toMatchObject({ MaximumRecordAgeInSeconds: 21_600, BisectBatchOnFunctionError: true });
    expect(properties.MaximumRetryAttempts ?? -1).toBe(-1);
    expect(target(properties.DestinationConfig.OnFailure.Destination)).toBe(parkingQueue);
    expect(properties.FunctionResponseTypes).toBeUndefined(); // the handler throws: nothing may be taken as a success
  });

  test(`publishes to ${topic} and dead-letters in ${parkingQueue}`, () => {
    const { TOPIC_ARN, PARKING_QUEUE_URL } = byId(referenced(properties.FunctionName)).properties.Environment.Variables;
    expect([target(TOPIC_ARN), target(PARKING_QUEUE_URL)]).toEqual([topic, parkingQueue]);
  });
});
