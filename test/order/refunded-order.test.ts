import { PaymentRefunded } from '../../lambda/contracts/events/payment-events';
import type { Caller } from '../../lambda/kernel/http/caller';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { updateOrderStatusRoute } from '../../lambda/order/change-order.http';
import type { Order } from '../../lambda/order/domain/order';
import { updateStatus } from '../../lambda/order/domain/order-commands';
import { orderEvent } from '../../lambda/order/domain/order-event';
import { decide } from '../../lambda/order/domain/order-process';
import { orderStore } from '../../lambda/order/order.store';
import { paymentGateway } from '../../lambda/order/services.gateway';
import refunded from '../contracts/samples/PaymentRefunded.v1.json';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { placedOrder } from '../support/orders';

const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };
const now = new Date('2026-11-21T08:00:30.000Z');
const asked = { cause: { at: now, actor: 'staff-1' }, timeouts };
const staff: Caller = { tenant: defaultTenant, userId: 'staff-1', roles: ['staff'] };

const refund = (fullyRefunded: boolean) =>
  PaymentRefunded.parse({ ...refunded, data: { ...refunded.data, fullyRefunded } });

const paidOrder = (change: Partial<Order> = {}): Order =>
  placedOrder({
    status: 'CONFIRMED',
    stockStatus: 'RESERVED',
    paymentStatus: 'PAID',
    paymentMethod: 'CREDIT_CARD',
    dueAt: undefined,
    ...change,
  });

const shippedEntry = (paymentStatus: 'PAID' | 'REFUNDED') => ({
  at: '2026-11-21T08:00:00.000Z',
  event: 'OrderShipped' as const,
  status: 'SHIPPED' as const,
  stockStatus: 'RESERVED' as const,
  paymentStatus,
});

