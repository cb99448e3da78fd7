import {
  countedFrom,
  earlier,
  type OrderPayment,
  type RefundTried,
  versionOf,
  type WatchedPaymentEvent,
} from './watched-order';

type Of<Type extends WatchedPaymentEvent['type']> = Extract<WatchedPaymentEvent, { type: Type }>;

/** The same capture is told again with the same ID: the earliest hearing of it counts. */
const noteCapture = (known: OrderPayment, event: Of<'PaymentSucceeded.v1'>, now: Date): OrderPayment | undefined => {
  const { externalPaymentId, capturedAmount: amount, currency, late } = event.data;
  const before = known.captures[externalPaymentId];
  const at = earlier(before?.at, countedFrom(event.time, now)) ?? event.time;
  const isLate = late || before?.late === true;
  if (before?.at === at && before.late === isLate) return undefined;
  return { ...known, captures: { ...known.captures, [externalPaymentId]: { amount, currency, at, late: isLate } } };
};

const noteRefund = (
  known: OrderPayment,
  event: Of<'PaymentRefunded.v1' | 'PaymentRefundFailed.v1'>,
  now: Date,
): OrderPayment | undefined => {
  const { refundId, refundAmount: amount, currency, capturedTotal } = event.data;
  const before = known.refunds[refundId];
  const version = versionOf(event.id);
  if (before !== undefined && before.version >= version) return undefined;
  const state: RefundTried['state'] = event.type === 'PaymentRefunded.v1' ? 'COMPLETED' : 'FAILED';
  const at = before?.state === state ? before.at : countedFrom(event.time, now); // told again, it is no younger
  const refunds = { ...known.refunds, [refundId]: { amount, currency, at, state, version } };
  return { ...known, refunds, capturedTotal: Math.max(known.capturedTotal ?? 0, capturedTotal) };
};

const noteMismatch = (
  known: OrderPayment,
  event: Of<'PaymentMismatchFound.v1'>,
  now: Date,
): OrderPayment | undefined => {
  const { externalPaymentId, seenAmount: amount, seenCurrency: currency } = event.data;
  if (known.mismatches[externalPaymentId] !== undefined) return undefined;
  const at = countedFrom(event.time, now);
  return { ...known, mismatches: { ...known.mismatches, [externalPaymentId]: { amount, currency, at } } };
};

const noteFailure = (known: OrderPayment, { data }: Of<'PaymentFailed.v1'>): OrderPayment | undefined =>
  known.failure === undefined ? { ...known, failure: data.reason } : undefined;

const note = (known: OrderPayment, event: WatchedPaymentEvent, now: Date): OrderPayment | undefined => {
  switch (event.type) {
    case 'PaymentSucceeded.v1':
      return noteCapture(known, event, now);
    case 'PaymentRefunded.v1':
    case 'PaymentRefundFailed.v1':
      return noteRefund(known, event, now);
    case 'PaymentMismatchFound.v1':
      return noteMismatch(known, event, now);
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
