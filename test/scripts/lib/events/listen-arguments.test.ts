import { topicNames } from '../../../../lib/names';
import { UsageError } from '../../../../scripts/lib/command';
import { eventTypes, listenOf, type Values } from '../../../../scripts/lib/events/listen-arguments';

test('S1-25 the topics are those of the order system, and each has events', () => {
  expect(Object.keys(eventTypes).sort()).toEqual([...topicNames].sort());
  for (const types of Object.values(eventTypes)) expect(types.length).toBeGreaterThan(0);
  expect(eventTypes['user-events']).toEqual(['UserAccessChanged.v1', 'UserAuthenticated.v2', 'UserProfileCreated.v2']);
});

test.each<[string, string[], Values, unknown]>([
  [
    'one type of a topic',
    ['order-events'],
    { type: 'OrderConfirmed.v2' },
    { wanted: [{ topic: 'order-events', types: ['OrderConfirmed.v2'] }] },
  ],
  ['a whole topic', ['order-events'], {}, { wanted: [{ topic: 'order-events', types: 'all' }] }],
  [
    'several types of several topics, of one tenant, for a while',
    ['order-events', 'payment-events'],
    {
      type: 'OrderConfirmed.v2, OrderCancelled.v2,PaymentSucceeded.v1',
      tenant: 'shop-a',
      count: '3',
      for: '60',
    },
    {
      wanted: [
        { topic: 'order-events', types: ['OrderConfirmed.v2', 'OrderCancelled.v2'] },
        { topic: 'payment-events', types: ['PaymentSucceeded.v1'] },
      ],
      tenant: 'shop-a',
      count: 3,
      seconds: 60,
    },
  ],
  ['a topic named twice', ['user-events', 'user-events'], {}, { wanted: [{ topic: 'user-events', types: 'all' }] }],
])('S1-25 %s', (_what, topics, values, expected) => expect(listenOf(topics, values)).toEqual(expected));

const topics =
  'order-events, inventory-events, payment-events, catalog-events, tenant-events, user-events, return-events, alert-events, privacy-events';

test.each<[string, string[], Values, string]>([
  ['no topic', [], {}, `say which topic: ${topics}. See --help.`],
  ['a wrong topic', ['orders'], {}, `"orders": no such topic; there are ${topics}. See --help.`],
  ['a name that objects have', ['toString'], {}, `"toString": no such topic; there are ${topics}. See --help.`],
  [
    'a type of another topic',
    ['user-events'],
    { type: 'OrderConfirmed.v2' },
    '--type "OrderConfirmed.v2": no such event on user-events; there are UserAccessChanged.v1, UserAuthenticated.v2, UserProfileCreated.v2. See --help.',
  ],
  [
    'a topic that none of the types is of',
    ['user-events', 'alert-events'],
    { type: 'AlertRaised.v1' },
    'user-events: has none of AlertRaised.v1; it has UserAccessChanged.v1, UserAuthenticated.v2, UserProfileCreated.v2. See --help.',
  ],
  ['no tenant', ['user-events'], { tenant: 'Shop A' }, '--tenant "Shop A": no tenant has this name. See --help.'],
  ['no count', ['user-events'], { count: '0' }, '--count "0": a whole number from 1 to 1000000. See --help.'],
  ['a fraction', ['user-events'], { for: '1.5' }, '--for "1.5": a whole number from 1 to 86400. See --help.'],
])('%s is refused with what exists', (_what, words, values, message) =>
  expect(() => listenOf(words, values)).toThrow(new UsageError(message)),
);
