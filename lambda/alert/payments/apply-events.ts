import type { OrderDescribed } from '../../contracts/calls/order-calls';
import type { PaymentDescribed } from '../../contracts/calls/service-calls';
import type { OrderStatus } from '../../contracts/values/order-status';
import {
  type Capture,
  countedFrom,
  earlier,
  type KnownDispute,
  later,
  type Moment,
  type OrderPayment,
  type OrderState,
  type ReconciledOrderEvent,
  type ReconciledPaymentEvent,
  type RefundAttempt,
  versionOf,
} from './payment-state';

type Of<Type extends ReconciledPaymentEvent['type']> = Extract<ReconciledPaymentEvent, { type: Type }>;

type ReportedCapture = Omit<Capture, 'at'> & { readonly id: string; readonly at: string };

/**
 * Adds a capture. Of repeated events, the lowest payment version says whether it was late, and the earliest time
 * counts.
 */
const withCapture = (known: OrderPayment, { id, ...reported }: ReportedCapture): OrderPayment | undefined => {
  const before = known.captures[id];
  const isFirst = before === undefined || (before.version ?? -1) > (reported.version ?? 0);
  const at = earlier(before?.at, reported.at) ?? reported.at;
  if (!isFirst && before.at === at) return undefined;
  return { ...known, captures: { ...known.captures, [id]: { ...(isFirst ? reported : before), at } } };
};

const applyCapture = (known: OrderPayment, event: Of<'PaymentSucceeded.v1'>, now: Date): OrderPayment | undefined => {
  const { externalPaymentId: id, capturedAmount: amount, currency, late, ownCapture } = event.data;
  const reported = { id, amount, currency, late, version: versionOf(event.id), at: countedFrom(event.time, now) };
  return withCapture(known, ownCapture ? { ...reported, ownCapture } : reported);
};

type RefundEvent = Of<'PaymentRefunded.v1' | 'PaymentRefundFailed.v1'>;

/** Whether a refund event changes the state. A repeated event of a completed refund does not. */
const isNewRefundState = (
  before: RefundAttempt | undefined,
  state: RefundAttempt['state'],
  version: number,
): boolean => {
  if (before === undefined) return true;
  const isRepeated = before.state === 'COMPLETED' && state === 'COMPLETED';
  return isRepeated ? version < before.version : version > before.version;
};

const applyRefund = (known: OrderPayment, event: RefundEvent, now: Date): OrderPayment | undefined => {
  const { refundId, refundAmount: amount, currency, capturedTotal, ...more } = event.data;
  const { replaces, madeElsewhere, disputeId, externalPaymentId } = more;
  const before = known.refunds[refundId];
  const version = versionOf(event.id);
  const state: RefundAttempt['state'] = event.type === 'PaymentRefunded.v1' ? 'COMPLETED' : 'FAILED';
  if (!isNewRefundState(before, state, version)) return undefined;
  const at = before?.state === state ? before.at : countedFrom(event.time, now); // a repeated event keeps the time
  const next = withDisputeDecision(known, event, now);
  const about = { madeElsewhere, disputeId, externalPaymentId, ...(replaces && { replaces }) };
  const refunds = { ...known.refunds, [refundId]: { amount, currency, at, state, version, ...about } };
  return { ...next, refunds, capturedTotal: Math.max(known.capturedTotal ?? 0, capturedTotal) };
};

