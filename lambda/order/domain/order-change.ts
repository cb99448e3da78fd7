import type { OrderStatus } from '../../contracts/values/order-status';
import { type FactOrigin, isAnswered, type Order, type OrderFact, secondsAfter, type Timeouts } from './order';

type Change = Partial<
  Pick<
    Order,
    | 'status'
    | 'stockStatus'
    | 'paymentStatus'
    | 'refundVersion'
    | 'paymentDeadline'
    | 'cancelReason'
    | 'dueAt'
    | 'shippedAt'
    | 'deliveredAt'
  >
>;

/** The origin and the time of a change. Both are stored with its fact. */
export type Cause = FactOrigin & { readonly at: Date };

/** The cause of a change, and the timeouts of the order after it. */
export type ChangeContext = { readonly cause: Cause; readonly timeouts: Timeouts };

/** Returns the payment status of a history entry. Orders without payment omit it, which saves bytes in every entry. */
export const paymentEntry = ({ paymentStatus }: Pick<Order, 'paymentStatus'>) =>
  paymentStatus === 'NOT_REQUIRED' ? {} : { paymentStatus };

/**
 * Applies a fact and returns the next version. The order is due until inventory and payment have answered, unless the
 * change sets `dueAt`.
 */
export const changed = (order: Order, change: Change, fact: OrderFact, { cause, timeouts }: ChangeContext): Order => {
  const at = cause.at.toISOString();
  const next = { ...order, dueAttempts: undefined, ...change, version: order.version + 1, updatedAt: at };
  const { causationId, actor, network, traceparent = order.fact.traceparent } = cause;
  const { status, stockStatus } = next;
  const paid = paymentEntry(next);
  const entry = { at, event: fact.type, status, stockStatus, ...paid, cause: causationId, actor, network };
  return {
    ...next,
    dueAt: change.dueAt ?? (isAnswered(next) ? undefined : secondsAfter(cause.at, timeouts.answerSeconds)),
    fact: { ...fact, causationId, traceparent, actor, network },
    history: [...order.history, entry],
  };
};

/** Returns the order in its next status. */
export const moved = (
  order: Order,
  change: Change & { readonly status: OrderStatus },
  type: 'OrderConfirmed' | 'OrderProcessing' | 'OrderShipped' | 'OrderDelivered' | 'OrderReturned',
  context: ChangeContext,
): Order => changed(order, change, { type, previousStatus: order.status }, context);
