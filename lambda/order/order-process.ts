import type { InventoryEvent } from '../contracts/inventory-events';
import type { CancelReason, StockStatus } from '../contracts/order-status';
import { type Order, type OrderFact, type Patience, secondsAfter } from './order';

type Change = Partial<Pick<Order, 'status' | 'stockStatus' | 'dueAt'>>;

/** What was heard, and why: the cause is noted with the fact that comes of it. */
type Cause = { readonly at: Date; readonly causationId?: string; readonly traceparent?: string | undefined };

const happened = (order: Order, change: Change, fact: OrderFact, cause: Cause): Order => {
  const at = cause.at.toISOString();
  const next = { ...order, ...change, version: order.version + 1, updatedAt: at };
  const { causationId, traceparent = order.fact.traceparent } = cause;
  return {
    ...next,
    fact: { ...fact, causationId, traceparent },
    history: [...order.history, { at, event: fact.type, status: next.status, stockStatus: next.stockStatus }],
  };
};

const isPaidFor = ({ paymentStatus }: Order) => paymentStatus === 'NOT_REQUIRED' || paymentStatus === 'PAID';

/** Stock states from which the reservation may still come. */
const awaitsStock: readonly StockStatus[] = ['PENDING', 'BACKORDERED'];

/** Reserved: the order is confirmed. Its undo is `cancel`, which makes the inventory release what it holds. */
const confirm = (order: Order, cause: Cause): Order | undefined =>
  order.status === 'PENDING' && awaitsStock.includes(order.stockStatus) && isPaidFor(order)
    ? happened(
        order,
        { status: 'CONFIRMED', stockStatus: 'RESERVED', dueAt: undefined },
        { type: 'OrderConfirmed', previousStatus: order.status },
        cause,
      )
    : undefined;

/** Short: the order waits for a restock until the deadline. Nothing is held, so there is nothing to undo. */
const backorder = (order: Order, cause: Cause, { backorderSeconds }: Patience): Order | undefined => {
  if (order.status !== 'PENDING' || order.stockStatus !== 'PENDING') return undefined;
  const deadline = secondsAfter(cause.at, backorderSeconds);
  return happened(
    order,
    { stockStatus: 'BACKORDERED', dueAt: deadline },
    { type: 'OrderBackordered', previousStatus: order.status, deadline },
    cause,
  );
};

/** Cancelled: inventory releases, billing voids, the customer is told. Due until the inventory has answered. */
const cancel = (order: Order, reason: CancelReason, cause: Cause, { answerSeconds }: Patience): Order =>
  happened(
    order,
    { status: 'CANCELLED', dueAt: secondsAfter(cause.at, answerSeconds) },
    { type: 'OrderCancelled', previousStatus: order.status, reason },
    cause,
  );

/** Released: a cancelled order holds nothing any more, and nothing is waited for. */
const release = (order: Order, cause: Cause): Order | undefined =>
  order.status === 'CANCELLED' && order.stockStatus !== 'RELEASED'
    ? happened(order, { stockStatus: 'RELEASED', dueAt: undefined }, { type: 'StockReleased' }, cause)
    : undefined;

/** The order process: what an inventory event makes of an order, or nothing when it comes late, twice or too early. */
export const decide = (order: Order, event: InventoryEvent, now: Date, patience: Patience): Order | undefined => {
  const cause = { at: now, causationId: event.id, traceparent: event.traceparent };
  switch (event.type) {
    case 'StockReserved.v1':
      return confirm(order, cause);
    case 'StockShort.v1':
      return backorder(order, cause, patience);
    case 'StockReleased.v1':
      return release(order, cause);
    case 'StockDeducted.v1':
      return undefined;
  }
};

/** What the sweep does with an order: publish its newest event again, write the next order, or leave it alone. */
export type DueDecision = { readonly publishAgain: true } | { readonly next: Order } | undefined;

/** Decides what is to be done with an order that nobody has answered in time. */
export const decideDue = (order: Order, now: Date, patience: Patience): DueDecision => {
  if (order.dueAt === undefined || order.dueAt > now.toISOString()) return undefined;
  if (order.stockStatus === 'BACKORDERED' && order.status === 'PENDING') {
    return { next: cancel(order, 'backorder-expired', { at: now }, patience) };
  }
  return { publishAgain: true };
};