const applyMismatch = (
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

/**
 * A dispute's decision from its refund event: the dispute is lost when the refund completed, and won when it failed.
 */
const withDisputeDecision = (known: OrderPayment, event: RefundEvent, now: Date) => {
  const { disputeId, refundAmount: amount, currency } = event.data;
  if (disputeId === undefined) return known;
  const before = known.disputes[disputeId];
  const version = versionOf(event.id);
  if (before !== undefined && before.version >= version) return known;
  const at = before?.at ?? countedFrom(event.time, now);
  const status = event.type === 'PaymentRefunded.v1' ? 'LOST' : 'WON';
  const decided: KnownDispute = { reason: before?.reason ?? 'dispute', amount, currency, at, status, version };
  return { ...known, disputes: { ...known.disputes, [disputeId]: decided } };
};

const applyDispute = (known: OrderPayment, event: Of<'PaymentDisputed.v1'>, now: Date): OrderPayment | undefined => {
  const { disputeId, disputedAmount: amount, currency, disputeStatus: status, ...more } = event.data;
  const { reason, evidenceDueBy, inquiry } = more;
  const before = known.disputes[disputeId];
  const version = versionOf(event.id);
  if (before !== undefined && before.version >= version) return undefined;
  const at = before?.at ?? countedFrom(event.time, now);
  const dispute = { amount, currency, at, status, reason, evidenceDueBy, inquiry, version };
  return { ...known, disputes: { ...known.disputes, [disputeId]: dispute } };
};

const applyFailure = (known: OrderPayment, { id, data }: Of<'PaymentFailed.v1'>): OrderPayment | undefined =>
  known.failure === undefined ? { ...known, failure: data.reason, failedIn: versionOf(id) } : undefined;

const applyByType = (known: OrderPayment, event: ReconciledPaymentEvent, now: Date): OrderPayment | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return applyCapture(known, event, now);
    case 'PaymentRefunded.v1':
    case 'PaymentRefundFailed.v1':
      return applyRefund(known, event, now);
    case 'PaymentMismatchFound.v1':
      return applyMismatch(known, event, now);
    case 'PaymentDisputed.v1':
      return applyDispute(known, event, now);
    case 'PaymentFailed.v1':
      return applyFailure(known, event);
  }
};

/** Applies an event of the payment service. Returns undefined when it changes nothing. */
export const applyPaymentEvent = (
  known: OrderPayment,
  event: ReconciledPaymentEvent,
  now: Date,
): OrderPayment | undefined => {
  const { amount, currency } = event.data;
  const next = applyByType(known, event, now);
  return next && { ...next, asked: known.asked ?? { amount, currency, at: countedFrom(event.time, now) } };
};

/** Returns the newest payment version of all events. */
export const knownPaymentVersion = ({ captures, refunds, mismatches, failedIn = 0 }: OrderPayment): number =>
  Math.max(
    failedIn,
    ...[captures, refunds, mismatches]
      .flatMap((entries) => Object.values<{ readonly version?: number | undefined }>(entries))
      .map(({ version = 0 }) => version),
  );

const withSettledMismatches = (
  { mismatches }: OrderPayment,
  open: readonly string[],
  version: number,
): OrderPayment['mismatches'] =>
  Object.fromEntries(
    Object.entries(mismatches).map(([id, one]) => [id, open.includes(id) ? one : { ...one, settledIn: version }]),
  );

/** Applies an answer of the payment service. Returns the same state when the answer is older than the events. */
export const applyPayment = (known: OrderPayment, { payment }: PaymentDescribed, now: Date): OrderPayment => {
  const at = now.toISOString();
  const knownVersion = knownPaymentVersion(known);
  if (payment === undefined)
    return { ...known, answered: { ...known.answered, payment: { at, version: knownVersion, refundedTotal: 0 } } };
  const { version, captures = [], refundedTotal = 0, mismatches = [], currency } = payment;
  if (version === undefined || version < knownVersion) return known; // an old answer
  const updated = captures.reduce<OrderPayment>(
    (state, { externalPaymentId: id, ...capture }) =>
      withCapture(state, { id, ...capture, currency, version, at }) ?? state,
    known,
  );
  return {
    ...updated,
    mismatches: withSettledMismatches(known, mismatches, version),
    asked: known.asked ?? { amount: payment.amount, currency, at },
    answered: { ...known.answered, payment: { at, version, refundedTotal } },
  };
};

/** Whether a provider takes an order's payment. Events from before payments existed do not say so. */
export const needsPayment = ({ data }: ReconciledOrderEvent): boolean =>
  data.total > 0 && data.paymentStatus !== undefined && data.paymentStatus !== 'NOT_REQUIRED';

/** The deadline for the next step. A final status has one only when its event arrives after that deadline. */
const waitsUntil = (event: ReconciledOrderEvent, { now, timeouts }: Moment): string | undefined => {
  const limit = (at: string) => later(at, timeouts.stuckSeconds);
  switch (event.type) {
    case 'OrderPlaced.v2':
      return limit(event.time);
    case 'OrderBackordered.v2':
      return limit(event.data.deadline);
    case 'OrderAwaitingPayment.v2':
      return limit(event.data.paymentDeadline);
    case 'OrderConfirmed.v2':
      return undefined;
    case 'OrderShipped.v2':
    case 'OrderDelivered.v2':
    case 'OrderCancelled.v2':
    case 'OrderReturned.v2':
      return limit(event.time) <= now.toISOString() ? limit(event.time) : undefined;
  }
};

