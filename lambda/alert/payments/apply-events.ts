import type { OrderDescribed } from '../../contracts/order-calls';
import type { OrderStatus } from '../../contracts/order-status';
import type { PaymentDescribed } from '../../contracts/service-calls';
import {
  type Capture,
  countedFrom,
  type DisputeSeen,
  earlier,
  later,
  type Moment,
  type OrderPayment,
  type OrderSeen,
  type RefundTried,
  versionOf,
  type WatchedOrderEvent,
  type WatchedPaymentEvent,
} from './payment-state';

type Of<Type extends WatchedPaymentEvent['type']> = Extract<WatchedPaymentEvent, { type: Type }>;

type Told = Omit<Capture, 'at'> & { readonly id: string; readonly at: string };

/** The same capture is told again with the same ID: its first telling says whether it was late, and the earliest counts. */
const withCapture = (known: OrderPayment, { id, ...told }: Told): OrderPayment | undefined => {
  const before = known.captures[id];
  const isFirst = before === undefined || (before.version ?? -1) > (told.version ?? 0);
  const at = earlier(before?.at, told.at) ?? told.at;
  if (!isFirst && before.at === at) return undefined;
  return { ...known, captures: { ...known.captures, [id]: { ...(isFirst ? told : before), at } } };
};

const noteCapture = (known: OrderPayment, event: Of<'PaymentSucceeded.v1'>, now: Date): OrderPayment | undefined => {
  const { externalPaymentId: id, capturedAmount: amount, currency, late, ownCapture } = event.data;
  const told = { id, amount, currency, late, version: versionOf(event.id), at: countedFrom(event.time, now) };
  return withCapture(known, ownCapture ? { ...told, ownCapture } : told);
};

type RefundEvent = Of<'PaymentRefunded.v1' | 'PaymentRefundFailed.v1'>;

/** Whether a refund's event says what is not known: a completed one that is told again says nothing. */
const isRefundNews = (before: RefundTried | undefined, state: RefundTried['state'], version: number): boolean => {
  if (before === undefined) return true;
  const isToldAgain = before.state === 'COMPLETED' && state === 'COMPLETED';
  return isToldAgain ? version < before.version : version > before.version;
};

const noteRefund = (known: OrderPayment, event: RefundEvent, now: Date): OrderPayment | undefined => {
  const { refundId, refundAmount: amount, currency, capturedTotal, ...more } = event.data;
  const { replaces, madeElsewhere, disputeId, externalPaymentId } = more;
  const before = known.refunds[refundId];
  const version = versionOf(event.id);
  const state: RefundTried['state'] = event.type === 'PaymentRefunded.v1' ? 'COMPLETED' : 'FAILED';
  if (!isRefundNews(before, state, version)) return undefined;
  const at = before?.state === state ? before.at : countedFrom(event.time, now); // told again, it is no younger
  const next = noteDecided(known, event, now);
  const about = { madeElsewhere, disputeId, externalPaymentId, ...(replaces && { replaces }) };
  const refunds = { ...known.refunds, [refundId]: { amount, currency, at, state, version, ...about } };
  return { ...next, refunds, capturedTotal: Math.max(known.capturedTotal ?? 0, capturedTotal) };
};

const noteMismatch = (
  known: OrderPayment,
  event: Of<'PaymentMismatchFound.v1'>,
  now: Date,
): OrderPayment | undefined => {
  const { externalPaymentId, seenAmount: amount, seenCurrency: currency } = event.data;
  const version = versionOf(event.id);
  const before = known.mismatches[externalPaymentId];
  if (before !== undefined && (before.version ?? version) >= version) return undefined;
  const mismatch = { amount, currency, at: countedFrom(event.time, now), version };
  return { ...known, mismatches: { ...known.mismatches, [externalPaymentId]: mismatch } };
};

/** Money that a dispute took is told as a refund of it: the dispute is lost. Failed, the money came back: it is won. */
const noteDecided = (known: OrderPayment, event: RefundEvent, now: Date) => {
  const { disputeId, refundAmount: amount, currency } = event.data;
  if (disputeId === undefined) return known;
  const before = known.disputes[disputeId];
  const version = versionOf(event.id);
  if (before !== undefined && before.version >= version) return known;
  const at = before?.at ?? countedFrom(event.time, now);
  const status = event.type === 'PaymentRefunded.v1' ? 'LOST' : 'WON';
  const decided: DisputeSeen = { reason: before?.reason ?? 'dispute', amount, currency, at, status, version };
  return { ...known, disputes: { ...known.disputes, [disputeId]: decided } };
};

