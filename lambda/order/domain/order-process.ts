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
  expectedStock,
  isEndedByRefund,
  isPaidFor,
  lacksPayment,
  type Order,
  secondsAfter,
  type Timeouts,
  transitions,
} from './order';
import { type Cause, type ChangeContext, changed, moved } from './order-change';

export type StatusRefusal = 'invalid-transition' | 'stock-not-reserved' | 'not-paid' | 'version-mismatch';

const stampOf = (status: OrderStatus, { at }: Cause) => {
  if (status === 'SHIPPED') return { shippedAt: at.toISOString() };
  return status === 'DELIVERED' ? { deliveredAt: at.toISOString() } : {};
};

/**
 * Cancels the order: inventory releases its stock, payment refunds or gives up, billing voids the bill, and the
 * customer is notified. The order is due until inventory and payment have answered.
 */
export const cancelled = (order: Order, reason: CancelReason, context: ChangeContext): Order => {
  const fact = { type: 'OrderCancelled', previousStatus: order.status, reason } as const;
  return changed(order, { status: 'CANCELLED', cancelReason: reason }, fact, context);
};

const fulfilment: readonly OrderStatus[] = ['PROCESSING', 'SHIPPED', 'DELIVERED'];

/** Decides whether staff may move an order to a status. Rejects when `version` is given and is not the current one. */
export const updateStatus = (
  order: Order,
  { status, version = order.version }: { readonly status: OrderStatus; readonly version?: number | undefined },
  context: ChangeContext,
): Decision<Order, StatusRefusal> => {
  if (version !== order.version) return reject('version-mismatch');
  const step = transitions[order.status][status];
  if (step === undefined && isEndedByRefund(order) && fulfilment.includes(status)) return reject('not-paid');
  if (step === undefined || step.automatic) return reject('invalid-transition');
  if (step.needs !== undefined && step.needs !== order.stockStatus) return reject('stock-not-reserved');
  if (lacksPayment(order, step)) return reject('not-paid');
  if (step.fact === 'OrderCancelled') return accept(cancelled(order, 'by-staff', context));
  return accept(moved(order, { status, ...stampOf(status, context.cause) }, step.fact, context));
};

/** Decides whether an order may still be cancelled. A cancelled order is accepted unchanged. */
export const cancelOrder = (
  order: Order,
  { reason, version = order.version }: { readonly reason: CancelReason; readonly version?: number | undefined },
  context: ChangeContext,
): Decision<Order, StatusRefusal> => {
  if (order.status === 'CANCELLED') return accept(order);
  if (version !== order.version) return reject('version-mismatch');
  return transitions[order.status].CANCELLED === undefined
    ? reject('invalid-transition')
    : accept(cancelled(order, reason, context));
};

/** Returns the order with another payment status. */
const withPaymentStatus = (order: Order, paymentStatus: PaymentStatus, context: ChangeContext): Order =>
  changed(
    order,
    { paymentStatus },
    { type: 'OrderPaymentUpdated', previousPaymentStatus: order.paymentStatus },
    context,
  );

const isOwed = ({ total, currency }: Order, { data }: PaymentSucceeded): boolean =>
  data.capturedAmount === total && data.currency === currency;

/**
 * Applies a capture: the order is confirmed; the compensation is its cancellation, which refunds. A capture after the
 * cancellation is recorded, and the order is due until it is refunded. A late capture that comes before the
 * cancellation cancels the order. A capture of another amount is ignored: an alert reports it.
 */
const applyCapture = (order: Order, event: PaymentSucceeded, context: ChangeContext): Order | undefined => {
  const { status, stockStatus, paymentStatus } = order;
  if (!isOwed(order, event)) return undefined;
  if (status === 'CANCELLED' && (paymentStatus === 'WAITING_PAYMENT' || paymentStatus === 'FAILED'))
    return withPaymentStatus(order, 'PAID', context);
  if (status !== 'PENDING' || paymentStatus !== 'WAITING_PAYMENT') return undefined;
  if (event.data.late) return cancelled({ ...order, paymentStatus: 'PAID' }, 'payment-failed', context);
  if (stockStatus !== 'RESERVED') return undefined;
  return moved(order, { status: 'CONFIRMED', paymentStatus: 'PAID' }, 'OrderConfirmed', context);
};

const reasonOf = ({ data }: PaymentFailed): CancelReason =>
  data.reason === 'expired' ? 'payment-expired' : 'payment-failed';

/** Applies a failed payment: the order is cancelled. Once a payment is captured, the event changes nothing. */
const applyFailure = (order: Order, event: PaymentFailed, context: ChangeContext): Order | undefined => {
  if (order.paymentStatus !== 'WAITING_PAYMENT') return undefined;
  const failed = { ...order, paymentStatus: 'FAILED' } as const;
  if (order.status === 'PENDING') return cancelled(failed, reasonOf(event), context);
  return order.status === 'CANCELLED' ? withPaymentStatus(order, 'FAILED', context) : undefined;
};