/** The statuses of orders that were confirmed at some time. */
const sold: readonly OrderStatus[] = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURNED'];
const undone: readonly OrderStatus[] = ['CANCELLED', 'RETURNED'];
const shipped: readonly OrderStatus[] = ['SHIPPED', 'DELIVERED', 'RETURNED'];

type Described = NonNullable<OrderDescribed['order']>;

const orderStateOf = (event: ReconciledOrderEvent, moment: Moment): OrderState => {
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

const compared = ['version', 'confirmedAt', 'undoneAt', 'waitsUntil'] as const;

/** Merges two states in any order. Returns undefined when the second adds nothing. */
const mergeOrderStates = (known: OrderState | undefined, latest: OrderState): OrderState | undefined => {
  if (known === undefined) return latest;
  const newer = latest.version > known.version ? latest : known;
  const isUnconfirmed = known.waitsUntil === undefined && known.askedAt === undefined; // no answer yet
  const takesDeadline = isUnconfirmed && latest.version === known.version;
  const next = {
    ...newer,
    confirmedAt: earlier(known.confirmedAt, latest.confirmedAt),
    undoneAt: earlier(known.undoneAt, latest.undoneAt),
    waitsUntil: takesDeadline ? latest.waitsUntil : newer.waitsUntil,
  };
  return compared.every((name) => next[name] === known[name]) ? undefined : next;
};

/** The answers that still count. An answer from before a new deadline does not. */
const validAnswers = ({ order, answered }: OrderPayment, { waitsUntil }: OrderState): OrderPayment['answered'] =>
  waitsUntil === undefined || waitsUntil === order?.waitsUntil ? answered : { ...answered, order: undefined };

/** Applies an event of the order service. Returns undefined when it changes nothing or the order needs no checks. */
export const applyOrderEvent = (
  known: OrderPayment,
  event: ReconciledOrderEvent,
  moment: Moment,
): OrderPayment | undefined => {
  const latest = orderStateOf(event, moment);
  const isOverdue = latest.waitsUntil !== undefined && latest.waitsUntil <= moment.now.toISOString();
  const needsNoCheck = known.version === 0 && !latest.needsPayment && !isOverdue;
  const order = needsNoCheck ? undefined : mergeOrderStates(known.order, latest);
  return order && { ...known, order, answered: validAnswers(known, order) };
};

/**
 * Whether an order waits for a service: for its reservation or payment, or for its stock to be released or
 * deducted.
 */
const isWaiting = ({ status, stockStatus }: Described): boolean => {
  if (status === 'PENDING') return true;
  if (status === 'CANCELLED') return stockStatus !== 'RELEASED';
  return shipped.includes(status) && stockStatus !== 'DEDUCTED';
};

const withOrderAnswer = (known: OrderPayment, version: number, at: string): OrderPayment['answered'] => ({
  ...known.answered,
  order: { at, version },
});

/** The order's state from the order service's answer, when its event is missing. */
const orderStateOfAnswer = (known: OrderState | undefined, described: Described, at: string): OrderState => {
  const { version, status, total, currency, paymentStatus } = described;
  return {
    ...{ version, status, total, currency },
    needsPayment: known?.needsPayment ?? (total > 0 && paymentStatus !== 'NOT_REQUIRED'),
    confirmedAt: known?.confirmedAt ?? (sold.includes(status) ? at : undefined),
    undoneAt: known?.undoneAt ?? (undone.includes(status) ? at : undefined),
    askedAt: isWaiting(described) ? undefined : at, // its event, when it arrives, adds nothing
  };
};

/**
 * Applies an answer of the order service: the order has gone on, still waits, or does not exist. Returns the same
 * state when the answer is older than the events.
 */
export const applyOrder = (known: OrderPayment, { order: described }: OrderDescribed, now: Date): OrderPayment => {
  const { order } = known;
  const at = now.toISOString();
  if (described === undefined) {
    const answered = withOrderAnswer(known, order?.version ?? 0, at);
    return { ...known, answered, order: order && { ...order, waitsUntil: undefined, askedAt: at } };
  }
  const { version } = described;
  if (version < (order?.version ?? 0)) return known;
  const answered = withOrderAnswer(known, version, at);
  if (version !== order?.version) return { ...known, answered, order: orderStateOfAnswer(order, described, at) };
  const waitsUntil = isWaiting(described) ? order.waitsUntil : undefined;
  return { ...known, answered, order: { ...order, waitsUntil, askedAt: at } };
};
