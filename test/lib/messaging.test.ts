import { readFileSync } from 'node:fs';
import * as z from 'zod';
import * as inventoryEvents from '../../lambda/contracts/inventory-events';
import * as orderEvents from '../../lambda/contracts/order-events';
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

const policyOf = (kind: 'Queue' | 'Topic', name: string) =>
  only(
    ofType(kind === 'Queue' ? 'SQS::QueuePolicy' : 'SNS::TopicPolicy').filter(({ properties }) =>
      properties[`${kind}s`].some((value: unknown) => target(value) === name),
    ),
  ).properties.PolicyDocument.Statement;

const fromOrders = ['OrderPlaced.v1', 'OrderCancelled.v1'];
const fromInventory = ['StockReserved.v1', 'StockShort.v1', 'StockReleased.v1'];

/** [promises, queue, topic, what it hears of, who handles it] */
const consumers: [string, string, string, string[], string][] = [
  ['S0-05 S0-22', 'inventory-queue', 'order-events', [...fromOrders, 'OrderShipped.v1'], 'inventory/take-stock'],
  ['S0-06 S0-29', 'notification-queue', 'order-events', fromOrders, 'notification/notify-customer'],
  ['S0-07 S0-34', 'billing-queue', 'order-events', fromOrders, 'billing/bill-order'],
  ['the saga:', 'order-saga-queue', 'inventory-events', fromInventory, 'order/advance-order'],
];

test('S0-04 one topic for each publisher', () => {
  expect(ofType('SNS::Topic').map(({ properties }) => properties.TopicName)).toEqual([
    'order-events',
    'inventory-events',
  ]);
});

test('S0-10 order-events reaches the three queues, inventory-events the saga, and nothing else', () => {
  const reached = subscriptions.map(({ properties }) => [target(properties.TopicArn), target(properties.Endpoint)]);
  expect(reached.sort()).toEqual([
    ['inventory-events', 'order-saga-queue'],
    ['order-events', 'billing-queue'],
    ['order-events', 'inventory-queue'],
    ['order-events', 'notification-queue'],
  ]);
});

describe.each(consumers)('%s %s', (_promises, queue, topic, eventTypes, handler) => {
  const subscription = only(subscriptions.filter(({ properties }) => target(properties.Endpoint) === queue)).properties;
  const mapping = only(
    queueMappings.filter(({ properties }) => target(properties.EventSourceArn) === queue),
  ).properties;

  test(`gets the events of ${topic} raw, and only those that its handler knows`, () => {
    expect(target(subscription.TopicArn)).toBe(topic);
    expect(subscription).toMatchObject({
      Protocol: 'sqs',
      RawMessageDelivery: true,
      FilterPolicy: { type: eventTypes },
    });
    expect(subscription.FilterPolicyScope ?? 'MessageAttributes').toBe('MessageAttributes');
  });

  test('what SNS cannot deliver to it is in the dead-letter queue', () => {
    expect(target(subscription.RedrivePolicy.deadLetterTargetArn)).toBe('order-processing-dlq');
  });

  test(`triggers ${handler} with ten messages at most, each of which may fail alone`, () => {
    expect(functionOf(mapping.FunctionName)).toBe(handler);
    expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mapping.Enabled ?? true).toBe(true);
  });

  test('S0-09 gives up after the third failure, and the handler knows that number', () => {
    const { deadLetterTargetArn, maxReceiveCount } = named(queue).properties.RedrivePolicy;
    expect([target(deadLetterTargetArn), maxReceiveCount]).toEqual(['order-processing-dlq', 3]);
    expect(byId(referenced(mapping.FunctionName)).properties.Environment.Variables.MAX_RECEIVE_COUNT).toBe('3');
  });

  test('hides a message six times as long as the handler may take', () => {
    const { Timeout } = byId(referenced(mapping.FunctionName)).properties;
    expect(named(queue).properties.VisibilityTimeout).toBe(6 * Timeout);
  });

  test(`takes messages from ${topic} alone`, () => {
    const allowed = policyOf('Queue', queue).filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({ Action: 'sqs:SendMessage', Principal: { Service: 'sns.amazonaws.com' } });
    expect(target(allowed[0].Condition.ArnEquals['aws:SourceArn'])).toBe(topic);
  });

  test('the filter is what the schema of the handler accepts, no more and no less', () => {
    const source = readFileSync(`lambda/${handler}.handler.ts`, 'utf8');
    const [, members = ''] = /schema: z\.discriminatedUnion\('type', \[([^\]]+)\]\)/.exec(source) ?? [];
    const contracts: Record<string, unknown> = { ...orderEvents, ...inventoryEvents };
    const accepted = members.split(',').map((name) => {
      const contract = contracts[name.trim()];
      return contract instanceof z.ZodObject ? contract.shape.type.value : name;
    });
    expect(accepted).toEqual(eventTypes);
  });
});

