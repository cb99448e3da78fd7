import type { InventoryEvent } from '../../lambda/contracts/events/inventory-events';
import { OrderStatus } from '../../lambda/contracts/values/order-status';
import type { Order } from '../../lambda/order/domain/order';
import { transitions } from '../../lambda/order/domain/order';
import { cancelOrder, updateStatus } from '../../lambda/order/domain/order-commands';
import { orderEvent, orderEvents, outstandingEvents } from '../../lambda/order/domain/order-event';
import { decide, decideDue } from '../../lambda/order/domain/order-process';
import { placedOrder } from '../support/orders';

const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };
const at = new Date('2026-11-21T09:00:00.000Z');
const asked = { cause: { at, actor: 'u-staff' }, timeouts };

const heard = (type: InventoryEvent['type'], version = 1): InventoryEvent =>
  ({ type, id: `default/ORD-000001:${version}`, data: { orderId: 'ORD-000001' } }) as InventoryEvent;

const reserved = (status: OrderStatus): Order => placedOrder({ status, stockStatus: 'RESERVED', dueAt: undefined });

const moved = (order: Order, ...statuses: OrderStatus[]): Order =>
  statuses.reduce((current, status) => {
    const decision = updateStatus(current, { status }, asked);
    if (!decision.accepted) throw new Error(decision.reason);
    return decision.fact;
  }, order);

const confirmed = (): Order => {
  const order = decide(placedOrder(), heard('StockReserved.v1'), at, timeouts);
  if (order === undefined) throw new Error('not confirmed');
  return order;
};

describe('moving an order on', () => {
  const legal: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
    PENDING: ['CONFIRMED', 'CANCELLED'],
    CONFIRMED: ['PROCESSING', 'CANCELLED'],
    PROCESSING: ['SHIPPED', 'CANCELLED'],
    SHIPPED: ['DELIVERED'],
    DELIVERED: [],
    CANCELLED: [],
    RETURNED: [],
  };
  const pairs = OrderStatus.options.flatMap((from) => OrderStatus.options.map((to) => [from, to] as const));

  test.each(pairs)('S4-12, S4-13, S4-14, S4-15, S4-16, S4-46: transitions from %s to %s', (from, to) => {
    const decision = updateStatus(reserved(from), { status: to }, asked);
    if (legal[from].includes(to)) expect(decision).toMatchObject({ accepted: true, fact: { status: to, version: 2 } });
    else expect(decision).toEqual({ accepted: false, reason: 'invalid-transition' });
  });

  test('an order that its refund has ended is refused as not paid; any other cancelled order moves nowhere', () => {
    const ended = { status: 'CANCELLED', paymentStatus: 'REFUNDED', cancelReason: 'payment-failed' } as const;
    const refusal = (change: Partial<Order>) =>
      updateStatus(placedOrder({ ...ended, ...change }), { status: 'SHIPPED' }, asked);
    expect(refusal({})).toEqual({ accepted: false, reason: 'not-paid' });
    const others = [{ cancelReason: 'by-customer' }, { paymentStatus: 'PAID' }, { status: 'RETURNED' }] as const;
    for (const other of others) expect(refusal(other)).toEqual({ accepted: false, reason: 'invalid-transition' });
  });

  test('a parcel that was paid when it was shipped is delivered after a refund; one that was not paid then is not', () => {
    const placed = {
      at: '2026-11-21T08:00:00.000Z',
      event: 'OrderPlaced',
      status: 'PENDING',
      stockStatus: 'PENDING',
    } as const;
    const shipped = { ...placed, event: 'OrderShipped', status: 'SHIPPED', stockStatus: 'DEDUCTED' } as const;
    const history = (paymentStatus: 'PAID' | 'WAITING_PAYMENT'): Order['history'] => [
      { ...placed, paymentStatus: 'PAID' },
      { ...shipped, paymentStatus },
    ];
    const delivered = (entries: Order['history']) =>
      updateStatus(
        placedOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED', paymentStatus: 'REFUNDED', history: entries }),
        { status: 'DELIVERED' },
        asked,
      );
    expect(delivered(history('PAID'))).toMatchObject({ accepted: true, fact: { status: 'DELIVERED' } });
    expect(delivered(history('WAITING_PAYMENT'))).toEqual({ accepted: false, reason: 'not-paid' });
    expect(delivered(history('PAID').slice(0, 1))).toEqual({ accepted: false, reason: 'not-paid' });
  });

  test('only a delivery has a time of delivery', () => {
    const packed = moved(reserved('CONFIRMED'), 'PROCESSING');
    expect([packed.shippedAt, packed.deliveredAt]).toEqual([undefined, undefined]);
  });

  test('every step that takes something names the status that gives it back, and that one can be reached or is a return', () => {
    const steps = Object.entries(transitions).flatMap(([, next]) =>
      Object.entries(next).map(([to, { compensation }]) => [to, compensation] as const),
    );
    for (const [to, compensation] of steps.filter(([, status]) => status === 'CANCELLED')) {
      expect(transitions[to as OrderStatus][compensation as OrderStatus]).toBeDefined();
    }
    const ends = steps.filter(([, compensation]) => compensation === 'never').map(([to]) => to);
    expect(new Set(ends)).toEqual(new Set(['CANCELLED', 'RETURNED']));
  });

  test.each(['PENDING', 'BACKORDERED'] as const)('is not confirmed by hand while its stock is %s', (stockStatus) => {
    const decision = updateStatus(placedOrder({ stockStatus }), { status: 'CONFIRMED' }, asked);
    expect(decision).toEqual({ accepted: false, reason: 'stock-not-reserved' });
  });

  test('S4-19 is refused when the order has another version than the caller has seen', () => {
    expect(updateStatus(reserved('CONFIRMED'), { status: 'PROCESSING', version: 2 }, asked)).toEqual({
      accepted: false,
      reason: 'version-mismatch',
    });
    expect(updateStatus(reserved('CONFIRMED'), { status: 'PROCESSING', version: 1 }, asked).accepted).toBe(true);
  });

  test('S4-18 notes when it was shipped and when it was delivered, and who asked', () => {
    const shipped = moved(reserved('PROCESSING'), 'SHIPPED');
    expect(shipped).toMatchObject({ shippedAt: '2026-11-21T09:00:00.000Z', fact: { type: 'OrderShipped' } });
    expect(shipped.deliveredAt).toBeUndefined();
    expect(moved(shipped, 'DELIVERED')).toMatchObject({ deliveredAt: '2026-11-21T09:00:00.000Z' });
    expect(shipped.history.at(-1)).toMatchObject({ event: 'OrderShipped', actor: 'u-staff' });
  });
});

