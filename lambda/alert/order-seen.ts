import type { OrderDescribed } from '../contracts/order-calls';
import type { OrderStatus } from '../contracts/order-status';
import {
  countedFrom,
  earlier,
  later,
  type Moment,
  type OrderPayment,
  type OrderSeen,
  versionOf,
  type WatchedOrderEvent,
} from './watched-order';

/** Whether an order is paid by a provider. Events from before payments do not say. */
export const needsPayment = ({ data }: WatchedOrderEvent): boolean =>
  data.total > 0 && data.paymentStatus !== undefined && data.paymentStatus !== 'NOT_REQUIRED';

/** By when the order must have gone on. What has no deadline of its own has one when it is told again after a long time. */
const waitsUntil = (event: WatchedOrderEvent, { now, patience }: Moment): string | undefined => {
  const limit = (at: string) => later(at, patience.stuckSeconds);
  switch (event.type) {
    case 'OrderPlaced.v1':
      return limit(event.time);
    case 'OrderBackordered.v1':
      return limit(event.data.deadline);
    case 'OrderAwaitingPayment.v1':
      return limit(event.data.paymentDeadline);
    case 'OrderConfirmed.v1':
      return undefined;
    case 'OrderShipped.v1':
    case 'OrderDelivered.v1':
    case 'OrderCancelled.v1':
    case 'OrderReturned.v1':
      return limit(event.time) <= now.toISOString() ? limit(event.time) : undefined;
  }
};

/** Statuses of orders that are sold, or were. */
const sold: readonly OrderStatus[] = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED'];
const undone: readonly OrderStatus[] = ['CANCELLED', 'RETURNED'];
const shipped: readonly OrderStatus[] = ['SHIPPED', 'DELIVERED', 'RETURNED'];

type Described = NonNullable<OrderDescribed['order']>;

const orderSeen = (event: WatchedOrderEvent, moment: Moment): OrderSeen => {
  const { status, total, currency } = event.data;
  const at = countedFrom(event.time, moment.now);
  return {
    version: versionOf(event.id),
    ...{ status, total, currency },
    needsPayment: needsPayment(event),
    confirmedAt: sold.includes(status) ? at : undefined,
    undoneAt: undone.includes(status) ? at : undefined,
    waitsUntil: waitsUntil(event, moment),
  };
};

const told = ['version', 'confirmedAt', 'undoneAt', 'waitsUntil'] as const;

/** Both together, whichever was heard first; nothing when the second says nothing new. */
const merged = (known: OrderSeen | undefined, seen: OrderSeen): OrderSeen | undefined => {
  if (known === undefined) return seen;
  const newer = seen.version > known.version ? seen : known;
  const isUnasked = known.waitsUntil === undefined && known.askedAt === undefined; // the order service knows better
  const isAskedAgain = isUnasked && seen.version === known.version;
  const next = {
    ...newer,
    confirmedAt: earlier(known.confirmedAt, seen.confirmedAt),
    undoneAt: earlier(known.undoneAt, seen.undoneAt),
    waitsUntil: isAskedAgain ? seen.waitsUntil : newer.waitsUntil,
  };
  return told.every((name) => next[name] === known[name]) ? undefined : next;
};

/** The answers that still count: one from before a deadline was known says nothing about it. */
const stillAnswered = ({ order, answered }: OrderPayment, { waitsUntil }: OrderSeen): OrderPayment['answered'] =>
  waitsUntil === undefined || waitsUntil === order?.waitsUntil ? answered : { ...answered, order: undefined };

/** What an event of the order service makes of what is known; nothing when it is no news, or of an order in no danger. */
export const hearOrder = (known: OrderPayment, event: WatchedOrderEvent, moment: Moment): OrderPayment | undefined => {
  const seen = orderSeen(event, moment);
  const isOverdue = seen.waitsUntil !== undefined && seen.waitsUntil <= moment.now.toISOString();
  const isInNoDanger = known.version === 0 && !seen.needsPayment && !isOverdue;
  const order = isInNoDanger ? undefined : merged(known.order, seen);
  return order && { ...known, order, answered: stillAnswered(known, order) };
};

/** Whether an order waits for a service: it is to be reserved or paid, or its stock is not given back or taken away yet. */
const waits = ({ status, stockStatus }: Described): boolean => {
  if (status === 'PENDING') return true;
  if (status === 'CANCELLED') return stockStatus !== 'RELEASED';
  return shipped.includes(status) && stockStatus !== 'DEDUCTED';
};

const answerFor = (known: OrderPayment, version: number, at: string): OrderPayment['answered'] => ({
  ...known.answered,
  order: { at, version },
});

/** An order, or a version of it, of which only the order service has told. */
const describedNow = (known: OrderSeen | undefined, described: Described, at: string): OrderSeen => {
  const { version, status, total, currency, paymentStatus } = described;
  return {
    ...{ version, status, total, currency },
    needsPayment: known?.needsPayment ?? (total > 0 && paymentStatus !== 'NOT_REQUIRED'),
    confirmedAt: known?.confirmedAt ?? (sold.includes(status) ? at : undefined),
    undoneAt: known?.undoneAt ?? (undone.includes(status) ? at : undefined),
    askedAt: waits(described) ? undefined : at, // its event, told again, says no more than this
  };
};

/**
 * What the order service says of an order, whatever of it was heard: it has gone on, it still waits, or there is none. The
 * same when it is behind what was heard.
 */
export const seeOrder = (known: OrderPayment, { order: described }: OrderDescribed, now: Date): OrderPayment => {
  const { order } = known;
  const at = now.toISOString();
  if (described === undefined) {
    const answered = answerFor(known, order?.version ?? 0, at);
    return { ...known, answered, order: order && { ...order, waitsUntil: undefined, askedAt: at } };
  }
  const { version } = described;
  if (version < (order?.version ?? 0)) return known;
  const answered = answerFor(known, version, at);
  if (version !== order?.version) return { ...known, answered, order: describedNow(order, described, at) };
  const waitsUntil = waits(described) ? order.waitsUntil : undefined;
  return { ...known, answered, order: { ...order, waitsUntil, askedAt: at } };
};
