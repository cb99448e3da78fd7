import { readConfig } from '../../lib/config';
import { synthesize } from './synthesize';

describe.each(['local', 'prod'] as const)('the fan-out core alone on stage %s', (stage) => {
  const { functions, ofType, all } = synthesize(stage, { services: 'core' });

  test('has the functions of the seed document, and the authorizer that determines whose guests they are', () => {
    expect(functions.map(({ label }) => label).sort()).toEqual([
      'billing/bill-order',
      'identity/authorize',
      'inventory/describe-reservation',
      'inventory/relay-inventory-events',
      'inventory/take-stock',
      'notification/notify-customer',
      'order/advance-order',
      'order/get-order',
      'order/health',
      'order/place-order',
      'order/relay-order-events',
      'order/sweep-due-orders',
    ]);
  });

  test('S0-04 S0-05 S0-06 S0-07 S0-08 has its topics and queues', () => {
    const names = (type: string, name: string) =>
      ofType(type)
        .map(({ properties }) => properties[name])
        .sort();
    const alarms = stage === 'prod' ? ['operations-alarms'] : [];
    expect(names('SNS::Topic', 'TopicName')).toEqual(['inventory-events', ...alarms, 'order-events'].sort());
    expect(names('SQS::Queue', 'QueueName')).toEqual(
      [
        'billing-queue',
        'inventory-queue',
        'inventory-relay-dlq',
        'notification-queue',
        ...alarms.map((name) => `${name}-dlq`),
        'order-processing-dlq',
        'order-relay-dlq',
        'order-saga-queue',
      ].sort(),
    );
  });

  test('S0-11 S0-12 S0-13 S0-14 has its tables, and those that these need', () => {
    expect(
      ofType('DynamoDB::GlobalTable')
        .map(({ properties }) => properties.TableName)
        .sort(),
    ).toEqual([
      'billing',
      'inventory',
      'notifications',
      'order-products',
      'orders',
      'rate-limits',
      'reservations',
      'subject-keys',
      'tenants',
      'users',
    ]);
  });

  test('is small, needs no accounts and has no WebSocket API', () => {
    expect(all.length).toBeLessThan(stage === 'local' ? 80 : 110);
    for (const type of ['Cognito::UserPool', 'ApiGatewayV2::Api', 'S3::Bucket']) expect(ofType(type)).toEqual([]);
    expect(all.filter(({ id }) => id.startsWith('Session'))).toEqual([]);
  });
});

test('services=core refuses what it has not', () => {
  expect(() => readConfig({ stage: 'local', services: 'core', auth: 'cognito' })).toThrow('has no accounts');
  expect(() => readConfig({ stage: 'local', services: 'core', live: 'on' })).toThrow('has no live status');
  expect(() => readConfig({ stage: 'local', services: 'some' })).toThrow('-c services=some: must be one of all, core');
});
