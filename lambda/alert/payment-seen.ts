import type { PaymentDescribed } from '../contracts/service-calls';
import {
  type Capture,
  countedFrom,
  type DisputeSeen,
  earlier,
  type OrderPayment,
  type RefundTried,
  versionOf,
  type WatchedPaymentEvent,
} from './watched-order';

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
export const hearPayment = (known: OrderPayment, event: WatchedPaymentEvent, now: Date): OrderPayment | undefined => {
  const { amount, currency } = event.data;
  const next = note(known, event, now);
  return next && { ...next, asked: known.asked ?? { amount, currency, at: countedFrom(event.time, now) } };
};

/** The newest version of the payment that was heard of. */
export const heardOfPayment = ({ captures, refunds, mismatches, failedIn = 0 }: OrderPayment): number =>
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
export const seePayment = (known: OrderPayment, { payment }: PaymentDescribed, now: Date): OrderPayment => {
  const at = now.toISOString();
  const heard = heardOfPayment(known);
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
