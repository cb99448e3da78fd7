import type { InventoryEvent } from '../contracts/inventory-events';
import type { StockStatus } from '../contracts/order-status';
import type { ReturnCompleted } from '../contracts/return-events';
import { type Order, type Patience, secondsAfter } from './order';
import { type Cause, happened, moved } from './order-change';
import { cancelled } from './order-commands';
import { awaits, transitions } from './order-transitions';

const isPaidFor = ({ paymentStatus }: Order) => paymentStatus === 'NOT_REQUIRED' || paymentStatus === 'PAID';

/** Stock states from which the reservation may still come. */
const awaitsStock: readonly StockStatus[] = ['PENDING', 'BACKORDERED'];

type Asked = { readonly cause: Cause; readonly patience: Patience };

/** Reserved: the order is confirmed. Its undo is the cancellation, which makes the inventory release what it holds. */
const confirm = (order: Order, asked: Asked): Order | undefined => {
  if (order.status !== 'PENDING' || !awaitsStock.includes(order.stockStatus) || !isPaidFor(order)) return undefined;
  const fact = { type: 'OrderConfirmed', previousStatus: order.status } as const;
  return moved(order, { status: 'CONFIRMED', stockStatus: 'RESERVED' }, fact, asked);
};

/** Short: the order waits for a restock until the deadline, or is cancelled by a shop that keeps nobody waiting. */
const backorder = (order: Order, asked: Asked): Order | undefined => {
  if (order.status !== 'PENDING' || order.stockStatus !== 'PENDING') return undefined;
  const { cause, patience } = asked;
  if (patience.backorderSeconds === 0) return cancelled(order, 'out-of-stock', asked);
  const deadline = secondsAfter(cause.at, patience.backorderSeconds);
  return happened(
    order,
    { stockStatus: 'BACKORDERED', dueAt: deadline },
    { type: 'OrderBackordered', previousStatus: order.status, deadline },
    cause,
  );
};

/** Inventory has answered what the order's status waited for: nothing is waited for any more. */
const settle = (order: Order, stockStatus: 'RELEASED' | 'DEDUCTED', { cause }: Asked): Order | undefined => {
  if (awaits[order.status] !== stockStatus || order.stockStatus === stockStatus) return undefined;
  return happened(
    order,
    { stockStatus },
    { type: stockStatus === 'RELEASED' ? 'StockReleased' : 'StockDeducted' },
    cause,
  );
};

/** Everything is back, so the sale is undone. What came back is received anew: what was deducted stays deducted. */
const takeBack = (order: Order, { data }: ReturnCompleted, asked: Asked): Order | undefined => {
  if (!data.orderFullyReturned || transitions[order.status].RETURNED === undefined) return undefined;
  return moved(order, { status: 'RETURNED' }, { type: 'OrderReturned', previousStatus: order.status }, asked);
};

/** What the order process listens to. */
export type ProcessEvent = InventoryEvent | ReturnCompleted;

/** The order process: what an event makes of an order, or nothing when it comes late, twice or too early. */
export const decide = (order: Order, event: ProcessEvent, now: Date, patience: Patience): Order | undefined => {
  const asked = { cause: { at: now, causationId: event.id, traceparent: event.traceparent }, patience };
  switch (event.type) {
    case 'StockReserved.v1':
      return confirm(order, asked);
    case 'StockShort.v1':
      return backorder(order, asked);
    case 'StockReleased.v1':
      return settle(order, 'RELEASED', asked);
    case 'StockDeducted.v1':
      return settle(order, 'DEDUCTED', asked);
    case 'ReturnCompleted.v1':
      return takeBack(order, event, asked);
  }
};

/** The longest that the sweep waits before it asks again, unless one answer takes longer. */
const longestWaitSeconds = 3600;

/** When to ask again whoever has not answered: each time in vain doubles the wait. */
const nextDueAt = ({ dueAttempts = 0 }: Order, now: Date, { answerSeconds }: Patience): string =>
  secondsAfter(now, Math.min(answerSeconds * 2 ** dueAttempts, Math.max(answerSeconds, longestWaitSeconds)));

/**
 * What the sweep does with an order: ask once more for what it waits for and look again at `dueAt`, write the next order,
 * or leave it alone.
 */
export type DueDecision = { readonly askAgain: { readonly dueAt: string } } | { readonly next: Order } | undefined;

/**
 * Decides what is to be done with an order that nobody has answered in time. A backordered one is asked for once more at
 * its deadline: its reservation may stand, with only the answer lost.
 */
export const decideDue = (order: Order, now: Date, patience: Patience): DueDecision => {
  if (order.dueAt === undefined || order.dueAt > now.toISOString()) return undefined;
  const isBackordered = order.stockStatus === 'BACKORDERED' && order.status === 'PENDING';
  if (isBackordered && order.dueAttempts !== undefined) {
    return { next: cancelled(order, 'backorder-expired', { cause: { at: now }, patience }) };
  }
  return { askAgain: { dueAt: nextDueAt(order, now, patience) } };
};
