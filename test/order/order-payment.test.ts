import { PaymentFailed, PaymentRefunded, PaymentSucceeded } from '../../lambda/contracts/events/payment-events';
import type { Order } from '../../lambda/order/domain/order';
import { cancelOrder, updateStatus } from '../../lambda/order/domain/order-commands';
import { orderEvent, outstandingEvents } from '../../lambda/order/domain/order-event';
import { decide, decideDue, type ProcessEvent } from '../../lambda/order/domain/order-process';
import failed from '../contracts/samples/PaymentFailed.v1.json';
import refunded from '../contracts/samples/PaymentRefunded.v1.json';
import succeeded from '../contracts/samples/PaymentSucceeded.v1.json';
import { placedOrder } from '../support/orders';

const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };
const at = (time: string) => new Date(`2026-11-21T${time}.000Z`);
const now = at('08:00:30');
const asked = { cause: { at: now, actor: 'ada' }, timeouts };

const stock = (type: 'StockReserved.v1' | 'StockShort.v1' | 'StockReleased.v1'): ProcessEvent =>
  ({ type, id: 'default/ORD-000001:1', data: { orderId: 'ORD-000001' } }) as ProcessEvent;
const paid = (data: Partial<PaymentSucceeded['data']> = {}): ProcessEvent =>
  PaymentSucceeded.parse({ ...succeeded, data: { ...succeeded.data, ...data } });
const notPaid = (reason: 'declined' | 'expired' | 'cancelled' = 'declined'): ProcessEvent =>
  PaymentFailed.parse({ ...failed, data: { ...failed.data, reason } });
const givenBack = (fullyRefunded = true): ProcessEvent =>
  PaymentRefunded.parse({ ...refunded, data: { ...refunded.data, fullyRefunded } });

const unpaid = () => placedOrder({ paymentStatus: 'WAITING_PAYMENT', paymentMethod: 'PAYPAY' });
const having = (order: Order, ...events: ProcessEvent[]): Order =>
  events.reduce((current, event) => decide(current, event, now, timeouts) ?? current, order);
const waiting = () => having(unpaid(), stock('StockReserved.v1'));
const confirmed = () => having(waiting(), paid());
const cancelled = (order: Order): Order => {
  const decision = cancelOrder(order, { reason: 'by-customer' }, asked);
  if (!decision.accepted) throw new Error(decision.reason);
  return decision.fact;
};

