import * as z from 'zod';
import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import { paymentReconciliation } from './payment-reconciliation';
import { at, orderEvent, refunded, refundFailed, succeeded } from './reconciled-events';

const awaiting = orderEvent('OrderAwaitingPayment.v2', { version: 2, deadline: 1800 });

const line = { productId: 'PRD-001', name: 'Mouse', quantity: 1, unitPrice: 4400, lineTotal: 4400, taxRateBps: 0 };
type Status = NonNullable<OrderDescribed['order']>['status'];
const described = (version: number, status: Status): OrderDescribed => ({
  order: {
    ...{ version, status, trackingTokenHash: 'hash', stockStatus: 'RESERVED' },
    paymentStatus: status === 'CONFIRMED' ? 'PAID' : 'WAITING_PAYMENT',
    ...{ total: 4400, currency: 'JPY', lines: [line] },
  },
});

/** Nothing waits for it: its stock is taken away. */
const over = (version: number, status: Status): OrderDescribed => {
  const { order } = described(version, status);
  return order ? { order: { ...order, stockStatus: 'DEDUCTED', paymentStatus: 'PAID' } } : {};
};

describe('the sweep of deadlines', () => {
  test('S2-23 checks every 10 s while something is due within the minute', async () => {
    const { receive, sweep, clock, published } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10 }));
    expect(await sweep(12)).toMatchObject({ passes: 4, checked: 1, failed: [] });
    expect(new Date(clock.now).toISOString()).toBe(at(42)); // due at 40, seen by the pass of 42
    expect(published()).toEqual(['AlertRaised payment_without_order']);
  });

  test('S2-23 ends at once when nothing is due', async () => {
    const { receive, sweep, clock } = paymentReconciliation();
    await receive(10, awaiting);
    expect(await sweep(12)).toEqual({ passes: 1, checked: 0, unfit: 0, failed: [] });
    expect(new Date(clock.now).toISOString()).toBe(at(12));
  });

  test('ends before the next minute begins one', async () => {
    const { receive, sweep, deps, clock } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10 }));
    deps.states.due = async () => [{ tenant: 'shop-a', orderId: 'ORD-000009', dueAt: at(1000) }] as never;
    expect(await sweep(60)).toMatchObject({ passes: 6 });
    expect(new Date(clock.now).toISOString()).toBe(at(110));
  });

  test('an order that cannot be checked does not stop the others, and is checked again', async () => {
    const { receive, sweep, deps, published, table } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10 }));
    const other = { tenant: 'shop-a', orderId: 'ORD-000002', total: 100 };
    await receive(10, succeeded({ at: 10, shop: other }));
    const { get } = deps.states;
    deps.states.get = async (key) => {
      if (key.orderId === 'ORD-000002') throw new Error('not readable');
      return get(key);
    };
    const { failed } = await sweep(40);
    expect(failed.map(({ key }) => key.orderId)).toContain('ORD-000002');
    expect(published()).toEqual(['AlertRaised payment_without_order']);
    expect(table.get({ orderId: 'shop-a#ORD-000002' })?.dueAt).toBe(at(40));
  });
});

describe('an order that was paid and is not confirmed', () => {
  test('P10 closes because the order service says that it is, when its event was lost', async () => {
    let order = described(2, 'PENDING');
    const { receive, sweep, published } = paymentReconciliation(() => order);
    await receive(10, awaiting, succeeded({ at: 10 }));
    await sweep(40);
    order = described(4, 'CONFIRMED');
    await sweep(360);
    expect(published()).toEqual(['AlertRaised payment_without_order', 'AlertResolved payment_without_order']);
  });

  test('is asked about every five minutes, and stays raised while the order service says that it waits', async () => {
    const { receive, sweep, published, asked } = paymentReconciliation(() => described(2, 'PENDING'));
    await receive(10, awaiting, succeeded({ at: 10 }));
    for (let minute = 1; minute <= 10; minute += 1) await sweep(minute * 60);
    expect(asked).toHaveLength(2);
    expect(published()).toEqual(['AlertRaised payment_without_order']);
  });

  test('is asked about again before an alert says that it is stuck', async () => {
    const { receive, sweep, asked } = paymentReconciliation(() => described(2, 'PENDING'));
    await receive(10, awaiting, succeeded({ at: 10 }));
    await sweep(60);
    await sweep(120);
    await receive(130, refunded({ at: 130, version: 3 }));
    await sweep(2700);
    expect(asked).toHaveLength(2);
  });
});

