import { listenedTo, type Routes, routeOf, typesOf } from '../../../../scripts/lib/dead-letters/dead-letter-route';
import { deadLetter } from './dead-letters';

const routes: Routes = {
  workQueues: ['inventory-queue', 'notification-queue', 'billing-queue', 'order-saga-queue'],
  subscriptions: [
    { queue: 'inventory-queue', types: ['OrderPlaced.v2', 'OrderCancelled.v2'] },
    { queue: 'notification-queue', types: ['OrderPlaced.v2'] },
    { queue: 'notification-queue', types: ['OrderPlaced.v2'] },
    { queue: 'order-saga-queue', types: ['StockShort.v1'] },
    { queue: 'order-processing-dlq', types: 'all' },
  ],
};

describe('a redrive goes', () => {
  test('to the queue that the consumer noted, whatever SQS and the type say', () => {
    const attributes = { sourceQueue: 'billing-queue', type: 'OrderPlaced.v2' };
    expect(routeOf(deadLetter({ attributes, movedFrom: 'inventory-queue' }), routes)).toEqual({
      to: ['billing-queue'],
    });
  });

  test('to the queue that SQS noted when the consumer noted none', () => {
    const attributes = { type: 'OrderPlaced.v2' };
    expect(routeOf(deadLetter({ attributes, movedFrom: 'inventory-queue' }), routes)).toEqual({
      to: ['inventory-queue'],
    });
  });

  test('A3 to the queue of its own stage, by the name that the stage gives it', () => {
    const attributes = { sourceQueue: 'dev-billing-queue' };
    expect(routeOf(deadLetter({ attributes }), { ...routes, stage: 'dev' })).toEqual({ to: ['billing-queue'] });
    expect(routeOf(deadLetter({ attributes }), { ...routes, stage: 'prod' })).toHaveProperty('problem');
  });

  test('to every work queue that is subscribed to its type, once, when nobody noted one', () => {
    const attributes = { type: 'OrderPlaced.v2' };
    expect(routeOf(deadLetter({ attributes }), routes)).toEqual({ to: ['inventory-queue', 'notification-queue'] });
  });

  test('by the type in its body when it has no attribute', () => {
    expect(routeOf(deadLetter({ eventType: 'OrderCancelled.v2' }), routes)).toEqual({ to: ['inventory-queue'] });
  });
});

test.each([
  ['inventory-queue', ['OrderPlaced.v2', 'OrderCancelled.v2']],
  ['notification-queue', ['OrderPlaced.v2']],
  ['order-processing-dlq', ['all']],
  ['billing-queue', []],
])('%s listens to each of its types once, however many topics it is subscribed to', (queue, types) => {
  const again = { ...routes, subscriptions: [...routes.subscriptions, ...routes.subscriptions] };
  expect(listenedTo(queue, again.subscriptions)).toEqual(types);
});

describe('a redrive is refused', () => {
  test.each(['stream', 'order-processing-dlq', 'gone-queue', ''])(
    'to a source "%s" that no service works on',
    (sourceQueue) => {
      expect(routeOf(deadLetter({ attributes: { sourceQueue } }), routes)).toEqual({
        problem: `its source "${sourceQueue}" is no queue that a service works on`,
      });
    },
  );

  test('for a type that nobody is subscribed to', () => {
    expect(routeOf(deadLetter({ eventType: 'Unknown.v1' }), routes)).toEqual({
      problem: 'no queue is subscribed to events of type "Unknown.v1"',
    });
  });
});

test.each([
  ['{"type":["OrderPlaced.v2","OrderCancelled.v2"]}', ['OrderPlaced.v2', 'OrderCancelled.v2']],
  ['{"tenantId":["a"]}', 'all'],
  ['', 'all'],
  [undefined, 'all'],
])('the filter policy %s lets %j through', (policy, types) => {
  expect(typesOf(policy)).toEqual(types);
});
