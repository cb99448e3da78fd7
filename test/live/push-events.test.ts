import { ServerFrame } from '../../lambda/contracts/api/live-api';
import type { LiveEvent } from '../../lambda/live/push-events';
import { orderConfirmed, paymentRequested } from '../support/live-events';
import { orderCancelled } from '../support/order-events';
import { type LiveSystem, liveSystem, shopA } from './live-system';

let live: LiveSystem;

beforeEach(async () => {
  live = liveSystem();
  live.order(shopA, 'ORD-000001', { ownerId: 'ada' });
});

/** Joins and follows; what was answered to that is not counted among the pushes. */
const joined = async (name: string, role: string, target: object = { orderId: 'ORD-000001' }) => {
  await live.join(name, shopA, role, name.replace(/-\d$/, ''));
  const { answers } = await live.say(name, { action: 'subscribe', ...target });
  expect(answers[0]).toMatchObject({ type: 'subscribed' });
};

const pushesTo = (name: string) => live.framesOf(name).slice(1);

const confirmed = {
  type: 'order',
  orderId: 'ORD-000001',
  version: 3,
  event: 'OrderConfirmed',
  at: '2026-11-21T08:00:00.000Z',
  status: 'CONFIRMED',
  previousStatus: 'PENDING',
  paymentStatus: 'PAID',
};

describe('S2-30 what happens to an order', () => {
  test('is pushed to its followers and to those of the feed, with its version and the state of its payment', async () => {
    await joined('ada', 'customer');
    await joined('sam', 'staff', { feed: true });
    expect(await live.push(orderConfirmed('shop-a', 'ORD-000001', 3))).toEqual([undefined]);
    expect([pushesTo('ada'), pushesTo('sam')]).toEqual([[confirmed], [confirmed]]);
  });

  test('is pushed once to who follows both, and to each window of one customer', async () => {
    await joined('sam', 'staff', { feed: true });
    await live.say('sam', { action: 'subscribe', orderId: 'ORD-000001' });
    await joined('ada-1', 'customer');
    await joined('ada-2', 'customer');
    await live.push(orderConfirmed('shop-a', 'ORD-000001', 3));
    expect(live.framesOf('sam').filter(({ type }) => type === 'order')).toEqual([confirmed]);
    expect([pushesTo('ada-1'), pushesTo('ada-2')]).toEqual([[confirmed], [confirmed]]);
  });

  test('the events of one order come one after the other, whatever else is in their batch', async () => {
    await joined('sam', 'staff', { feed: true });
    const batch = [3, 4, 5].flatMap((version) =>
      ['ORD-000001', 'ORD-000002'].map((orderId) => orderConfirmed('shop-a', orderId, version)),
    );
    expect(await live.push(...batch)).toEqual(batch.map(() => undefined));
    for (const orderId of ['ORD-000001', 'ORD-000002'])
      expect(pushesTo('sam').flatMap((push) => (push.orderId === orderId ? [push.version] : []))).toEqual([3, 4, 5]);
  });

  test('a cancelled order says why', async () => {
    await joined('sam', 'staff', { feed: true });
    await live.push({ ...orderCancelled(), tenantid: 'shop-a' });
    expect(pushesTo('sam')).toMatchObject([
      { event: 'OrderCancelled', status: 'CANCELLED', reason: 'backorder-expired' },
    ]);
  });

  test('its payment is reported by a frame of its own', async () => {
    await joined('ada', 'customer');
    await live.push(paymentRequested('shop-a', 'ORD-000001'));
    expect(pushesTo('ada')).toEqual([
      {
        type: 'payment',
        orderId: 'ORD-000001',
        paymentVersion: 1,
        event: 'PaymentRequested',
        at: '2026-11-21T08:00:05.000Z',
        deadline: '2026-11-21T08:30:00.000Z',
      },
    ]);
  });

  test.each(['PaymentMismatchFound.v1', 'PaymentRefundFailed.v1'] as const)(
    '%s is for the staff alone',
    async (type) => {
      await joined('ada', 'customer');
      await joined('sam', 'staff', { feed: true });
      const event = paymentRequested('shop-a', 'ORD-000001');
      const more = {
        externalPaymentId: 'pi_1',
        seenAmount: 1,
        seenCurrency: 'JPY',
        refundId: 'R-1',
        refundAmount: 100,
        refundedTotal: 100,
        capturedTotal: 6600,
        reason: 'insufficient funds',
      };
      await live.push({ ...event, type, data: { ...event.data, ...more } } as LiveEvent);
      expect(pushesTo('ada')).toEqual([]);
      expect(pushesTo('sam')).toHaveLength(1);
      expect(JSON.stringify(pushesTo('sam'))).not.toContain('insufficient funds');
    },
  );

  test('P14 no frame holds anything of a person, and every one is as its contract says', async () => {
    await joined('sam', 'staff', { feed: true });
    await live.push(
      orderConfirmed('shop-a', 'ORD-000001', 3),
      { ...orderCancelled(), tenantid: 'shop-a' },
      paymentRequested('shop-a', 'ORD-000001'),
    );
    for (const frame of live.framesOf('sam')) expect(ServerFrame.parse(frame)).toEqual(frame);
    expect(JSON.stringify(live.framesOf('sam'))).not.toMatch(/@|マウス|6600|customer/);
  });
});