describe('cancelling', () => {
  test.each(['PENDING', 'CONFIRMED', 'PROCESSING'] as const)(
    'S4-30 a %s order is cancelled, for the reason given',
    (status) => {
      const decision = cancelOrder(reserved(status), { reason: 'by-customer' }, asked);
      expect(decision).toMatchObject({
        accepted: true,
        fact: { status: 'CANCELLED', dueAt: '2026-11-21T09:01:00.000Z', fact: { reason: 'by-customer' } },
      });
    },
  );

  test.each(['SHIPPED', 'DELIVERED', 'RETURNED'] as const)('S4-15 a %s order is not cancelled any more', (status) => {
    expect(cancelOrder(reserved(status), { reason: 'by-staff' }, asked)).toEqual({
      accepted: false,
      reason: 'invalid-transition',
    });
  });

  test('a cancelled order stays as it is, whatever version the caller has seen', () => {
    const cancelled = reserved('CANCELLED');
    expect(cancelOrder(cancelled, { reason: 'by-customer', version: 7 }, asked)).toEqual({
      accepted: true,
      fact: cancelled,
    });
  });

  test('P12 a reservation that comes after the cancellation changes nothing; the release settles it', () => {
    const cancelled = moved(placedOrder(), 'CANCELLED');
    expect(decide(cancelled, heard('StockReserved.v1'), at, timeouts)).toBeUndefined();
    expect(decide(cancelled, heard('StockShort.v1'), at, timeouts)).toBeUndefined();
    const released = decide(cancelled, heard('StockReleased.v1'), at, timeouts);
    expect(released).toMatchObject({ stockStatus: 'RELEASED' });
    expect(released?.dueAt).toBeUndefined();
  });
});

