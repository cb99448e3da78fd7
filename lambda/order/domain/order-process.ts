import type { InventoryEvent } from '../../contracts/events/inventory-events';
import type {
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../../contracts/events/payment-events';
import type { ReturnCompleted } from '../../contracts/events/return-events';
import type { StockStatus } from '../../contracts/values/order-status';
import { expectedStock, isPaidFor, type Order, secondsAfter, type Timeouts, transitions } from './order';
import { type ChangeContext, changed, moved } from './order-change';
import { cancelled } from './order-commands';
import { applyPayment } from './order-payment';

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
    case 'ReturnCompleted.v2':
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
 * Returns the reason to cancel an order that got no answer although its event was published again. Undefined before its
 * deadline.
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
