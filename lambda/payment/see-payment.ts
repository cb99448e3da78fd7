import type { PaymentFailure } from '../contracts/payment-status';
import { type Cause, happened, type Payment } from './payment';
import { unnamed } from './payment-steps';
import type { SightedState, Sighting } from './provider';
import { newRefund } from './request-refund';

/** What a provider told, with its details sealed where they are new. */
export type Seen = Omit<Sighting, 'checkout' | 'card'> & { readonly details?: string | undefined };

type Reaction = (payment: Payment, seen: Seen, cause: Cause) => Payment | undefined;

const isOver = ({ status }: Payment) => status !== 'PENDING' && status !== 'PROCESSING';

const isOpen = (state: SightedState) => state === 'OPEN' || state === 'AUTHORIZED' || state === 'DECLINED';

const isOpenThere = ({ providerState }: Payment) => providerState === 'OPEN' || providerState === 'AUTHORIZED';

const isAsOffered = (payment: Payment, { amount, currency, tenant, paymentId }: Seen): boolean =>
  amount === payment.amount &&
  currency === payment.currency &&
  (tenant ?? payment.tenant) === payment.tenant &&
  (paymentId ?? payment.paymentId) === payment.paymentId;

/** Tells, once for one disagreement, that the provider speaks of something else. Nothing else changes. */
const mismatch: Reaction = (payment, { externalPaymentId, amount, currency }, cause) => {
  const { mismatch: known } = payment;
  const isKnown =
    known?.externalPaymentId === externalPaymentId && known.amount === amount && known.currency === currency;
  if (isKnown) return undefined;
  const fact = { type: 'PaymentMismatchFound', externalPaymentId, seenAmount: amount, seenCurrency: currency } as const;
  const { attempts, delayed } = payment;
  return happened(payment, { attempts, delayed, mismatch: { externalPaymentId, amount, currency } }, fact, cause);
};