describe('a shipped order', () => {
  const shipped = () => moved(confirmed(), 'PROCESSING', 'SHIPPED');

  test('S4-31 is due until its stock is deducted', () => {
    expect(shipped()).toMatchObject({ version: 4, dueAt: '2026-11-21T09:01:00.000Z' });
    const deducted = decide(shipped(), heard('StockDeducted.v1'), at, timeouts);
    expect(deducted).toMatchObject({ status: 'SHIPPED', stockStatus: 'DEDUCTED', version: 5 });
    expect(deducted?.dueAt).toBeUndefined();
    expect(deducted && orderEvent(deducted)).toBeUndefined();
  });

  test('that is delivered before its stock is deducted is still due, and inventory is asked by the event of the shipping', () => {
    const delivered = moved(shipped(), 'DELIVERED');
    expect(decideDue(delivered, new Date('2026-11-21T09:01:00.000Z'), timeouts)).toBeDefined();
    expect(outstandingEvents(delivered)[0]).toMatchObject({
      id: 'default/ORD-000001:4',
      type: 'OrderShipped.v2',
      time: '2026-11-21T09:00:00.000Z',
      data: { status: 'SHIPPED', previousStatus: 'PROCESSING', shippedAt: '2026-11-21T09:00:00.000Z' },
    });
    const deducted = decide(delivered, heard('StockDeducted.v1'), at, timeouts);
    expect(deducted).toMatchObject({ status: 'DELIVERED', stockStatus: 'DEDUCTED' });
    expect(deducted && decideDue(deducted, new Date('2027-01-01T00:00:00.000Z'), timeouts)).toBeUndefined();
  });

  test.each(['PENDING', 'CONFIRMED', 'PROCESSING', 'CANCELLED'] as const)(
    'only is deducted: a %s order that hears of a deduction stays as it is',
    (status) => {
      expect(decide(reserved(status), heard('StockDeducted.v1'), at, timeouts)).toBeUndefined();
    },
  );

  test('S4-32, S3-47: a delivery is reported as such and as a completed sale', () => {
    const delivered = moved(shipped(), 'DELIVERED');
    expect(orderEvents({ ...delivered, ownerId: 'ada' })).toMatchObject([
      {
        id: 'default/ORD-000001:5',
        type: 'OrderDelivered.v2',
        data: { previousStatus: 'SHIPPED', status: 'DELIVERED', deliveredAt: '2026-11-21T09:00:00.000Z' },
      },
      {
        id: 'default/ORD-000001.completed:5',
        type: 'OrderCompleted.v1',
        data: { orderId: 'ORD-000001', userId: 'ada', totalAmount: 6600, currency: 'JPY', items: [{ quantity: 2 }] },
      },
    ]);
  });
});

describe('what the sweep asks for again', () => {
  test('is the placing of a backordered order, under the ID that it had', () => {
    const backordered = decide(placedOrder(), heard('StockShort.v1'), at, timeouts);
    expect(backordered && outstandingEvents(backordered)[0]).toMatchObject({
      id: 'default/ORD-000001:1',
      type: 'OrderPlaced.v2',
      time: '2026-11-21T08:00:00.000Z',
    });
  });

  test('is the cancellation of a cancelled one, and nothing of one that waits for nothing', () => {
    expect(outstandingEvents(moved(confirmed(), 'CANCELLED'))[0]).toMatchObject({
      id: 'default/ORD-000001:3',
      type: 'OrderCancelled.v2',
      data: { reason: 'by-staff', previousStatus: 'CONFIRMED' },
    });
    expect(outstandingEvents(confirmed())[0]).toBeUndefined();
  });

  test('begins with one timeouts again after each change', () => {
    const order = placedOrder({ dueAttempts: 5 });
    const cancelled = moved(order, 'CANCELLED');
    expect([cancelled.dueAttempts, cancelled.dueAt]).toEqual([undefined, '2026-11-21T09:01:00.000Z']);
  });
});

test('a shop that refuses backorders cancels a short order at once', () => {
  const cancelled = decide(placedOrder(), heard('StockShort.v1'), at, {
    ...timeouts,
    backorderSeconds: 0,
    paymentSeconds: 1800,
  });
  expect(cancelled).toMatchObject({ status: 'CANCELLED', fact: { type: 'OrderCancelled', reason: 'out-of-stock' } });
});
