import { readFileSync } from 'node:fs';
import { OrderReturned } from '../../lambda/contracts/events/order-events';
import { ReturnCompleted } from '../../lambda/contracts/events/return-events';
import { advanceOrder } from '../../lambda/order/advance-orders';
import type { Order } from '../../lambda/order/domain/order';
import { updateStatus } from '../../lambda/order/domain/order-commands';
import { orderEvent, outstandingEvents } from '../../lambda/order/domain/order-event';
import { decide, decideDue } from '../../lambda/order/domain/order-process';
import { orderStore } from '../../lambda/order/order.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { placedOrder } from '../support/orders';

const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };
const now = new Date('2026-12-08T08:00:01.000Z');
const completed = ReturnCompleted.parse(
  JSON.parse(readFileSync('test/contracts/samples/ReturnCompleted.v2.json', 'utf8')),
);
const partly: ReturnCompleted = { ...completed, data: { ...completed.data, orderFullyReturned: false } };

const delivered = (given: Partial<Order> = {}): Order =>
  placedOrder({
    status: 'DELIVERED',
    stockStatus: 'DEDUCTED',
    shippedAt: '2026-11-21T10:00:00.000Z',
    deliveredAt: '2026-11-22T10:00:00.000Z',
    version: 8,
    dueAt: undefined,
    fact: { type: 'OrderDelivered', previousStatus: 'SHIPPED' },
    ...given,
  });

describe('an order whose goods come back', () => {
  test('S3-26 is RETURNED once everything of it is back', () => {
    const next = decide(delivered(), completed, now, timeouts);
    expect(next).toMatchObject({ status: 'RETURNED', stockStatus: 'DEDUCTED', version: 9 });
    expect(next?.dueAt).toBeUndefined();
    expect(next?.history.at(-1)).toMatchObject({
      at: '2026-12-08T08:00:01.000Z',
      event: 'OrderReturned',
      status: 'RETURNED',
      stockStatus: 'DEDUCTED',
      cause: 'default/RET-000001-1:3',
    });
  });

  test('stays DELIVERED while anything of it is not back', () => {
    expect(decide(delivered(), partly, now, timeouts)).toBeUndefined();
  });

  test('P2 is returned once, however often the return is told', () => {
    const next = decide(delivered(), completed, now, timeouts) ?? delivered();
    expect(decide(next, completed, now, timeouts)).toBeUndefined();
  });

  test.each(['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'CANCELLED'] as const)(
    'is left alone when it is %s',
    (status) => expect(decide(delivered({ status }), completed, now, timeouts)).toBeUndefined(),
  );

  test('S4-15 nobody returns it by hand', () => {
    const asked = { cause: { at: now, actor: 'staff-1' }, timeouts };
    expect(updateStatus(delivered(), { status: 'RETURNED' }, asked)).toEqual({
      accepted: false,
      reason: 'invalid-transition',
    });
  });

  test('S3-26 is reported as OrderReturned.v2, with its cause', () => {
    const next = decide(delivered(), completed, now, timeouts) ?? delivered();
    const event = orderEvent(next);
    expect(OrderReturned.parse(event)).toMatchObject({
      id: 'default/ORD-000001:9',
      causationid: 'default/RET-000001-1:3',
      data: { status: 'RETURNED', previousStatus: 'DELIVERED' },
    });
  });

  test('P1 is still due until inventory has deducted what was shipped', () => {
    const shipped = {
      at: '2026-11-21T10:00:00.000Z',
      event: 'OrderShipped',
      status: 'SHIPPED',
      stockStatus: 'RESERVED',
    } as const;
    const early = delivered({ stockStatus: 'RESERVED', history: [shipped] });
    const next = decide(early, completed, now, timeouts) ?? early;
    expect(next).toMatchObject({ status: 'RETURNED', dueAt: '2026-12-08T08:01:01.000Z' });
    expect(decideDue(next, new Date('2026-12-08T08:01:01.000Z'), timeouts)).toHaveProperty('republish');
    expect(outstandingEvents(next)[0]).toMatchObject({ type: 'OrderShipped.v2' });
    const deducted = { ...completed, type: 'StockDeducted.v1', data: { orderId: 'ORD-000001' } } as never;
    expect(decide(next, deducted, now, timeouts)).toMatchObject({ status: 'RETURNED', stockStatus: 'DEDUCTED' });
  });

  test('P2 twenty deliveries of the return at once write one version', async () => {
    const store = orderStore('orders', memoryDynamoDb().db);
    await store.place(placedOrder());
    for (let version = 2; version <= 8; version += 1) await store.save(delivered({ version }));
    const advance = advanceOrder({ orders: store, timeouts, timeoutsOf: async () => timeouts, now: () => now });
    await Promise.all(Array.from({ length: 20 }, () => advance(completed)));
    expect(await store.get(delivered())).toMatchObject({ status: 'RETURNED', version: 9 });
  });
});
