import type { InventoryEvent } from '../../contracts/inventory-events';
import type { CancelReason, OrderStatus, PaymentStatus, StockStatus } from '../../contracts/order-status';
import type {
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../../contracts/payment-events';
import type { ReturnCompleted } from '../../contracts/return-events';
import { accept, type Decision, reject } from '../../kernel/decision';
import {
  awaits,
  isEndedByRefund,
  isPaidFor,
  lacksPayment,
  type Order,
  secondsAfter,
  type Timeouts,
  transitions,
} from './order';
import { type Asked, type Cause, changed, moved } from './order-change';

export type StatusRefusal = 'invalid-transition' | 'stock-not-reserved' | 'not-paid' | 'version-mismatch';

const stampOf = (status: OrderStatus, { at }: Cause) => {
  if (status === 'SHIPPED') return { shippedAt: at.toISOString() };
  return status === 'DELIVERED' ? { deliveredAt: at.toISOString() } : {};
};

/**
 * Cancelled: inventory releases, the payment service gives back or gives up, billing voids, the customer is told. Due until
 * inventory and payment have answered.
 */
export const cancelled = (order: Order, reason: CancelReason, asked: Asked): Order => {
  const fact = { type: 'OrderCancelled', previousStatus: order.status, reason } as const;
  return changed(order, { status: 'CANCELLED', cancelReason: reason }, fact, asked);
};

const goods: readonly OrderStatus[] = ['PROCESSING', 'SHIPPED', 'DELIVERED'];

/** Decides whether staff may move an order to a status. With a `version`, only if it has not changed since. */
export const updateStatus = (
  order: Order,
  { status, version = order.version }: { readonly status: OrderStatus; readonly version?: number | undefined },
  asked: Asked,
): Decision<Order, StatusRefusal> => {
  if (version !== order.version) return reject('version-mismatch');
  const step = transitions[order.status][status];
  if (step === undefined && isEndedByRefund(order) && goods.includes(status)) return reject('not-paid');
  if (step === undefined || step.byItself) return reject('invalid-transition');
  if (step.needs !== undefined && step.needs !== order.stockStatus) return reject('stock-not-reserved');
  if (lacksPayment(order, step)) return reject('not-paid');
  if (step.fact === 'OrderCancelled') return accept(cancelled(order, 'by-staff', asked));
  return accept(moved(order, { status, ...stampOf(status, asked.cause) }, step.fact, asked));
};

/** Decides whether an order may still be cancelled. One that is cancelled already stays as it is. */
export const cancelOrder = (
  order: Order,
  { reason, version = order.version }: { readonly reason: CancelReason; readonly version?: number | undefined },
  asked: Asked,
): Decision<Order, StatusRefusal> => {
  if (order.status === 'CANCELLED') return accept(order);
  if (version !== order.version) return reject('version-mismatch');
  return transitions[order.status].CANCELLED === undefined
    ? reject('invalid-transition')
    : accept(cancelled(order, reason, asked));
};

/** The order with its payment somewhere else, and nothing else changed. */
const updated = (order: Order, paymentStatus: PaymentStatus, asked: Asked): Order =>
  changed(order, { paymentStatus }, { type: 'OrderPaymentUpdated', previousPaymentStatus: order.paymentStatus }, asked);

const isOwed = ({ total, currency }: Order, { data }: PaymentSucceeded): boolean =>
  data.capturedAmount === total && data.currency === currency;

/**
 * Captured: the order is confirmed; its undo is the cancellation, which refunds. What comes too late for that is noted,
 * and waited for until it is given back; told first, it ends the order. Another sum than the order's is none of its
 * payments: the alerts tell of it.
 */
const pay = (order: Order, event: PaymentSucceeded, asked: Asked): Order | undefined => {
  const { status, stockStatus, paymentStatus } = order;
  if (!isOwed(order, event)) return undefined;
  if (status === 'CANCELLED' && (paymentStatus === 'WAITING_PAYMENT' || paymentStatus === 'FAILED'))
    return updated(order, 'PAID', asked);
  if (status !== 'PENDING' || paymentStatus !== 'WAITING_PAYMENT') return undefined;
  if (event.data.late) return cancelled({ ...order, paymentStatus: 'PAID' }, 'payment-failed', asked);
  if (stockStatus !== 'RESERVED') return undefined;
  return moved(order, { status: 'CONFIRMED', paymentStatus: 'PAID' }, 'OrderConfirmed', asked);
};

const reasonOf = ({ data }: PaymentFailed): CancelReason =>
  data.reason === 'expired' ? 'payment-expired' : 'payment-failed';

/** Nothing was captured: the order ends. After a payment that stands, it changes nothing. */
const fail = (order: Order, event: PaymentFailed, asked: Asked): Order | undefined => {
  if (order.paymentStatus !== 'WAITING_PAYMENT') return undefined;
  const failed = { ...order, paymentStatus: 'FAILED' } as const;
  if (order.status === 'PENDING') return cancelled(failed, reasonOf(event), asked);
  return order.status === 'CANCELLED' ? updated(order, 'FAILED', asked) : undefined;
};

type RefundWord = PaymentRefunded | PaymentRefundFailed;

/** The version of the payment with which a refund was decided: the order in which refunds happened. */
const decidedIn = ({ id, data }: RefundWord): number => data.decidedIn ?? Number(id.slice(id.lastIndexOf(':') + 1));

const heard = (order: Order, event: RefundWord): Order => ({
  ...order,
  refundVersion: Math.max(order.refundVersion ?? 0, decidedIn(event)),
});

/** Noted, so that what happened before it and is heard later changes nothing. Whatever is waited for is so as long. */
const noted = (order: Order, event: RefundWord, asked: Asked): Order =>
  changed(order, { refundVersion: decidedIn(event), dueAt: order.dueAt }, { type: 'RefundNoted' }, asked);

/** What is shipped, or has ended, stays so: its payment is somewhere else. */
const refundEnded = (order: Order, event: PaymentRefunded, asked: Asked): Order | undefined => {
  const { paymentStatus, refundVersion } = order;
  const isNews = decidedIn(event) > (refundVersion ?? 0);
  if (paymentStatus !== 'REFUNDED') return isNews ? updated(heard(order, event), 'REFUNDED', asked) : undefined;
  return isNews && refundVersion !== undefined ? noted(order, event, asked) : undefined; // an order from before says enough
};

/**
 * All of it is refunded, whoever refunded it. An order that is not shipped yet is cancelled: its undo releases the stock and
 * voids the bill. What is shipped stays so. A part of the payment changes nothing: the order stays paid. Told again, it ends
 * what was refunded before orders ended by it. Where the refund has failed since, the cancellation gives the money back.
 */
const refund = (order: Order, event: PaymentRefunded, asked: Asked): Order | undefined => {
  const { status, paymentStatus, refundVersion = 0 } = order;
  if (!event.data.fullyRefunded || paymentStatus === 'NOT_REQUIRED') return undefined;
  if (transitions[status].CANCELLED === undefined) return refundEnded(order, event, asked);
  const isKept = decidedIn(event) < refundVersion && paymentStatus !== 'REFUNDED';
  return cancelled({ ...heard(order, event), paymentStatus: isKept ? 'PAID' : 'REFUNDED' }, 'payment-failed', asked);
};

/**
 * A refund failed after all, or a dispute was won: the shop has money of an order that was refunded in full, which is paid
 * again. One that has ended is due until that money is given back.
 */
const keepAgain = (order: Order, event: PaymentRefundFailed, asked: Asked): Order | undefined => {
  const { paymentStatus, refundVersion = 0 } = order;
  const { refundedTotal, capturedTotal } = event.data;
  if (paymentStatus === 'NOT_REQUIRED' || refundedTotal >= capturedTotal || decidedIn(event) <= refundVersion)
    return undefined;
  return paymentStatus === 'REFUNDED' ? updated(heard(order, event), 'PAID', asked) : noted(order, event, asked);
};

/** What the payment service says of an order's payment. */
export const notePayment = (
  order: Order,
  event: PaymentSucceeded | PaymentFailed | PaymentRefunded | PaymentRefundFailed,
  asked: Asked,
): Order | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return pay(order, event, asked);
    case 'PaymentFailed.v1':
      return fail(order, event, asked);
    case 'PaymentRefunded.v1':
      return refund(order, event, asked);
    case 'PaymentRefundFailed.v1':
      return keepAgain(order, event, asked);
  }
};