describe('an order that is stuck', () => {
  test('is published when its deadline has passed and the order service says that it still waits', async () => {
    const { receive, sweep, published, events, asked } = paymentReconciliation(() => described(2, 'PENDING'));
    await receive(1, awaiting);
    await sweep(2699);
    expect(asked).toContainEqual({ ask: 'describe-order', tenantId: 'shop-a', orderId: 'ORD-000001' });
    expect(published()).toEqual(['AlertRaised order_stuck']);
    expect(events[0]?.data).toMatchObject({ severity: 'P2', error: 'PENDING since version 2, with no progress' });
  });

  test('is not reported when the order has gone on and only its event was lost', async () => {
    const { receive, sweep, published, table } = paymentReconciliation(() => described(5, 'CANCELLED'));
    await receive(1, awaiting);
    await sweep(2800);
    expect(published()).toEqual([]);
    expect(table.get({ orderId: 'shop-a#ORD-000001' })?.dueAt).toBeUndefined();
  });

  test('is not reported when the order service knows no such order', async () => {
    const { receive, sweep, published } = paymentReconciliation(() => ({}));
    await receive(1, awaiting);
    await sweep(2800);
    expect(published()).toEqual([]);
  });

  test('P10 closes when the order goes on, by its event or because the order service says so', async () => {
    const ends = [
      async ({ receive }: ReturnType<typeof paymentReconciliation>) =>
        receive(2900, orderEvent('OrderCancelled.v2', { version: 3, at: 2900 })),
      async ({ sweep }: ReturnType<typeof paymentReconciliation>) => sweep(3100),
    ];
    for (const end of ends) {
      let order = described(2, 'PENDING');
      const watch = paymentReconciliation(() => order);
      await watch.receive(1, awaiting);
      await watch.sweep(2700);
      order = described(3, 'CANCELLED');
      await end(watch);
      expect(watch.published()).toEqual(['AlertRaised order_stuck', 'AlertResolved order_stuck']);
    }
  });

  test('is asked about every five minutes while it is stuck, not at each pass', async () => {
    const { receive, sweep, asked } = paymentReconciliation(() => described(2, 'PENDING'));
    await receive(1, awaiting);
    for (let minute = 45; minute <= 60; minute += 1) await sweep(minute * 60);
    expect(asked).toHaveLength(4); // at 45, 50, 55 and 60
  });

  test('of a shop without payments: costs nothing until it is published again after a long time', async () => {
    const { receive, sweep, published, table } = paymentReconciliation(() => described(1, 'PENDING'));
    const placed = orderEvent('OrderPlaced.v2', { paymentStatus: 'NOT_REQUIRED' });
    await receive(180, placed);
    expect(table.all()).toEqual([]);
    await receive(1260, placed);
    await sweep(1260);
    expect(published()).toEqual(['AlertRaised order_stuck']);
    await receive(1300, orderEvent('OrderConfirmed.v2', { version: 2, at: 1300, paymentStatus: 'NOT_REQUIRED' }));
    expect(published()).toEqual(['AlertRaised order_stuck', 'AlertResolved order_stuck']);
  });

  test('shipped, and its stock never deducted: is published when its event is published again', async () => {
    const { receive, sweep, published } = paymentReconciliation(() => described(6, 'SHIPPED'));
    const shipped = orderEvent('OrderShipped.v2', { version: 6, at: 100, paymentStatus: 'PAID' });
    await receive(1, awaiting, succeeded({ at: 1 }));
    await receive(100, shipped);
    await sweep(1100);
    expect(published()).toEqual([]);
    await receive(1150, shipped);
    await sweep(1150);
    expect(published()).toEqual(['AlertRaised order_stuck']);
  });

  test.each([
    ['OrderShipped.v2', 'SHIPPED', 'DEDUCTED'],
    ['OrderCancelled.v2', 'CANCELLED', 'RELEASED'],
  ] as const)('%s that comes again late is no sign when nothing is waited for', async (type, status, stockStatus) => {
    const { order } = described(6, status);
    const { receive, sweep, published, table } = paymentReconciliation(() =>
      order ? { order: { ...order, stockStatus } } : {},
    );
    await receive(2000, orderEvent(type, { version: 6, at: 100, paymentStatus: 'NOT_REQUIRED' }));
    await sweep(2000);
    expect([published(), table.get({ orderId: 'shop-a#ORD-000001' })?.dueAt]).toEqual([[], undefined]);
  });

  test.each(['PAID', 'NOT_REQUIRED'] as const)(
    'P7 a delivered order (%s) that is replayed twice alarms nobody',
    async (paymentStatus) => {
      const { receive, sweep, published, asked } = paymentReconciliation(() => over(6, 'DELIVERED'));
      const delivered = orderEvent('OrderDelivered.v2', { version: 6, at: 100, paymentStatus });
      if (paymentStatus === 'PAID')
        await receive(
          50,
          succeeded({ at: 50 }),
          orderEvent('OrderConfirmed.v2', { version: 3, at: 50, paymentStatus }),
        );
      await receive(100, delivered);
      await receive(7200, delivered);
      await sweep(7260);
      await receive(10_800, delivered);
      await sweep(10_860);
      expect(published()).toEqual([]);
      expect(asked).toHaveLength(1); // what it said the first time holds
    },
  );

  test('P10 a returned order whose refund failed is reported once, however often it is published again', async () => {
    const { receive, sweep, published } = paymentReconciliation(() => over(7, 'RETURNED'));
    const returned = orderEvent('OrderReturned.v2', { version: 7, at: 1000, paymentStatus: 'PAID' });
    const sold = orderEvent('OrderConfirmed.v2', { version: 3, at: 50, paymentStatus: 'PAID' });
    await receive(50, succeeded({ at: 50 }), sold);
    await receive(1000, returned, refundFailed({ at: 1000, version: 4 }));
    for (let hour = 1; hour <= 4; hour += 1) {
      await receive(1000 + hour * 3600, returned);
      for (let minute = 1; minute <= 6; minute += 1) await sweep(1000 + hour * 3600 + minute * 60);
    }
    expect(published()).toEqual(['AlertRaised refund_failed']);
  });

  test('P7 old events that are sent again alarm nobody when the order has gone on', async () => {
    const { receive, sweep, published } = paymentReconciliation(() => described(4, 'CONFIRMED'));
    await receive(90_000, orderEvent('OrderPlaced.v2', { paymentStatus: 'NOT_REQUIRED' }), awaiting);
    await sweep(90_000);
    await sweep(99_000);
    expect(published()).toEqual([]);
  });
});

test('F-46 a row that cannot be read is rescheduled for an hour, counted and reported', async () => {
  const { receive, sweep, deps, table } = paymentReconciliation();
  await receive(10, awaiting, succeeded({ at: 10 }));
  const { get } = deps.states;
  deps.states.get = async () => z.never().parse('another version');
  expect(await sweep(40)).toMatchObject({ checked: 0, unfit: 1, failed: [{ key: { orderId: 'ORD-000001' } }] });
  deps.states.get = get;
  expect(table.get({ orderId: 'shop-a#ORD-000001' })?.dueAt).toBe(at(3640));
});

test('F-46 a row that has failed for a quarter of an hour is rescheduled for another', async () => {
  const { receive, sweep, deps, table } = paymentReconciliation();
  await receive(10, awaiting, succeeded({ at: 10 }));
  deps.states.get = async () => {
    throw new Error('not readable');
  };
  await sweep(40 + 900);
  expect(table.get({ orderId: 'shop-a#ORD-000001' })?.dueAt).toBe(at(40 + 1800));
});