describe('S2-30 connections that are sent nothing any more', () => {
  test('one whose token has expired is told so once, and forgotten', async () => {
    await joined('ada', 'customer');
    live.clock.now = new Date('2026-11-21T12:00:00.000Z');
    await live.push(orderConfirmed('shop-a', 'ORD-000001', 3));
    await live.push(orderConfirmed('shop-a', 'ORD-000001', 4));
    expect(pushesTo('ada')).toEqual([
      { type: 'error', problem: 'InvalidToken', detail: 'The token has expired. Connect again with a new one.' },
    ]);
    expect(live.open()).toEqual([]);
  });

  test('a dead one is cleaned up with all that it followed, and the others are told', async () => {
    await joined('ada-1', 'customer');
    await joined('ada-2', 'customer');
    live.order(shopA, 'ORD-000002', { ownerId: 'ada' });
    await live.say('ada-1', { action: 'subscribe', orderId: 'ORD-000002' });
    live.dead.add('ada-1');
    expect(await live.push(orderConfirmed('shop-a', 'ORD-000001', 3))).toEqual([undefined]);
    expect(pushesTo('ada-2')).toEqual([confirmed]);
    expect(live.open()).toEqual(['ada-2']);
    expect(await live.connections.followers('shop-a#ORD-000002')).toEqual([]);
  });

  test('a row of a connection that is known no more is cleaned up, too', async () => {
    await joined('ada', 'customer');
    live.table.delete({ subject: '#CONNECTION#ada', connectionId: 'ada' });
    live.dead.add('ada');
    await live.push(orderConfirmed('shop-a', 'ORD-000001', 3));
    expect(await live.connections.followers('shop-a#ORD-000001')).toEqual([]);
  });

  test('one that cannot be reached fails its event alone, which comes again; its neighbours are told', async () => {
    await joined('ada-1', 'customer');
    await joined('ada-2', 'customer');
    live.broken.add('ada-1');
    const outcomes = await live.push(
      orderConfirmed('shop-a', 'ORD-000001', 3),
      orderConfirmed('shop-a', 'ORD-000002', 3),
    );
    expect(outcomes.map((outcome) => outcome?.message)).toEqual(['1 of 2 connections failed', undefined]);
    expect(pushesTo('ada-2')).toEqual([confirmed]);
    expect(live.open()).toHaveLength(2);
  });
});

test('P8 an event of another shop is pushed to nobody here', async () => {
  await joined('ada', 'customer');
  await joined('sam', 'staff', { feed: true });
  await live.push(orderConfirmed('shop-b', 'ORD-000001', 3), paymentRequested('shop-b', 'ORD-000001'));
  expect([pushesTo('ada'), pushesTo('sam')]).toEqual([[], []]);
});