type RefundEvent = PaymentRefunded | PaymentRefundFailed;

/** Returns the payment version in which a refund was decided. It orders refund events that arrive out of order. */
const decidedIn = ({ id, data }: RefundEvent): number => data.decidedIn ?? Number(id.slice(id.lastIndexOf(':') + 1));

const withRefundVersion = (order: Order, event: RefundEvent): Order => ({
  ...order,
  refundVersion: Math.max(order.refundVersion ?? 0, decidedIn(event)),
});

/** Records the refund version, so that older events that arrive later change nothing. The due time stays. */
const recordRefundVersion = (order: Order, event: RefundEvent, context: ChangeContext): Order =>
  changed(order, { refundVersion: decidedIn(event), dueAt: order.dueAt }, { type: 'RefundNoted' }, context);

/** Applies a full refund to a shipped or ended order: only the payment status changes. */
const refundAfterShipping = (order: Order, event: PaymentRefunded, context: ChangeContext): Order | undefined => {
  const { paymentStatus, refundVersion } = order;
  const isNewer = decidedIn(event) > (refundVersion ?? 0);
  if (paymentStatus !== 'REFUNDED')
    return isNewer ? withPaymentStatus(withRefundVersion(order, event), 'REFUNDED', context) : undefined;
  if (!isNewer || refundVersion === undefined) return undefined; // orders without a refund version need no entry
  return recordRefundVersion(order, event, context);
};

/**
 * Applies a full refund, whoever made it. An order that is not shipped yet is cancelled, which releases the stock and
 * voids the bill; a shipped order keeps its status. A partial refund changes nothing. A replayed event also cancels
 * orders that were refunded before this rule existed. If the refund has failed since, the cancellation refunds the
 * money.
 */
const applyRefund = (order: Order, event: PaymentRefunded, context: ChangeContext): Order | undefined => {
  const { status, paymentStatus, refundVersion = 0 } = order;
  if (!event.data.fullyRefunded || paymentStatus === 'NOT_REQUIRED') return undefined;
  if (transitions[status].CANCELLED === undefined) return refundAfterShipping(order, event, context);
  const isKept = decidedIn(event) < refundVersion && paymentStatus !== 'REFUNDED';
  return cancelled(
    { ...withRefundVersion(order, event), paymentStatus: isKept ? 'PAID' : 'REFUNDED' },
    'payment-failed',
    context,
  );
};

/**
 * Applies a failed refund or a won dispute: an order that was refunded in full is paid again. An order that has ended
 * is due until that money is refunded.
 */
const applyRefundFailure = (order: Order, event: PaymentRefundFailed, context: ChangeContext): Order | undefined => {
  const { paymentStatus, refundVersion = 0 } = order;
  const { refundedTotal, capturedTotal } = event.data;
  if (paymentStatus === 'NOT_REQUIRED' || refundedTotal >= capturedTotal || decidedIn(event) <= refundVersion)
    return undefined;
  return paymentStatus === 'REFUNDED'
    ? withPaymentStatus(withRefundVersion(order, event), 'PAID', context)
    : recordRefundVersion(order, event, context);
};

/** Applies an event of the payment service. Returns undefined when the event changes nothing. */
export const applyPayment = (
  order: Order,
  event: PaymentSucceeded | PaymentFailed | PaymentRefunded | PaymentRefundFailed,
  context: ChangeContext,
): Order | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return applyCapture(order, event, context);
    case 'PaymentFailed.v1':
      return applyFailure(order, event, context);
    case 'PaymentRefunded.v1':
      return applyRefund(order, event, context);
    case 'PaymentRefundFailed.v1':
      return applyRefundFailure(order, event, context);
  }
};

// a reservation may still follow
const awaitsStock: readonly StockStatus[] = ['PENDING', 'BACKORDERED'];

/**
 * Applies a reservation: the order is confirmed, or awaits its payment first. The compensation of both is the
 * cancellation, which makes inventory release the stock and payment refund the money.
 */
const reserve = (order: Order, context: ChangeContext): Order | undefined => {
  if (order.status !== 'PENDING' || !awaitsStock.includes(order.stockStatus)) return undefined;
  if (isPaidFor(order))
    return moved(order, { status: 'CONFIRMED', stockStatus: 'RESERVED' }, 'OrderConfirmed', context);
  const deadline = secondsAfter(context.cause.at, context.timeouts.paymentSeconds);
  const dueAt = secondsAfter(
    context.cause.at,
    Math.min(context.timeouts.answerSeconds, context.timeouts.paymentSeconds),
  );
  return changed(
    order,
    { stockStatus: 'RESERVED', paymentDeadline: deadline, dueAt },
    { type: 'OrderAwaitingPayment', previousStatus: order.status, deadline },
    context,
  );
};

/**
 * Applies a shortage: the order waits for a restock until the deadline, or is cancelled if the shop has no backorders.
 */