describe('an order that is paid online', () => {
  test('S2-02, S2-10 once its stock is reserved the customer is asked to pay, until a deadline', () => {
    expect(waiting()).toMatchObject({
      status: 'PENDING',
      stockStatus: 'RESERVED',
      paymentStatus: 'WAITING_PAYMENT',
      paymentDeadline: '2026-11-21T08:30:30.000Z',
      dueAt: '2026-11-21T08:01:30.000Z',
    });
    expect(orderEvent(waiting())).toMatchObject({
      id: 'default/ORD-000001:2',
      type: 'OrderAwaitingPayment.v2',
      data: { total: 6600, paymentMethod: 'PAYPAY', paymentDeadline: '2026-11-21T08:30:30.000Z' },
    });
    expect(decide(waiting(), stock('StockReserved.v1'), now, timeouts)).toBeUndefined();
  });

  test('S2-01 is PAID and confirmed by its payment, and waits for nothing more', () => {
    expect(confirmed()).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'PAID', version: 3 });
    expect(confirmed().dueAt).toBeUndefined();
    expect(orderEvent(confirmed())).toMatchObject({ type: 'OrderConfirmed.v2', data: { paymentStatus: 'PAID' } });
  });

  test('S2-01, S2-14 is FAILED and cancelled when the payment fails, and inventory is asked to release', () => {
    const next = having(waiting(), notPaid());
    expect(next).toMatchObject({ status: 'CANCELLED', paymentStatus: 'FAILED', cancelReason: 'payment-failed' });
    expect(next.dueAt).toBe('2026-11-21T08:01:30.000Z');
    expect(orderEvent(next)).toMatchObject({ type: 'OrderCancelled.v2', data: { reason: 'payment-failed' } });
    expect(having(next, stock('StockReleased.v1')).dueAt).toBeUndefined();
  });

  test('is cancelled as expired when the provider says so', () => {
    expect(having(waiting(), notPaid('expired')).cancelReason).toBe('payment-expired');
  });

  test('a payment of an order whose stock is not reserved, or that waits for none, changes nothing', () => {
    expect(decide(unpaid(), paid(), now, timeouts)).toBeUndefined();
    const packed = placedOrder({ status: 'PROCESSING', paymentStatus: 'WAITING_PAYMENT', stockStatus: 'RESERVED' });
    expect(decide(packed, paid(), now, timeouts)).toBeUndefined();
    expect(decide({ ...waiting(), paymentStatus: 'FAILED' }, paid(), now, timeouts)).toBeUndefined();
  });

  test('a failed payment cancels what is pending, is noted of what is cancelled, and changes nothing else', () => {
    const noted = decide(cancelled(waiting()), notPaid(), now, timeouts);
    expect(noted).toMatchObject({ status: 'CANCELLED', paymentStatus: 'FAILED', cancelReason: 'by-customer' });
    const packed = placedOrder({ status: 'PROCESSING', paymentStatus: 'WAITING_PAYMENT', stockStatus: 'RESERVED' });
    expect(decide(packed, notPaid(), now, timeouts)).toBeUndefined();
  });

  test('S2-06, S2-08 a payment that is published again changes nothing', () => {
    expect(decide(confirmed(), paid(), now, timeouts)).toBeUndefined();
  });

  test('S2-07 a failure that comes after the payment changes nothing', () => {
    expect(decide(confirmed(), notPaid(), now, timeouts)).toBeUndefined();
  });

  test.each([
    ['another amount', { capturedAmount: 6599 }],
    ['another currency', { currency: 'USD' }],
  ])('P5 %s than the order’s does not pay for it', (_what, data) => {
    expect(decide(waiting(), paid(data), now, timeouts)).toBeUndefined();
  });

  test('an order that needs no payment is not touched by one', () => {
    const order = having(placedOrder(), stock('StockReserved.v1'));
    for (const event of [paid(), notPaid(), givenBack()]) expect(decide(order, event, now, timeouts)).toBeUndefined();
  });

  test('staff cannot confirm it before it is paid', () => {
    expect(updateStatus(waiting(), { status: 'CONFIRMED' }, asked)).toEqual({ accepted: false, reason: 'not-paid' });
  });

  test('F-01 a part that is given back leaves it PAID, all of it before it is shipped ends it', () => {
    expect(decide(confirmed(), givenBack(false), now, timeouts)).toBeUndefined();
    const next = having(confirmed(), givenBack());
    expect(next).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED' });
    expect(orderEvent(next)).toMatchObject({
      type: 'OrderCancelled.v2',
      data: { paymentStatus: 'REFUNDED', previousStatus: 'CONFIRMED' },
    });
    expect(having(next, stock('StockReleased.v1')).dueAt).toBeUndefined();
  });
});

describe('the undo of an order that is paid online', () => {
  test('S2-06 one that receives the refund of all before it received its payment ends, and is never confirmed', () => {
    const over = having(waiting(), givenBack());
    expect(over).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED', cancelReason: 'payment-failed' });
    expect(decide(over, paid(), now, timeouts)).toBeUndefined();
    expect(decide(waiting(), givenBack(false), now, timeouts)).toBeUndefined();
  });

  test('S2-14 one that receives a late payment first ends, and waits until it is given back', () => {
    const late = having(waiting(), paid({ late: true }));
    expect(late).toMatchObject({ status: 'CANCELLED', paymentStatus: 'PAID', cancelReason: 'payment-failed' });
    expect(late.dueAt).toBeDefined();
    const settled = having(late, notPaid(), stock('StockReleased.v1'), givenBack());
    expect(settled).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED' });
    expect(settled.dueAt).toBeUndefined();
  });

  test('S2-14, S3-54 compensation: a cancelled order is due until its stock is back and its payment too', () => {
    const undone = cancelled(confirmed());
    expect(undone).toMatchObject({ status: 'CANCELLED', paymentStatus: 'PAID' });
    const released = having(undone, stock('StockReleased.v1'));
    expect(released).toMatchObject({ stockStatus: 'RELEASED', dueAt: '2026-11-21T08:01:30.000Z' });
    const settled = having(released, givenBack());
    expect(settled).toMatchObject({ paymentStatus: 'REFUNDED', stockStatus: 'RELEASED' });
    expect(settled.dueAt).toBeUndefined();
  });

  test('one that was never paid is due until the payment service has given it up', () => {
    const released = having(cancelled(waiting()), stock('StockReleased.v1'));
    expect(released).toMatchObject({ paymentStatus: 'WAITING_PAYMENT', dueAt: '2026-11-21T08:01:30.000Z' });
    const settled = having(released, notPaid('cancelled'));
    expect(settled.paymentStatus).toBe('FAILED');
    expect(settled.dueAt).toBeUndefined();
  });

  test.each([
    ['before the payment was given up', []],
    ['after it was', [notPaid('cancelled')]],
  ])('S2-14 a payment that comes after the cancellation, %s, is noted and must come back', (_when, before) => {
    const late = having(cancelled(waiting()), stock('StockReleased.v1'), ...before, paid({ late: true }));
    expect(late).toMatchObject({ status: 'CANCELLED', paymentStatus: 'PAID', dueAt: '2026-11-21T08:01:30.000Z' });
    const settled = having(late, givenBack());
    expect(settled.paymentStatus).toBe('REFUNDED');
    expect(settled.dueAt).toBeUndefined();
  });

  test('S2-06 a refund that overtakes its payment is the end, whatever comes after', () => {
    const settled = having(cancelled(waiting()), givenBack());
    expect(settled.paymentStatus).toBe('REFUNDED');
    for (const event of [paid(), notPaid(), givenBack()]) expect(decide(settled, event, now, timeouts)).toBeUndefined();
  });
});