const idsOf = (payment: Payment, { externalPaymentId, paymentIntentId, details }: Seen) => ({
  externalPaymentId,
  paymentIntentId: paymentIntentId ?? payment.paymentIntentId,
  details: details ?? payment.details,
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

const succeeded = (externalPaymentId: string, capturedAmount: number, late: boolean) =>
  ({ type: 'PaymentSucceeded', externalPaymentId, capturedAmount, late }) as const;

/** The money is there. Once: what comes after the payment was given up goes back by itself. */
const seeCaptured: Reaction = (payment, seen, cause) => {
  if (payment.capturedAmount > 0) return undefined;
  const late = payment.cancelRequested || isOver(payment);
  const captured = {
    ...payment,
    ...idsOf(payment, seen),
    status: 'COMPLETED',
    providerState: 'CAPTURED',
    capturedAmount: seen.amount,
    failure: undefined,
    failureReason: undefined,
    cancelRequested: late,
    processedAt: seen.at,
  } as const;
  const given = { amount: seen.amount, reason: 'Paid after the payment was given up' };
  const refunds = late ? [...payment.refunds, newRefund(captured, given, cause.at)] : payment.refunds;
  return happened(captured, { refunds }, succeeded(seen.externalPaymentId, seen.amount, late), cause);
};

const failureOf = ({ cancelRequested, deadline }: Payment, state: SightedState, { at }: Cause): PaymentFailure => {
  if (cancelRequested) return 'cancelled';
  if (deadline <= at.toISOString()) return 'expired';
  return state === 'FAILED' ? 'declined' : 'cancelled';
};

const isWebhook = ({ eventId }: Cause) => eventId !== undefined;

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
const seeEnd: Reaction = (payment, seen, cause) => {
  const { failureReason: note } = seen;
  if (payment.capturedAmount > 0) return happened(payment, {}, { type: 'FailureNoted', note }, cause);
  if (isOver(payment)) return seeClosed(payment, seen, cause);
  const failure = failureOf(payment, seen.state, cause);
  const status = seen.state === 'FAILED' ? 'FAILED' : 'CANCELLED';
  const providerState = stateAfterEnd(payment, cause);
  const changes = { ...idsOf(payment, seen), status, providerState, failure, failureReason: note } as const;
  return happened(payment, changes, { type: 'PaymentFailed', reason: failure, note }, cause);
};

/** The provider took the money once more: told, and given back by itself. */
const seeSecondCapture: Reaction = (payment, { externalPaymentId, amount }, cause) => {
  if (payment.extraCaptures.some((extra) => extra.externalPaymentId === externalPaymentId)) return undefined;
  const refund = newRefund(payment, { externalPaymentId, amount, reason: 'Paid twice' }, cause.at);
  const extraCaptures = [...payment.extraCaptures, { externalPaymentId, amount }];
  const changes = { extraCaptures, refunds: [...payment.refunds, refund] };
  return happened(payment, changes, succeeded(externalPaymentId, amount, payment.cancelRequested), cause);
};

/** It took the money in place of the one that was known, by which nobody is to pay any more. */
const seeCapturedInstead: Reaction = (payment, seen, cause) => {
  const { others, externalPaymentId } = payment;
  const isOpenStill = externalPaymentId !== undefined && isOpenThere(payment);
  return seeCaptured({ ...payment, others: isOpenStill ? [...others, externalPaymentId] : others }, seen, cause);
};

/** The provider has no open payment of this ID besides the payment's own. */
export const seeOtherClosed = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined => {
  const others = payment.others.filter((other) => other !== externalPaymentId);
  if (others.length === payment.others.length) return undefined;
  return happened(payment, { others }, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

const seeOtherOpen: Reaction = (payment, { externalPaymentId }, cause) => {
  const { others, extraCaptures } = payment;
  const isKnown = [...others, ...extraCaptures.map((extra) => extra.externalPaymentId)].includes(externalPaymentId);
  if (isKnown) return undefined;
  const changes = { others: [...others, externalPaymentId] };
  return happened(payment, changes, { type: 'OtherPaymentFound', note: externalPaymentId }, cause);
};

/** What the provider has under the payment's own key, which is another than the one that is known, or the same. */
export const seeByKey = (payment: Payment, seen: Seen | undefined, cause: Cause): Payment | undefined => {
  const named = { ...payment, others: payment.others.filter((other) => other !== unnamed) };
  const next = seen && see(named, seen, cause);
  return next ?? seeOtherClosed(payment, unnamed, cause);
};

/** Another payment at the provider than the one that is known: it is to be closed, and counts once it takes money. */
const seeAnother: Reaction = (payment, seen, cause) => {
  const { state, externalPaymentId } = seen;
  if (isOpen(state)) return seeOtherOpen(payment, seen, cause);
  if (state !== 'CAPTURED') return seeOtherClosed(payment, externalPaymentId, cause);
  const rest = { ...payment, others: payment.others.filter((other) => other !== externalPaymentId) };
  return payment.capturedAmount > 0 ? seeSecondCapture(rest, seen, cause) : seeCapturedInstead(rest, seen, cause);
};

const reactions: Readonly<Record<SightedState, Reaction>> = {
  OPEN: seeOpen,
  AUTHORIZED: seeOpen,
  DECLINED: seeDeclined,
  CAPTURED: seeCaptured,
  FAILED: seeEnd,
  CANCELLED: seeEnd,
};

const isAllBack = ({ state, amount, refundedAmount = 0 }: Seen) => state === 'CAPTURED' && refundedAmount >= amount;

/** What disagreed was given back at the provider, by a person: nothing of it is captured any more. */
const isGivenBack = (payment: Payment, seen: Seen): boolean =>
  isAllBack(seen) && payment.capturedAmount === 0 && payment.mismatch?.externalPaymentId === seen.externalPaymentId;

const isOwn = (payment: Payment, { externalPaymentId }: Seen) =>
  (payment.externalPaymentId ?? externalPaymentId) === externalPaymentId;

/** What the provider calls by another ID: given back by a person it needs nothing any more, of another sum it is told. */
const seeForeign: Reaction = (payment, seen, cause) => {
  if (isAllBack(seen)) return seeOtherClosed(payment, seen.externalPaymentId, cause);
  return isAsOffered(payment, seen) ? seeAnother(payment, seen, cause) : mismatch(payment, seen, cause);
};

/** What a webhook names first may be another payment than the one that was asked for: that is looked for by its key. */
const toBeFound = (payment: Payment, cause: Cause): Payment =>
  payment.externalPaymentId === undefined && isWebhook(cause)
    ? { ...payment, others: [...payment.others, unnamed] }
    : payment;

/**
 * What a provider's word makes of a payment, whoever brought it: a webhook, the poller, or the answer to a question.
 * Nothing when it is known already, late or out of order.
 */
export const see: Reaction = (known, seen, cause) => {
  if (!isOwn(known, seen)) return seeForeign(known, seen, cause);
  const payment = toBeFound(known, cause);
  if (!isAsOffered(payment, seen))
    return isGivenBack(payment, seen) ? seeEnd(payment, seen, cause) : mismatch(known, seen, cause);
  if (isOver(payment) && isOpen(seen.state)) return seeOpenTooLate(payment, seen, cause);
  return reactions[seen.state](payment, seen, cause);
};

/** The provider refuses to make the payment at all. */
export const seeRefused = (payment: Payment, reason: string, cause: Cause): Payment | undefined =>
  isOver(payment)
    ? undefined
    : happened(
        payment,
        { status: 'FAILED', providerState: 'CLOSED', failure: 'provider-refused', failureReason: reason },
        { type: 'PaymentFailed', reason: 'provider-refused', note: reason },
        cause,
      );

const inFlightSeconds = 120; // longer than any question of ours lives

const isInFlight = ({ askedAt, createdAt }: Payment, now: number) =>
  now < Date.parse(askedAt ?? createdAt) + inFlightSeconds * 1000;

/** The provider knows no such payment. That ends one that may not be made any more, once no question can be on its way. */
export const seeNone = (payment: Payment, cause: Cause): Payment | undefined => {
  const { cancelRequested, deadline } = payment;
  const now = cause.at.getTime();
  if (isInFlight(payment, now)) return undefined;
  if (isOver(payment))
    return isOpenThere(payment)
      ? happened(payment, { providerState: 'CLOSED' }, { type: 'CheckoutClosed' }, cause)
      : undefined;
  if (!cancelRequested && Date.parse(deadline) > now) return undefined;
  const failure = cancelRequested ? 'cancelled' : 'expired';
  const changes = { status: 'CANCELLED', providerState: 'CLOSED', failure } as const;
  return happened(payment, changes, { type: 'PaymentFailed', reason: failure }, cause);
};