describe('a refund of the whole payment', () => {
  test.each(['CONFIRMED', 'PROCESSING'] as const)(
    'F-01 before shipment ends an order that is %s: stock is released, the bill voided, the customer told once',
    (status) => {
      const ended = decide(paidOrder({ status }), refund(true), now, timeouts);
      expect(ended).toMatchObject({
        status: 'CANCELLED',
        paymentStatus: 'REFUNDED',
        stockStatus: 'RESERVED',
        cancelReason: 'payment-failed',
        dueAt: '2026-11-21T08:01:30.000Z', // until inventory has released the stock
      });
      expect(ended && orderEvent(ended)).toMatchObject({
        type: 'OrderCancelled.v2',
        data: { previousStatus: status, paymentStatus: 'REFUNDED', reason: 'payment-failed' },
      });
      expect(ended && decide(ended, refund(true), now, timeouts)).toBeUndefined();
    },
  );

  test('F-01 published again it ends an order that was refunded before orders ended by it, and no other', () => {
    const left = paidOrder({ paymentStatus: 'REFUNDED' });
    expect(decide(left, refund(true), now, timeouts)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED' });
    for (const status of ['SHIPPED', 'DELIVERED', 'RETURNED', 'CANCELLED'] as const)
      expect(decide({ ...left, status }, refund(true), now, timeouts)).toBeUndefined();
  });

  test.each(['SHIPPED', 'DELIVERED', 'RETURNED'] as const)(
    'F-01 after shipment undoes nothing: an order that is %s stays so',
    (status) => {
      const next = decide(paidOrder({ status }), refund(true), now, timeouts);
      expect(next).toMatchObject({ status, paymentStatus: 'REFUNDED', fact: { type: 'OrderPaymentUpdated' } });
    },
  );

  test.each(['CONFIRMED', 'PROCESSING', 'SHIPPED'] as const)(
    'F-01 a refund of a part leaves an order that is %s as it is',
    (status) => expect(decide(paidOrder({ status }), refund(false), now, timeouts)).toBeUndefined(),
  );
});

describe('steps that give goods away', () => {
  test.each([
    ['CONFIRMED', 'PROCESSING'],
    ['PROCESSING', 'SHIPPED'],
  ] as const)('F-01 from %s to %s needs the payment', (status, to) => {
    for (const paymentStatus of ['WAITING_PAYMENT', 'FAILED', 'REFUNDED'] as const)
      expect(updateStatus(paidOrder({ status, paymentStatus }), { status: to }, asked)).toEqual({
        accepted: false,
        reason: 'not-paid',
      });
    for (const paymentStatus of ['PAID', 'NOT_REQUIRED'] as const)
      expect(updateStatus(paidOrder({ status, paymentStatus }), { status: to }, asked).accepted).toBe(true);
  });

  test('F-01 what was refunded before it was shipped is never delivered', () => {
    const order = paidOrder({ status: 'SHIPPED', paymentStatus: 'REFUNDED', history: [shippedEntry('REFUNDED')] });
    expect(updateStatus(order, { status: 'DELIVERED' }, asked)).toEqual({ accepted: false, reason: 'not-paid' });
  });

  test('F-01 what was paid when it was shipped arrives, whatever is refunded on the way', () => {
    const order = paidOrder({ status: 'SHIPPED', paymentStatus: 'REFUNDED', history: [shippedEntry('PAID')] });
    expect(updateStatus(order, { status: 'DELIVERED' }, asked).accepted).toBe(true);
  });

  test.each(['PROCESSING', 'SHIPPED', 'DELIVERED'] as const)(
    'F-01 an order that ended by its refund is not taken to %s: it is not paid',
    (status) => {
      const ended = paidOrder({ status: 'CANCELLED', paymentStatus: 'REFUNDED', cancelReason: 'payment-failed' });
      expect(updateStatus(ended, { status }, asked)).toEqual({ accepted: false, reason: 'not-paid' });
    },
  );
});

describe('PATCH /orders/{orderId}/status asks what is kept of the payment', () => {
  const patching = async (order: Order, kept: () => Promise<number>) => {
    const orders = orderStore('orders', memoryDynamoDb().db);
    await orders.place(order);
    const payments = { keptAmountOf: jest.fn(kept) };
    const route = updateOrderStatusRoute({ orders, keys: fixedKeys, payments, timeouts, now: () => now });
    const answer = await call(route, {
      operation: 'updateOrderStatus',
      pathParameters: { orderId: order.orderId },
      caller: staff,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: order.status === 'CONFIRMED' ? 'processing' : 'shipped' }),
    });
    return { answer, payments, stored: await orders.get(order) };
  };

  test.each(['CONFIRMED', 'PROCESSING'] as const)(
    'F-01 409 for an order that is %s while all of its payment is on its way back',
    async (status) => {
      const { answer, stored } = await patching(paidOrder({ status }), async () => 0);
      expect([answer.status, answer.body.title]).toEqual([409, 'OrderNotPaid']);
      expect(answer.body.detail).toContain('being refunded in full');
      expect(stored?.version).toBe(1);
    },
  );

  test('F-01 200 when a part is kept: a price reduction is no cancellation', async () => {
    expect((await patching(paidOrder(), async () => 6000)).answer.status).toBe(200);
  });

  test('F-01 503 with Retry-After, and nothing changed, when the payment service gives no answer', async () => {
    const { answer, stored } = await patching(paidOrder(), async () => Promise.reject(new Error('timed out')));
    expect([answer.status, answer.body.title, answer.headers['retry-after']]).toEqual([
      503,
      'PaymentServiceUnavailable',
      '1',
    ]);
    expect(stored?.version).toBe(1);
  });

  test('F-01 an order without an online payment is moved on without asking', async () => {
    const { answer, payments } = await patching(paidOrder({ paymentStatus: 'NOT_REQUIRED' }), async () => 0);
    expect(answer.status).toBe(200);
    expect(payments.keptAmountOf).not.toHaveBeenCalled();
  });

  test.each([
    ['WAITING_PAYMENT', 'The order is not paid yet'],
    ['FAILED', 'The payment of the order failed'],
    ['REFUNDED', 'The payment was refunded in full'],
  ] as const)('F-01 says why an order is not paid: %s', async (paymentStatus, detail) => {
    const { answer } = await patching(paidOrder({ paymentStatus }), async () => 6600);
    expect([answer.status, answer.body.title]).toEqual([409, 'OrderNotPaid']);
    expect(answer.body.detail).toContain(detail);
  });
});

describe('what the payment service says is kept', () => {
  const key = { tenant: defaultTenant, orderId: 'ORD-000001' };
  const payment = { paymentId: 'PAY-ORD-000001', provider: 'stripe', amount: 6600, currency: 'JPY', history: [] };

  test.each([
    ['the sum that is left', { payment: { ...payment, kept: 600 } }, 600],
    ['nothing, when no payment is known', {}, 0],
  ])('is %s', async (_what, answer, kept) => {
    expect(await paymentGateway(async () => answer).keptAmountOf(key)).toBe(kept);
  });

  test('an answer that does not say it is no answer', async () => {
    await expect(paymentGateway(async () => ({ payment })).keptAmountOf(key)).rejects.toThrow('did not return');
  });
});