describe('the sweep, of an order that is paid online', () => {
  test('asks the payment service again under the same event ID, ever more seldom, but not past its end', () => {
    expect(outstandingEvents(waiting())).toMatchObject([
      { id: 'default/ORD-000001:2', type: 'OrderAwaitingPayment.v2' },
    ]);
    expect(decideDue(waiting(), at('08:01:30'), timeouts)).toEqual({
      republish: { dueAt: '2026-11-21T08:02:30.000Z' },
    });
    const asked = { ...waiting(), dueAt: '2026-11-21T08:16:30.000Z', dueAttempts: 4 };
    expect(decideDue(asked, at('08:16:30'), timeouts)).toEqual({ republish: { dueAt: '2026-11-21T08:31:30.000Z' } });
  });

  test('S2-04 cancels it a minute after the deadline when it was asked for before, and not while it may be paid unseen', () => {
    const asked = { ...waiting(), dueAt: '2026-11-21T08:30:30.000Z', dueAttempts: 5 };
    expect(decideDue(asked, at('08:31:29'), timeouts)).toEqual({ republish: { dueAt: '2026-11-21T08:31:30.000Z' } });
    expect(decideDue(asked, at('08:31:30'), timeouts)).toMatchObject({
      next: {
        status: 'CANCELLED',
        paymentStatus: 'WAITING_PAYMENT',
        cancelReason: 'payment-expired',
        fact: { actor: 'sweep' },
        dueAt: '2026-11-21T08:32:30.000Z',
      },
    });
  });

  test('asks once more at the deadline when nobody was asked before', () => {
    const late = decideDue(waiting(), at('09:00:00'), timeouts);
    expect(late).toEqual({ republish: { dueAt: '2026-11-21T09:01:00.000Z' } });
  });

  test('asks of a cancelled order by its cancellation, as it was told then, whatever has happened since', () => {
    const undone = cancelled(confirmed());
    const told = orderEvent(undone);
    expect(told).toMatchObject({ id: 'default/ORD-000001:4', type: 'OrderCancelled.v2', actor: 'ada' });
    expect(outstandingEvents(undone)).toEqual([told]);
    expect(outstandingEvents(having(undone, stock('StockReleased.v1')))).toEqual([told]);
    const late = cancelled(waiting());
    expect(outstandingEvents(having(late, stock('StockReleased.v1'), paid()))).toEqual([orderEvent(late)]);
  });

  test('asks of a returned order by its return, until all of its payment is back', () => {
    const returned: Order = {
      ...confirmed(),
      status: 'RETURNED',
      stockStatus: 'DEDUCTED',
      fact: { type: 'OrderReturned', previousStatus: 'DELIVERED' },
    };
    expect(outstandingEvents(returned)).toMatchObject([{ type: 'OrderReturned.v2' }]);
    expect(outstandingEvents({ ...returned, paymentStatus: 'REFUNDED' })).toEqual([]);
  });
});
