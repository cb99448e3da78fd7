import type { InventoryEvent } from '../contracts/inventory-events';
import type { StockStatus } from '../contracts/order-status';
import type {
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../contracts/payment-events';
import type { ReturnCompleted } from '../contracts/return-events';
import { type Order, type Patience, secondsAfter } from './order';
import { type Asked, changed, moved } from './order-change';
import { cancelled } from './order-commands';
import { notePayment } from './order-payment';
import { awaits, isPaidFor, transitions } from './order-transitions';

/** Stock states from which the reservation may still come. */
const awaitsStock: readonly StockStatus[] = ['PENDING', 'BACKORDERED'];

/**
 * Reserved: the order is confirmed, or the customer is asked to pay first. The undo of both is the cancellation, which
 * makes the inventory release what it holds and the payment service give back what it took.
 */
const reserve = (order: Order, asked: Asked): Order | undefined => {
  if (order.status !== 'PENDING' || !awaitsStock.includes(order.stockStatus)) return undefined;
  if (isPaidFor(order)) return moved(order, { status: 'CONFIRMED', stockStatus: 'RESERVED' }, 'OrderConfirmed', asked);
  const deadline = secondsAfter(asked.cause.at, asked.patience.paymentSeconds);
  const dueAt = secondsAfter(asked.cause.at, Math.min(asked.patience.answerSeconds, asked.patience.paymentSeconds));
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
  const { cause, patience } = asked;
  if (patience.backorderSeconds === 0) return cancelled(order, 'out-of-stock', asked);
  const deadline = secondsAfter(cause.at, patience.backorderSeconds);
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
export const decide = (order: Order, event: ProcessEvent, now: Date, patience: Patience): Order | undefined => {
  const asked = { cause: { at: now, causationId: event.id, traceparent: event.traceparent }, patience };
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
const nextDueAt = (order: Order, now: Date, { answerSeconds }: Patience): string => {
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
export const decideDue = (order: Order, now: Date, patience: Patience): DueDecision => {
  if (order.dueAt === undefined || order.dueAt > now.toISOString()) return undefined;
  const expiry = expiryOf(order, now);
  return expiry === undefined
    ? { askAgain: { dueAt: nextDueAt(order, now, patience) } }
    : { next: cancelled(order, expiry, { cause: { at: now, actor: 'sweep' }, patience }) };
};
