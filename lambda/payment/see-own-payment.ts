import type { PaymentFailure } from '../contracts/payment-status';
import { type Cause, happened, type Payment } from './payment';
import { lateReason, succeeded } from './payment-outcome';
import type { SightedState } from './provider';
import { newRefund } from './request-refund';
import { isLostUnbooked } from './see-dispute';
import { isOpen, isOpenThere, isOver, isWebhook, type Reaction, type Seen } from './seen-payment';

const idsOf = (
  payment: Payment,
  { externalPaymentId, paymentIntentId, transactionId, details, checkoutExpiresAt }: Seen,
) => ({
  externalPaymentId,
  paymentIntentId: paymentIntentId ?? payment.paymentIntentId,
  transactionId: transactionId ?? payment.transactionId,
  details: details ?? payment.details,
  checkoutExpiresAt: checkoutExpiresAt ?? payment.checkoutExpiresAt,
});

const rank = { UNKNOWN: 0, OPEN: 1, AUTHORIZED: 2, CAPTURED: 3, CLOSED: 3 } as const;

const factOfOpen = { OPEN: 'CheckoutOpened', AUTHORIZED: 'PaymentAuthorized' } as const;

const isDeclinedAnew = ({ providerState, failureReason }: Payment, seen: Seen): boolean =>
  seen.state === 'DECLINED' && seen.failureReason !== failureReason && rank[providerState] < rank.AUTHORIZED;

/** Where an open payment is, as the payment says it; `DECLINED` is open too. */
const openStateOf = ({ state }: Seen): 'OPEN' | 'AUTHORIZED' => (state === 'AUTHORIZED' ? 'AUTHORIZED' : 'OPEN');

/** The customer may pay or has allowed it. Never takes back what is known to be further. */
const seeOpen: Reaction = (payment, seen, cause) => {
  const providerState = openStateOf(seen);
  const isFurther = rank[providerState] > rank[payment.providerState];
  if (!isFurther && seen.details === undefined) return undefined;
  const changes = { ...idsOf(payment, seen), status: 'PROCESSING', ...(isFurther ? { providerState } : {}) } as const;
  return happened(payment, changes, { type: isFurther ? factOfOpen[providerState] : 'DetailsLearned' }, cause);
};

/** The customer was declined and may try again. */
const seeDeclined: Reaction = (payment, seen, cause) => {
  if (!isDeclinedAnew(payment, seen)) return seeOpen(payment, seen, cause);
  const { failureReason } = seen;
  const changes = { ...idsOf(payment, seen), status: 'PROCESSING', providerState: 'OPEN', failureReason } as const;
  return happened(payment, changes, { type: 'PaymentDeclined', note: failureReason }, cause);
};

/** Still open there though it is over here: it is to be closed there too, before anybody pays. */
const seeOpenTooLate: Reaction = (payment, seen, cause) => {
  if (payment.capturedAmount > 0 || isOpenThere(payment)) return undefined;
  const changes = { ...idsOf(payment, seen), providerState: openStateOf(seen) };
  return happened(payment, changes, { type: 'CancelRequested' }, cause);
};

/** What the customer allowed is captured by our own request alone: one that meets our own cancel was not paid too late. */
const latenessOf = (payment: Payment, { externalPaymentId }: Seen): NonNullable<Payment['late']> => {
  if (!payment.cancelRequested && !isOver(payment)) return 'no';
  const isAllowed = payment.providerState === 'AUTHORIZED' && payment.externalPaymentId === externalPaymentId;
  return isAllowed ? 'own-capture' : 'paid-late';
};

/** Whether some of it went back, or was taken by a dispute, before it was known here. */
const isPartlyBack = (captured: Payment, { externalPaymentId, refundedAmount = 0 }: Seen) =>
  refundedAmount > 0 || isLostUnbooked(captured, externalPaymentId);

/** The money is there. Once: what comes after the payment was given up goes back by itself. */
export const seeCaptured: Reaction = (payment, seen, cause) => {
  if (payment.capturedAmount > 0) return undefined;
  const lateness = latenessOf(payment, seen);
  const late = lateness !== 'no';
  const captured = {
    ...payment,
    ...idsOf(payment, seen),
    status: 'COMPLETED',
    providerState: 'CAPTURED',
    capturedAmount: seen.amount,
    late: lateness,
    failure: undefined,
    failureReason: undefined,
    cancelRequested: late,
    processedAt: seen.at,
  } as const;
  const given = { amount: seen.amount, reason: lateReason };
  const refunds = late ? [...payment.refunds, newRefund(captured, given, cause.at)] : payment.refunds;
  const refundsOutdated = isPartlyBack(captured, seen) ? [seen.externalPaymentId] : payment.refundsOutdated;
  return happened(captured, { refunds, refundsOutdated }, succeeded(captured), cause);
};

const failureOf = ({ cancelRequested, deadline }: Payment, state: SightedState, { at }: Cause): PaymentFailure => {
  if (cancelRequested) return 'cancelled';
  if (deadline <= at.toISOString()) return 'expired';
  return state === 'FAILED' ? 'declined' : 'cancelled';
};

/** A webhook may be old, or overtaken by the capture: only an answer says that it is closed there. */
const stateAfterEnd = ({ providerState }: Payment, cause: Cause) => {
  if (!isWebhook(cause)) return 'CLOSED';
  return providerState === 'UNKNOWN' ? 'OPEN' : providerState;
};

const seeClosed: Reaction = (payment, { failureReason: note }, cause) =>
  payment.providerState === 'CLOSED' || isWebhook(cause)
    ? undefined
    : happened(payment, { providerState: 'CLOSED' }, { type: 'CheckoutClosed', note }, cause);

/**
 * Nothing will be captured. After a capture it changes nothing: it is only noted. What a webhook says ends the payment
 * here, and it is closed at the provider to be sure: what was captured all the same goes back.
 */
export const seeEnd: Reaction = (payment, seen, cause) => {
  const { failureReason: note } = seen;
  if (payment.capturedAmount > 0) return happened(payment, {}, { type: 'FailureNoted', note }, cause);
  if (isOver(payment)) return seeClosed(payment, seen, cause);
  const failure = failureOf(payment, seen.state, cause);
  const status = seen.state === 'FAILED' ? 'FAILED' : 'CANCELLED';
  const providerState = stateAfterEnd(payment, cause);
  const changes = { ...idsOf(payment, seen), status, providerState, failure, failureReason: note } as const;
  return happened(payment, changes, { type: 'PaymentFailed', reason: failure, note }, cause);
};

const reactions: Readonly<Record<SightedState, Reaction>> = {
  OPEN: seeOpen,
  AUTHORIZED: seeOpen,
  DECLINED: seeDeclined,
  CAPTURED: seeCaptured,
  FAILED: seeEnd,
  CANCELLED: seeEnd,
};

/** What the provider says of the payment that it was asked for. */
export const seeOwn: Reaction = (payment, seen, cause) =>
  isOver(payment) && isOpen(seen.state)
    ? seeOpenTooLate(payment, seen, cause)
    : reactions[seen.state](payment, seen, cause);