/** Stock states from which the reservation may still come. */
const awaitsStock: readonly StockStatus[] = ['PENDING', 'BACKORDERED'];

/**
 * Reserved: the order is confirmed, or the customer is asked to pay first. The undo of both is the cancellation, which
 * makes the inventory release what it holds and the payment service give back what it took.
 */
const reserve = (order: Order, asked: Asked): Order | undefined => {
  if (order.status !== 'PENDING' || !awaitsStock.includes(order.stockStatus)) return undefined;
  if (isPaidFor(order)) return moved(order, { status: 'CONFIRMED', stockStatus: 'RESERVED' }, 'OrderConfirmed', asked);
  const deadline = secondsAfter(asked.cause.at, asked.timeouts.paymentSeconds);
  const dueAt = secondsAfter(asked.cause.at, Math.min(asked.timeouts.answerSeconds, asked.timeouts.paymentSeconds));
  return changed(
    order,
    { stockStatus: 'RESERVED', paymentDeadline: deadline, dueAt },
    { type: 'OrderAwaitingPayment', previousStatus: order.status, deadline },
    asked,
  );
};

/** Short: the order waits for a restock until the deadline, or is cancelled by a shop that keeps nobody waiting. */
const backorder = (order: Order, asked: Asked): Order | undefined => {
  if (order.status !== 'PENDING' || order.stockStatus !== 'PENDING') return undefined;
  const { cause, timeouts } = asked;
  if (timeouts.backorderSeconds === 0) return cancelled(order, 'out-of-stock', asked);
  const deadline = secondsAfter(cause.at, timeouts.backorderSeconds);
  return changed(
    order,
    { stockStatus: 'BACKORDERED', dueAt: deadline },
    { type: 'OrderBackordered', previousStatus: order.status, deadline },
    asked,
  );
};

