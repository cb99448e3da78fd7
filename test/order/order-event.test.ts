import type { Order, OrderFact } from '../../lambda/order/domain/order';
import { orderEvent, orderEvents, outstandingEvents } from '../../lambda/order/domain/order-event';
import { placedOrder as order } from '../support/orders';

const entry = (event: Order['history'][number]['event'], status: Order['status'], at: string) =>
  ({ at, event, status, stockStatus: 'RESERVED' }) as const;

describe('each fact that concerns others is one event', () => {
  const times = { shippedAt: '2026-11-22T09:00:00.000Z', deliveredAt: '2026-11-23T10:00:00.000Z' };
  const deadline = '2026-11-21T09:00:00.000Z';

  test.each<[OrderFact, string, object]>([
    [
      { type: 'OrderBackordered', previousStatus: 'PENDING', deadline },
      'OrderBackordered.v2',
      { previousStatus: 'PENDING', deadline },
    ],
    [{ type: 'OrderProcessing', previousStatus: 'CONFIRMED' }, 'OrderProcessing.v2', { previousStatus: 'CONFIRMED' }],
    [
      { type: 'OrderShipped', previousStatus: 'PROCESSING' },
      'OrderShipped.v2',
      { previousStatus: 'PROCESSING', shippedAt: times.shippedAt },
    ],
    [
      { type: 'OrderDelivered', previousStatus: 'SHIPPED' },
      'OrderDelivered.v2',
      { previousStatus: 'SHIPPED', ...times },
    ],
    [{ type: 'OrderReturned', previousStatus: 'DELIVERED' }, 'OrderReturned.v2', { previousStatus: 'DELIVERED' }],
  ])('%j', (fact, type, data) => {
    expect(orderEvent(order({ fact, ...times }))).toMatchObject({ type, data });
  });

  test.each(['StockReleased', 'StockDeducted', 'RefundNoted'] as const)('%s is none', (type) => {
    expect(orderEvents(order({ fact: { type } }))).toEqual([]);
  });

  test('a delivery also completes the sale; nothing else does', () => {
    const typesOf = (fact: OrderFact) => orderEvents(order({ fact })).map(({ type }) => type);
    expect(typesOf({ type: 'OrderDelivered', previousStatus: 'SHIPPED' })).toEqual([
      'OrderDelivered.v2',
      'OrderCompleted.v1',
    ]);
    expect(typesOf({ type: 'OrderShipped', previousStatus: 'PROCESSING' })).toEqual(['OrderShipped.v2']);
  });

  test('an order that awaits payment without a payment method is a fault', () => {
    const awaiting = { type: 'OrderAwaitingPayment', previousStatus: 'PENDING', deadline } as const;
    expect(() => orderEvent(order({ fact: awaiting }))).toThrow('order ORD-000001 awaits payment but has no payment');
  });
});

describe('what nobody has answered is published again as it was', () => {
  const history = [
    entry('OrderPlaced', 'PENDING', '2026-11-21T08:00:00.000Z'),
    entry('OrderConfirmed', 'CONFIRMED', '2026-11-21T08:00:30.000Z'),
    { ...entry('OrderCancelled', 'CANCELLED', '2026-11-21T08:01:00.000Z'), cause: 'default/ORD-000001:7' },
    entry('OrderPaymentUpdated', 'CANCELLED', '2026-11-21T08:02:00.000Z'),
  ];
  const cancelled = (change: Partial<Order> = {}) =>
    order({
      status: 'CANCELLED',
      stockStatus: 'RESERVED',
      cancelReason: 'by-customer',
      version: 4,
      updatedAt: '2026-11-21T08:02:00.000Z',
      fact: { type: 'OrderPaymentUpdated', previousPaymentStatus: 'PAID' },
      history,
      ...change,
    });

  test('a cancellation, with the ID, time, cause and status of its own version', () => {
    expect(outstandingEvents(cancelled())).toMatchObject([
      {
        type: 'OrderCancelled.v2',
        id: 'default/ORD-000001:3',
        time: '2026-11-21T08:01:00.000Z',
        causationid: 'default/ORD-000001:7',
        data: { reason: 'by-customer', previousStatus: 'CONFIRMED' },
      },
    ]);
  });

  test('a person in an old entry is no cause', () => {
    const old = history.map((one) => ('cause' in one ? { ...one, cause: 'ada' } : one));
    expect(outstandingEvents(cancelled({ history: old }))[0]?.causationid).toBeUndefined();
  });

  test('nothing of a cancellation whose reason is not known', () => {
    expect(outstandingEvents(cancelled({ cancelReason: undefined }))).toEqual([]);
  });

  test('nothing when both have answered', () => {
    expect(outstandingEvents(cancelled({ stockStatus: 'RELEASED' }))).toEqual([]);
  });
});
