import type { OrderStatus } from '../../contracts/order-status';
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

/** What an order changes for: the event that was heard, or who asked, and when. Noted with what comes of it. */
export type Cause = FactOrigin & { readonly at: Date };

/** Who or what makes an order change, and how long the order then waits for its answers. */
export type Asked = { readonly cause: Cause; readonly timeouts: Timeouts };

/** What an entry of the history says of the payment. Orders that need none save its bytes in every entry. */
export const paymentEntry = ({ paymentStatus }: Pick<Order, 'paymentStatus'>) =>
  paymentStatus === 'NOT_REQUIRED' ? {} : { paymentStatus };

/**
 * The order after a fact: the next version. It is due until everybody has answered whom its state asks, unless the change
 * says when.
 */
export const changed = (order: Order, change: Change, fact: OrderFact, { cause, timeouts }: Asked): Order => {
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

/** The order in its next status. */
export const moved = (
  order: Order,
  change: Change & { readonly status: OrderStatus },
  type: 'OrderConfirmed' | 'OrderProcessing' | 'OrderShipped' | 'OrderDelivered' | 'OrderReturned',
  asked: Asked,
): Order => changed(order, change, { type, previousStatus: order.status }, asked);
