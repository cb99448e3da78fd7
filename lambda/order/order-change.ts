import type { OrderStatus } from '../contracts/order-status';
import { type Order, type OrderFact, type Patience, secondsAfter } from './order';
import { awaits } from './order-transitions';

type Change = Partial<Pick<Order, 'status' | 'stockStatus' | 'dueAt' | 'shippedAt' | 'deliveredAt'>>;

/** What an order changes for: the event that was heard, or who asked, and when. Noted with what comes of it. */
export type Cause = {
  readonly at: Date;
  readonly causationId?: string;
  /** Who asked for it: a user's ID, `guest`. */
  readonly by?: string;
  readonly traceparent?: string | undefined;
};

/** The order after a fact: the next version, waiting for nothing unless `change` says so. */
export const happened = (order: Order, change: Change, fact: OrderFact, cause: Cause): Order => {
  const at = cause.at.toISOString();
  const next = { ...order, dueAt: undefined, dueAttempts: undefined, ...change, version: order.version + 1 };
  const { causationId, by, traceparent = order.fact.traceparent } = cause;
  const entry = { at, event: fact.type, status: next.status, stockStatus: next.stockStatus, cause: causationId ?? by };
  return {
    ...next,
    updatedAt: at,
    fact: { ...fact, causationId, traceparent },
    history: [...order.history, entry],
  };
};

/** The order in its next status, due until the inventory has answered to it. */
export const moved = (
  order: Order,
  change: Change & { readonly status: OrderStatus },
  fact: OrderFact,
  { cause, patience }: { readonly cause: Cause; readonly patience: Patience },
): Order => {
  const { status, stockStatus } = { ...order, ...change };
  const answered = awaits[status] === 'nothing' || awaits[status] === stockStatus;
  const dueAt = answered ? undefined : secondsAfter(cause.at, patience.answerSeconds);
  return happened(order, { ...change, dueAt }, fact, cause);
};