const backorder = (order: Order, context: ChangeContext): Order | undefined => {
  if (order.status !== 'PENDING' || order.stockStatus !== 'PENDING') return undefined;
  const { cause, timeouts } = context;
  if (timeouts.backorderSeconds === 0) return cancelled(order, 'out-of-stock', context);
  const deadline = secondsAfter(cause.at, timeouts.backorderSeconds);
  return changed(
    order,
    { stockStatus: 'BACKORDERED', dueAt: deadline },
    { type: 'OrderBackordered', previousStatus: order.status, deadline },
    context,
  );
};

/** Records that inventory has released or deducted the stock, if the order's status expects it. */
const recordStock = (order: Order, stockStatus: 'RELEASED' | 'DEDUCTED', context: ChangeContext): Order | undefined => {
  if (expectedStock[order.status] !== stockStatus || order.stockStatus === stockStatus) return undefined;
  return changed(
    order,
    { stockStatus },
    { type: stockStatus === 'RELEASED' ? 'StockReleased' : 'StockDeducted' },
    context,
  );
};

/** Marks a fully returned order as returned. Its stock stays deducted: returned goods are received as new stock. */
const returnOrder = (order: Order, { data }: ReturnCompleted, context: ChangeContext): Order | undefined => {
  if (!data.orderFullyReturned || transitions[order.status].RETURNED === undefined) return undefined;
  return moved(order, { status: 'RETURNED' }, 'OrderReturned', context);
};

/** The events that the order process handles. */
export type ProcessEvent =
  | InventoryEvent
  | ReturnCompleted
  | PaymentSucceeded
  | PaymentFailed
  | PaymentRefunded
  | PaymentRefundFailed;

/** Applies an event to an order. Returns undefined when the event is late, a duplicate or too early. */
export const decide = (order: Order, event: ProcessEvent, now: Date, timeouts: Timeouts): Order | undefined => {
  const context = { cause: { at: now, causationId: event.id, traceparent: event.traceparent }, timeouts };
  switch (event.type) {
    case 'StockReserved.v1':
      return reserve(order, context);
    case 'StockShort.v1':
      return backorder(order, context);
    case 'StockReleased.v1':
      return recordStock(order, 'RELEASED', context);
    case 'StockDeducted.v1':
      return recordStock(order, 'DEDUCTED', context);
    case 'ReturnCompleted.v1':
      return returnOrder(order, event, context);
    case 'PaymentSucceeded.v1':
    case 'PaymentFailed.v1':
    case 'PaymentRefunded.v1':
    case 'PaymentRefundFailed.v1':
      return applyPayment(order, event, context);
  }
};

const maxWaitSeconds = 3600; // between two publications, unless the answer timeout is longer

const paymentGraceSeconds = 60; // a payment just before the deadline is found in this time, even if its webhook is lost

/** Returns when an unpaid order is cancelled: after the payment deadline and a grace period for the last payments. */
const paymentEndOf = ({ status, paymentDeadline }: Order): string | undefined =>
  status === 'PENDING' && paymentDeadline !== undefined
    ? secondsAfter(new Date(paymentDeadline), paymentGraceSeconds)
    : undefined;

/** Returns the next due time. Each attempt doubles the wait, but the end of the payment time is never skipped. */
const nextDueAt = (order: Order, now: Date, { answerSeconds }: Timeouts): string => {
  const { dueAttempts = 0 } = order;
  const next = secondsAfter(now, Math.min(answerSeconds * 2 ** dueAttempts, Math.max(answerSeconds, maxWaitSeconds)));
  const end = paymentEndOf(order);
  return end !== undefined && end > now.toISOString() && end < next ? end : next;
};

/**
 * The action of the sweep: publish the outstanding events again and reschedule the order to `dueAt`, write the next
 * version, or do nothing.
 */
export type DueDecision = { readonly republish: { readonly dueAt: string } } | { readonly next: Order } | undefined;

/**
 * Returns the reason to cancel an order whose events were published again in vain, or undefined before its deadline.
 */
const expiryOf = (order: Order, now: Date) => {
  if (order.status !== 'PENDING' || order.dueAttempts === undefined) return undefined;
  if (order.stockStatus === 'BACKORDERED') return 'backorder-expired';
  const end = paymentEndOf(order);
  return end !== undefined && end <= now.toISOString() ? 'payment-expired' : undefined;
};

/**
 * Decides about an order whose answers are overdue. After the deadline its events are published once more before it is
 * cancelled: it may be reserved or paid, with only the answer lost.
 */
export const decideDue = (order: Order, now: Date, timeouts: Timeouts): DueDecision => {
  if (order.dueAt === undefined || order.dueAt > now.toISOString()) return undefined;
  const expiry = expiryOf(order, now);
  return expiry === undefined
    ? { republish: { dueAt: nextDueAt(order, now, timeouts) } }
    : { next: cancelled(order, expiry, { cause: { at: now, actor: 'sweep' }, timeouts }) };
};