test('inventory runs five batches at once at most, the others as many as there are', () => {
  const limits = queueMappings.map(({ properties }) => [
    target(properties.EventSourceArn),
    properties.ScalingConfig?.MaximumConcurrency,
  ]);
  expect(Object.fromEntries(limits)).toEqual({
    'inventory-queue': 5,
    'notification-queue': undefined,
    'billing-queue': undefined,
    'order-saga-queue': undefined,
  });
});

test('S0-08 the dead-letter queues keep messages for 14 days, and only the shared one takes any from topics', () => {
  const last = ofType('SQS::Queue').filter(({ properties }) => properties.RedrivePolicy === undefined);
  const kept = last.map(({ properties }) => [properties.QueueName, properties.MessageRetentionPeriod]);
  expect(Object.fromEntries(kept)).toEqual({
    'order-processing-dlq': 1_209_600,
    'order-relay-dlq': 1_209_600,
    'inventory-relay-dlq': 1_209_600,
  });
});

test.each(ofType('SQS::Queue').map(({ properties }) => [properties.QueueName]))(
  '%s is encrypted and refuses plain HTTP',
  (queue) => {
    expect(named(queue).properties.SqsManagedSseEnabled).toBe(true);
    expect(policyOf('Queue', queue)).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  },
);

test.each(['order-events', 'inventory-events'])('%s refuses plain HTTP and lets nobody else publish', (topic) => {
  const statements = policyOf('Topic', topic);
  expect(statements).toHaveLength(1);
  expect(statements[0]).toMatchObject({
    Effect: 'Deny',
    Action: 'sns:Publish',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

describe.each([
  ['orders', 'order/relay-order-events', 'order-events', 'order-relay-dlq'],
  ['reservations', 'inventory/relay-inventory-events', 'inventory-events', 'inventory-relay-dlq'],
])('S0-21 the relay of %s', (table, handler, topic, parkingQueue) => {
  const { properties } = only(mappings.filter((mapping) => functionOf(mapping.properties.FunctionName) === handler));

  test('reads its stream from the first record on, facts only', () => {
    expect(target(properties.EventSourceArn)).toBe(table);
    expect(properties).toMatchObject({ StartingPosition: 'TRIM_HORIZON', BatchSize: 100 });
    expect(properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
      { dynamodb: { NewImage: { fact: { M: { type: { S: [{ exists: true }] } } } } } },
    ]);
  });

  test('tries for six hours, halves a failing batch, and parks what still fails', () => {
    expect(properties).toMatchObject({ MaximumRecordAgeInSeconds: 21_600, BisectBatchOnFunctionError: true });
    expect(properties.MaximumRetryAttempts ?? -1).toBe(-1);
    expect(target(properties.DestinationConfig.OnFailure.Destination)).toBe(parkingQueue);
    expect(properties.FunctionResponseTypes).toBeUndefined(); // the handler throws: nothing may be taken as a success
  });

  test(`publishes to ${topic} and parks in ${parkingQueue}`, () => {
    const { TOPIC_ARN, PARKING_QUEUE_URL } = byId(referenced(properties.FunctionName)).properties.Environment.Variables;
    expect([target(TOPIC_ARN), target(PARKING_QUEUE_URL)]).toEqual([topic, parkingQueue]);
  });
});
