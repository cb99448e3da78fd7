import { PaymentRefunded, PaymentRefundFailed } from '../../lambda/contracts/events/payment-events';
import type { Order } from '../../lambda/order/domain/order';
import { updateStatus } from '../../lambda/order/domain/order-commands';
import { orderEvent } from '../../lambda/order/domain/order-event';
import { decide } from '../../lambda/order/domain/order-process';
import sample from '../contracts/samples/PaymentRefunded.v1.json';
import { permutations } from '../simulation/permutations';
import { placedOrder } from '../support/orders';

const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };
const now = new Date('2026-11-21T08:00:30.000Z');
const asked = { cause: { at: now, actor: 'staff-1' }, timeouts };

const about = (version: number, refundedTotal: number, decidedIn: number | undefined) => ({
  id: `default/PAY-ORD-000001:${version}`,
  data: { ...sample.data, refundAmount: 6600, refundedTotal, capturedTotal: 6600, decidedIn },
});

/** All of the payment went back, by that version of it. Told again it is a newer version that says the same. */
const refunded = (version: number, decidedIn: number | undefined = version) => {
  const { data, ...more } = about(version, 6600, decidedIn);
  return PaymentRefunded.parse({ ...sample, ...more, data: { ...data, fullyRefunded: true } });
};

/** A refund failed after all, and so much of it is back. */
const failed = (version: number, refundedTotal = 0) => {
  const { data, ...more } = about(version, refundedTotal, version);
  return PaymentRefundFailed.parse({
    ...{ ...sample, ...more, type: 'PaymentRefundFailed.v1' },
    data: { ...data, reason: 'Dispute won' },
  });
};

const paidOrder = (change: Partial<Order> = {}): Order =>
  placedOrder({
    ...{ status: 'CONFIRMED', stockStatus: 'RESERVED', paymentStatus: 'PAID', dueAt: undefined },
    ...change,
  });

const shippedEntry = {
  at: '2026-11-21T08:00:00.000Z',
  event: 'OrderShipped',
  status: 'SHIPPED',
  stockStatus: 'RESERVED',
  paymentStatus: 'PAID',
} as const;

type Word = ReturnType<typeof refunded> | ReturnType<typeof failed>;

const orderAfter = (order: Order, ...words: readonly Word[]): Order =>
  words.reduce((known, word) => decide(known, word, now, timeouts) ?? known, order);

describe('F-03 a refund in full that fails after all', () => {
  test.each(['SHIPPED', 'DELIVERED'] as const)('makes an order that is %s paid again, which is published', (status) => {
    const order = paidOrder({ status, stockStatus: 'DEDUCTED', history: [shippedEntry] });
    const lost = orderAfter(order, refunded(5));
    expect(lost).toMatchObject({ status, paymentStatus: 'REFUNDED', dueAt: undefined });
    const won = orderAfter(lost, failed(6));
    expect(won).toMatchObject({ status, paymentStatus: 'PAID', dueAt: undefined });
    expect(orderEvent(won)).toMatchObject({
      type: 'OrderPaymentUpdated.v2',
      data: { status, paymentStatus: 'PAID', previousPaymentStatus: 'REFUNDED' },
    });
  });

  test('makes an order that ended by it owe the money: it is due until that is back', () => {
    const ended = orderAfter(paidOrder(), refunded(5));
    expect(ended).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED' });
    expect(orderAfter({ ...ended, stockStatus: 'RELEASED', dueAt: undefined }, failed(6))).toMatchObject({
      ...{ status: 'CANCELLED', paymentStatus: 'PAID', dueAt: '2026-11-21T08:01:30.000Z' },
    });
  });

  test('makes an order that was returned owe the money', () => {
    const order = paidOrder({ status: 'RETURNED', stockStatus: 'DEDUCTED', paymentStatus: 'REFUNDED' });
    expect(orderAfter(order, failed(6))).toMatchObject({ paymentStatus: 'PAID', dueAt: '2026-11-21T08:01:30.000Z' });
  });

  test('of a part after all went back is not refunded in full any more', () => {
    const order = paidOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED', paymentStatus: 'REFUNDED' });
    expect(orderAfter(order, failed(6, 6000))).toMatchObject({ paymentStatus: 'PAID' });
  });

  test('of more than was captured leaves it refunded in full', () => {
    const order = paidOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED', paymentStatus: 'REFUNDED' });
    expect(decide(order, failed(6, 6600), now, timeouts)).toBeUndefined();
  });

  test('P12 received in any order, each event twice, an order that is shipped is as its payment is', () => {
    const order = paidOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED', history: [shippedEntry] });
    for (const [words, paymentStatus] of [
      [[refunded(5), failed(6)], 'PAID'],
      [[refunded(5), failed(6), refunded(8)], 'REFUNDED'],
      [[refunded(5), failed(6), refunded(8), failed(9)], 'PAID'],
      [[refunded(5), failed(6, 600), failed(7)], 'PAID'],
    ] as const)
      for (const arrival of permutations<Word>(words))
        expect([paymentStatus, orderAfter(order, ...arrival, ...arrival).paymentStatus]).toEqual([
          paymentStatus,
          paymentStatus,
        ]);
  });

  test('P12 received before the refund it ends an order that is not shipped all the same, with its money owed', () => {
    for (const arrival of permutations<Word>([refunded(5), failed(6)]))
      expect(orderAfter(paidOrder(), ...arrival, ...arrival)).toMatchObject({
        status: 'CANCELLED',
        paymentStatus: 'PAID',
      });
  });

  test('received before the refund it changes nothing but the history of an order, and not its deadline', () => {
    const order = paidOrder({ status: 'PENDING', paymentStatus: 'WAITING_PAYMENT', dueAt: '2026-11-21T08:30:00.000Z' });
    const next = orderAfter(order, failed(6));
    expect(next).toMatchObject({
      ...order,
      version: 2,
      updatedAt: expect.anything(),
      fact: { type: 'RefundNoted' },
      history: expect.anything(),
    });
    expect(orderEvent(next)).toBeUndefined();
    expect(decide(next, failed(6), now, timeouts)).toBeUndefined();
  });

  test('a refund that is published again writes nothing, however often and by whatever version', () => {
    const order = orderAfter(
      paidOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED' }),
      refunded(5),
      failed(6),
      refunded(8),
    );
    for (const word of [refunded(9, 8), refunded(10, 8), refunded(8), failed(6)])
      expect(decide(order, word, now, timeouts)).toBeUndefined();
  });

  test('an event from before refunds said when they were decided counts by its own version', () => {
    const order = paidOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED' });
    const { decidedIn: _, ...data } = refunded(5).data;
    expect(orderAfter(order, failed(6), { ...refunded(5), data }).paymentStatus).toBe('PAID');
    expect(orderAfter(order, failed(4), { ...refunded(5), data }).paymentStatus).toBe('REFUNDED');
  });

  test('a parcel whose dispute was won is delivered', () => {
    const order = paidOrder({ status: 'SHIPPED', stockStatus: 'DEDUCTED', history: [shippedEntry] });
    const won = orderAfter(order, refunded(5), failed(6));
    expect(updateStatus(won, { status: 'DELIVERED' }, asked).accepted).toBe(true);
  });

  test('an order that is paid outside of this system is none of it', () => {
    expect(decide(paidOrder({ paymentStatus: 'NOT_REQUIRED' }), failed(6), now, timeouts)).toBeUndefined();
  });
});
