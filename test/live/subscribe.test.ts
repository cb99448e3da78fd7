import { ServerFrame } from '../../lambda/contracts/api/live-api';
import { type LiveSystem, liveSystem, shopA, shopB } from './live-system';

let live: LiveSystem;

beforeEach(() => {
  live = liveSystem();
  live.order(shopA, 'ORD-000001', { ownerId: 'ada', customerId: 'eve' });
  live.order(shopB, 'ORD-000001', { version: 9, status: 'SHIPPED' });
});

const subscribed = {
  type: 'subscribed',
  orderId: 'ORD-000001',
  order: { version: 2, status: 'CONFIRMED', paymentStatus: 'PAID', stockStatus: 'RESERVED' },
};

const follow = async (who: string, more: Record<string, unknown> = {}) => {
  const { answers } = await live.say(who, { action: 'subscribe', orderId: 'ORD-000001', ...more });
  for (const answer of answers) expect(ServerFrame.parse(answer)).toEqual(answer);
  return answers[0];
};

describe('S2-30 following an order', () => {
  test.each([
    ['its owner', 'customer', 'ada'],
    ['staff of its shop', 'staff', 'sam'],
    ['an admin of its shop', 'tenant-admin', 'tom'],
  ])('%s is told what it is now, and follows it', async (_who, role, userId) => {
    await live.join('c-1', shopA, role, userId);
    expect(await follow('c-1')).toEqual(subscribed);
    expect((await live.connections.followers('shop-a#ORD-000001')).map(({ connectionId }) => connectionId)).toEqual([
      'c-1',
    ]);
  });

  test('a guest follows it with its tracking token', async () => {
    expect(await live.connectWith('c-1', { storefrontKey: 'shop-a' })).toBe(200);
    expect(await follow('c-1', { trackingToken: 'secret-token' })).toEqual(subscribed);
  });

  test('a customer follows somebody else’s with its tracking token', async () => {
    await live.join('c-1', shopA, 'customer', 'bob');
    expect(await follow('c-1', { trackingToken: 'secret-token' })).toEqual(subscribed);
  });

  test.each([
    [1, subscribed],
    [2, { type: 'subscribed', orderId: 'ORD-000001' }],
    [7, { type: 'subscribed', orderId: 'ORD-000001' }],
  ])('whoever knows version %p is told the order only when there is a newer one', async (sinceVersion, answer) => {
    await live.join('c-1', shopA, 'customer', 'ada');
    expect(await follow('c-1', { sinceVersion })).toEqual(answer);
  });

  test('what happens while somebody begins to follow is in the answer', async () => {
    await live.join('c-1', shopA, 'customer', 'ada');
    live.afterLooking.push(() => live.order(shopA, 'ORD-000001', { ownerId: 'ada', version: 3, status: 'SHIPPED' }));
    expect(await follow('c-1')).toMatchObject({ order: { version: 3, status: 'SHIPPED' } });
  });

  test('and follows it no more after unsubscribing', async () => {
    await live.join('c-1', shopA, 'customer', 'ada');
    await follow('c-1');
    const { answers } = await live.say('c-1', { action: 'unsubscribe', orderId: 'ORD-000001' });
    expect(answers).toEqual([{ type: 'unsubscribed', orderId: 'ORD-000001' }]);
    expect(await live.connections.followers('shop-a#ORD-000001')).toEqual([]);
  });
});

describe('P8 following what is not one’s own', () => {
  const notFound = {
    type: 'error',
    problem: 'OrderNotFound',
    detail: 'Order ORD-000001 not found',
    orderId: 'ORD-000001',
  };

  const nobodyFollows = async () => {
    expect(await live.connections.followers('shop-a#ORD-000001')).toEqual([]);
    expect(await live.connections.followers('shop-b#ORD-000001')).toEqual([]);
  };

  test('another customer, even the one that the order was said to be for, is answered as if there were none', async () => {
    await live.join('c-1', shopA, 'customer', 'eve');
    expect(await follow('c-1')).toEqual(notFound);
    expect(await follow('c-1', { trackingToken: 'wrong' })).toEqual(notFound);
    await nobodyFollows();
  });

  test('staff of another shop follow the order of their own shop that has the same number', async () => {
    await live.join('c-1', shopB, 'staff');
    expect(await follow('c-1', { trackingToken: 'secret-token' })).toMatchObject({ order: { version: 9 } });
    expect(await live.connections.followers('shop-a#ORD-000001')).toEqual([]);
  });

  test('a guest of another shop opens nothing with the token of this one', async () => {
    live.order(shopB, 'ORD-000001', { trackingTokenHash: 'another' });
    await live.connectWith('c-1', { storefrontKey: 'shop-b' });
    expect(await follow('c-1', { trackingToken: 'secret-token' })).toEqual(notFound);
    await nobodyFollows();
  });

  test('a guest without a tracking token is asked for it, whether the order exists or not', async () => {
    await live.connectWith('c-1', {});
    expect(await follow('c-1')).toMatchObject({ problem: 'TrackingTokenRequired' });
    expect(await follow('c-1', { orderId: 'ORD-000999' })).toMatchObject({ problem: 'TrackingTokenRequired' });
    await nobodyFollows();
  });

  test.each(['customer', 'guest'])('a %s does not follow the feed', async (role) => {
    if (role === 'guest') await live.connectWith('c-1', {});
    else await live.join('c-1', shopA, role);
    const { answers } = await live.say('c-1', { action: 'subscribe', feed: true });
    expect(answers).toEqual([
      { type: 'error', problem: 'Forbidden', detail: 'Only staff of the shop can subscribe to the feed.' },
    ]);
    expect(await live.connections.followers('shop-a#FEED')).toEqual([]);
  });

  test.each(['shop-b', 'tenant', 'tenantid', 'subject', 'connectionId'])(
    'no frame names whose orders are followed: %p is an unknown field',
    async (name) => {
      await live.join('c-1', shopA, 'staff');
      expect(await follow('c-1', { [name]: 'shop-b' })).toMatchObject({
        problem: 'ValidationFailed',
        errors: [{ pointer: `/${name}`, detail: 'unknown field' }],
      });
    },
  );
});

test('S2-30 staff follow the feed of their shop', async () => {
  await live.join('c-1', shopA, 'staff');
  const { answers } = await live.say('c-1', { action: 'subscribe', feed: true });
  expect(answers).toEqual([{ type: 'subscribed', feed: true }]);
  const left = await live.say('c-1', { action: 'unsubscribe', feed: true });
  expect(left.answers).toEqual([{ type: 'unsubscribed', feed: true }]);
});

test('one connection follows twenty orders at most, and says so', async () => {
  await live.join('c-1', shopA, 'staff');
  for (let n = 10; n < 31; n += 1) live.order(shopA, `ORD-0000${n}`);
  for (let n = 10; n < 30; n += 1) {
    live.clock.now = new Date(live.clock.now.getTime() + 1000);
    await follow('c-1', { orderId: `ORD-0000${n}` });
  }
  expect(await follow('c-1', { orderId: 'ORD-000030' })).toEqual({
    type: 'error',
    problem: 'TooManySubscriptions',
    detail: 'This connection has the maximum number of subscriptions. Unsubscribe from one first.',
    orderId: 'ORD-000030',
  });
});