const noteDispute = (known: OrderPayment, event: Of<'PaymentDisputed.v1'>, now: Date): OrderPayment | undefined => {
  const { disputeId, disputedAmount: amount, currency, disputeStatus: status, ...more } = event.data;
  const { reason, evidenceDueBy, inquiry } = more;
  const before = known.disputes[disputeId];
  const version = versionOf(event.id);
  if (before !== undefined && before.version >= version) return undefined;
  const at = before?.at ?? countedFrom(event.time, now);
  const dispute = { amount, currency, at, status, reason, evidenceDueBy, inquiry, version };
  return { ...known, disputes: { ...known.disputes, [disputeId]: dispute } };
};

const noteFailure = (known: OrderPayment, { id, data }: Of<'PaymentFailed.v1'>): OrderPayment | undefined =>
  known.failure === undefined ? { ...known, failure: data.reason, failedIn: versionOf(id) } : undefined;

const note = (known: OrderPayment, event: WatchedPaymentEvent, now: Date): OrderPayment | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return noteCapture(known, event, now);
    case 'PaymentRefunded.v1':
    case 'PaymentRefundFailed.v1':
      return noteRefund(known, event, now);
    case 'PaymentMismatchFound.v1':
      return noteMismatch(known, event, now);
    case 'PaymentDisputed.v1':
      return noteDispute(known, event, now);
    case 'PaymentFailed.v1':
      return noteFailure(known, event);
  }
};

/** What an event of the payment service makes of what is known; nothing when it is no news. */
export const applyPaymentEvent = (
  known: OrderPayment,
  event: WatchedPaymentEvent,
  now: Date,
): OrderPayment | undefined => {
  const { amount, currency } = event.data;
  const next = note(known, event, now);
  return next && { ...next, asked: known.asked ?? { amount, currency, at: countedFrom(event.time, now) } };
};

/** The newest version of the payment that was heard of. */
export const knownPaymentVersion = ({ captures, refunds, mismatches, failedIn = 0 }: OrderPayment): number =>
  Math.max(
    failedIn,
    ...[captures, refunds, mismatches]
      .flatMap((seen) => Object.values<{ readonly version?: number | undefined }>(seen))
      .map(({ version = 0 }) => version),
  );

const settled = ({ mismatches }: OrderPayment, open: readonly string[], version: number): OrderPayment['mismatches'] =>
  Object.fromEntries(
    Object.entries(mismatches).map(([id, one]) => [id, open.includes(id) ? one : { ...one, settledIn: version }]),
  );

/** What the payment service says of an order's payment, whatever of it was heard; the same when it is behind. */
export const applyPayment = (known: OrderPayment, { payment }: PaymentDescribed, now: Date): OrderPayment => {
  const at = now.toISOString();
  const heard = knownPaymentVersion(known);
  if (payment === undefined)
    return { ...known, answered: { ...known.answered, payment: { at, version: heard, refundedTotal: 0 } } };
  const { version, captures = [], refundedTotal = 0, mismatches = [], currency } = payment;
  if (version === undefined || version < heard) return known; // from before it could say, or from before what was heard
  const seen = captures.reduce<OrderPayment>(
    (state, { externalPaymentId: id, ...capture }) =>
      withCapture(state, { id, ...capture, currency, version, at }) ?? state,
    known,
  );
  return {
    ...seen,
    mismatches: settled(known, mismatches, version),
    asked: known.asked ?? { amount: payment.amount, currency, at },
    answered: { ...known.answered, payment: { at, version, refundedTotal } },
  };
};

/** Whether an order is paid by a provider. Events from before payments do not say. */
export const needsPayment = ({ data }: WatchedOrderEvent): boolean =>
  data.total > 0 && data.paymentStatus !== undefined && data.paymentStatus !== 'NOT_REQUIRED';

/** By when the order must have gone on. What has no deadline of its own has one when it is told again after a long time. */
const waitsUntil = (event: WatchedOrderEvent, { now, timeouts }: Moment): string | undefined => {
  const limit = (at: string) => later(at, timeouts.stuckSeconds);
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
export const applyOrderEvent = (
  known: OrderPayment,
  event: WatchedOrderEvent,
  moment: Moment,
): OrderPayment | undefined => {
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
export const applyOrder = (known: OrderPayment, { order: described }: OrderDescribed, now: Date): OrderPayment => {
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