/** Inventory has answered what the order's status waited for. */
const settle = (order: Order, stockStatus: 'RELEASED' | 'DEDUCTED', asked: Asked): Order | undefined => {
  if (awaits[order.status] !== stockStatus || order.stockStatus === stockStatus) return undefined;
  return changed(
    order,
    { stockStatus },
    { type: stockStatus === 'RELEASED' ? 'StockReleased' : 'StockDeducted' },
    asked,
  );
};

/** Everything is back, so the sale is undone. What came back is received anew: what was deducted stays deducted. */
const takeBack = (order: Order, { data }: ReturnCompleted, asked: Asked): Order | undefined => {
  if (!data.orderFullyReturned || transitions[order.status].RETURNED === undefined) return undefined;
  return moved(order, { status: 'RETURNED' }, 'OrderReturned', asked);
};

/** What the order process listens to. */
export type ProcessEvent =
  | InventoryEvent
  | ReturnCompleted
  | PaymentSucceeded
  | PaymentFailed
  | PaymentRefunded
  | PaymentRefundFailed;

/** The order process: what an event makes of an order, or nothing when it comes late, twice or too early. */
export const decide = (order: Order, event: ProcessEvent, now: Date, timeouts: Timeouts): Order | undefined => {
  const asked = { cause: { at: now, causationId: event.id, traceparent: event.traceparent }, timeouts };
  switch (event.type) {
    case 'StockReserved.v1':
      return reserve(order, asked);
    case 'StockShort.v1':
      return backorder(order, asked);
    case 'StockReleased.v1':
      return settle(order, 'RELEASED', asked);
    case 'StockDeducted.v1':
      return settle(order, 'DEDUCTED', asked);
    case 'ReturnCompleted.v1':
      return takeBack(order, event, asked);
    case 'PaymentSucceeded.v1':
    case 'PaymentFailed.v1':
    case 'PaymentRefunded.v1':
    case 'PaymentRefundFailed.v1':
      return notePayment(order, event, asked);
  }
};

/** The longest that the sweep waits before it asks again, unless one answer takes longer. */
const longestWaitSeconds = 3600;

const seenWithinSeconds = 60; // a payment whose webhook is lost: one that was paid at the last moment is paid

/** When an order that waits for its payment ends: once all is seen that was paid before its deadline. */
const paymentEndOf = ({ status, paymentDeadline }: Order): string | undefined =>
  status === 'PENDING' && paymentDeadline !== undefined
    ? secondsAfter(new Date(paymentDeadline), seenWithinSeconds)
    : undefined;

/** When to ask again whoever has not answered: each time in vain doubles the wait. A payment's end is never missed. */
const nextDueAt = (order: Order, now: Date, { answerSeconds }: Timeouts): string => {
  const { dueAttempts = 0 } = order;
  const next = secondsAfter(
    now,
    Math.min(answerSeconds * 2 ** dueAttempts, Math.max(answerSeconds, longestWaitSeconds)),
  );
  const end = paymentEndOf(order);
  return end !== undefined && end > now.toISOString() && end < next ? end : next;
};

/**
 * What the sweep does with an order: ask once more for what it waits for and look again at `dueAt`, write the next order,
 * or leave it alone.
 */
export type DueDecision = { readonly askAgain: { readonly dueAt: string } } | { readonly next: Order } | undefined;

/** Why an order that has been asked for in vain must end now, if it must. */
const expiryOf = (order: Order, now: Date) => {
  if (order.status !== 'PENDING' || order.dueAttempts === undefined) return undefined;
  if (order.stockStatus === 'BACKORDERED') return 'backorder-expired';
  const end = paymentEndOf(order);
  return end !== undefined && end <= now.toISOString() ? 'payment-expired' : undefined;
};

/**
 * Decides what is to be done with an order that nobody has answered in time. One whose deadline has come is asked for
 * once more before it is cancelled: its reservation or its payment may stand, with only the answer lost.
 */
export const decideDue = (order: Order, now: Date, timeouts: Timeouts): DueDecision => {
  if (order.dueAt === undefined || order.dueAt > now.toISOString()) return undefined;
  const expiry = expiryOf(order, now);
  return expiry === undefined
    ? { askAgain: { dueAt: nextDueAt(order, now, timeouts) } }
    : { next: cancelled(order, expiry, { cause: { at: now, actor: 'sweep' }, timeouts }) };
};
