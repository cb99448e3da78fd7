import { applyRefundsUpdate } from '../refunds/apply-refund';
import { newRefund } from '../refunds/request-refund';
import { bookEarlierLostDispute, isLostUnbooked } from './apply-dispute';
import { applyCaptured, applyEnd, applyOwnUpdate } from './apply-own-update';
import { evolve } from './evolve-payment';
import { ownStepNext, unknownExternalId } from './next-step';
import type { Cause, Payment } from './payment';
import {
  isFullyRefunded,
  isMismatched,
  isOpen,
  isOpenAtProvider,
  isOver,
  isWebhook,
  matchesRequest,
  noteMismatch,
  type ProviderUpdate,
  type Reaction,
  withoutMismatch,
} from './provider-update';

/** A second capture of the same order: it is published and refunded automatically. */
const applySecondCapture: Reaction = (payment, { externalPaymentId, amount }, cause) => {
  if (payment.extraCaptures.some((extra) => extra.externalPaymentId === externalPaymentId)) return undefined;
  const refund = newRefund(payment, { externalPaymentId, amount, reason: 'Paid twice' }, cause.at);
  const extraCaptures = [...payment.extraCaptures, { externalPaymentId, amount }];
  const isTaken = isLostUnbooked({ ...payment, extraCaptures }, externalPaymentId);
  const refundsOutdated = isTaken ? [...payment.refundsOutdated, externalPaymentId] : payment.refundsOutdated;
  const changes = { extraCaptures, refunds: [...payment.refunds, refund], refundsOutdated };
  const late = payment.cancelRequested;
  const fact = { type: 'PaymentSucceeded', externalPaymentId, capturedAmount: amount, late } as const;
  return evolve(payment, changes, fact, cause);
};

/** The duplicate provider payments to close or find after another one was paid. */
const supersededIds = (payment: Payment): readonly string[] => {
  const { others, externalPaymentId, providerState, askedAt } = payment;
  if (externalPaymentId !== undefined) return isOpenAtProvider(payment) ? [externalPaymentId] : [];
  return providerState === 'UNKNOWN' && askedAt !== undefined && !others.includes(unknownExternalId)
    ? [unknownExternalId]
    : [];
};

/** A duplicate was captured in place of the known provider payment, which must now be closed. */
const applyCapturedInstead: Reaction = (payment, update, cause) => {
  return applyCaptured({ ...payment, others: [...payment.others, ...supersededIds(payment)] }, update, cause);
};

/** Removes a duplicate provider payment that is no longer open. Returns undefined for an unknown ID. */
export const applyDuplicateClosed = (
  payment: Payment,
  externalPaymentId: string,
  cause: Cause,
): Payment | undefined => {
  const others = payment.others.filter((other) => other !== externalPaymentId);
  if (others.length === payment.others.length) return undefined;
  return evolve(payment, { others }, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

const applyDuplicateOpen: Reaction = (payment, { externalPaymentId }, cause) => {
  const { others, extraCaptures } = payment;
  const isKnown = [...others, ...extraCaptures.map((extra) => extra.externalPaymentId)].includes(externalPaymentId);
  if (isKnown) return undefined;
  const changes = { others: [...others, externalPaymentId] };
  return evolve(payment, changes, { type: 'OtherPaymentFound', note: externalPaymentId }, cause);
};

/** Applies an update of a duplicate provider payment: an open one is closed, a captured one counts. */
const applyDuplicateUpdate: Reaction = (payment, update, cause) => {
  const { state, externalPaymentId } = update;
  if (isOpen(state)) return applyDuplicateOpen(payment, update, cause);
  if (state !== 'CAPTURED') return applyDuplicateClosed(payment, externalPaymentId, cause);
  const rest = { ...payment, others: payment.others.filter((other) => other !== externalPaymentId) };
  return payment.capturedAmount > 0
    ? applySecondCapture(rest, update, cause)
    : applyCapturedInstead(rest, update, cause);
};

/** Fully refunded, and either reported as a mismatch before or no longer relevant. */
const isRefundedMismatch = (payment: Payment, update: ProviderUpdate): boolean =>
  isFullyRefunded(update) &&
  payment.capturedAmount === 0 &&
  (isMismatched(payment, update.externalPaymentId) || isOver(payment));

/** A person fully refunded a mismatching payment at the provider: nothing of it is captured any more. */
const applyRefundedMismatch: Reaction = (payment, update, cause) => {
  const { externalPaymentId } = update;
  const rest = withoutMismatch(payment, externalPaymentId);
  const ended = applyEnd(rest, update, cause);
  if (ended !== undefined || rest === payment) return ended;
  const { attempts, delayed } = payment;
  return evolve(rest, { attempts, delayed }, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

/** Returns true for a replaced checkout or a known duplicate. */
const isKnownOther = ({ replaced, others }: Payment, { externalPaymentId }: ProviderUpdate) =>
  others.includes(externalPaymentId) || replaced.some((one) => one.externalPaymentId === externalPaymentId);

const isOwn = (payment: Payment, update: ProviderUpdate) =>
  payment.externalPaymentId === undefined
    ? !isKnownOther(payment, update)
    : payment.externalPaymentId === update.externalPaymentId;

/**
 * Applies an update with an external ID other than the payment's own. Fully refunded, it is closed; with another
 * amount, it is a mismatch.
 */
const applyForeignUpdate: Reaction = (payment, update, cause) => {
  const { externalPaymentId } = update;
  if (!isFullyRefunded(update))
    return matchesRequest(payment, update)
      ? applyDuplicateUpdate(payment, update, cause)
      : noteMismatch(payment, update, cause);
  const rest = withoutMismatch(payment, externalPaymentId);
  const closed = applyDuplicateClosed(rest, externalPaymentId, cause);
  if (closed !== undefined || rest === payment) return closed;
  return evolve(rest, {}, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

/** A webhook may name a duplicate first, so the payment's own is then looked up by its key. */
const withOwnLookup = (payment: Payment, cause: Cause): Payment =>
  payment.externalPaymentId === undefined && isWebhook(cause)
    ? { ...payment, others: [...payment.others, unknownExternalId] }
    : payment;

/** A known capture no longer changes, but its refunds may. */
const applyRefundsOfKnown: Reaction = (payment, update, cause) =>
  update.state === 'CAPTURED'
    ? (applyRefundsUpdate(payment, update, cause) ?? bookEarlierLostDispute(payment, update.externalPaymentId, cause))
    : undefined;

/**
 * Applies a provider snapshot from a webhook, the poller or an answer. Returns undefined when it is known already, late
 * or out of order.
 */
export const applyProviderUpdate: Reaction = (known, update, cause) =>
  applyRefundsOfKnown(known, update, cause) ?? applyMoney(known, update, cause);

const applyMoney: Reaction = (known, update, cause) => {
  if (!isOwn(known, update)) return applyForeignUpdate(known, update, cause);
  const payment = withOwnLookup(known, cause);
  if (!matchesRequest(payment, update))
    return isRefundedMismatch(payment, update)
      ? applyRefundedMismatch(payment, update, cause)
      : noteMismatch(known, update, cause);
  return applyOwnUpdate(payment, update, cause);
};

/** Applies what the provider has under the payment's own key, which may be the known payment or another. */
export const applyUpdateByKey = (
  payment: Payment,
  update: ProviderUpdate | undefined,
  cause: Cause,
): Payment | undefined => {
  const named = { ...payment, others: payment.others.filter((other) => other !== unknownExternalId) };
  const next = update && applyProviderUpdate(named, update, cause);
  return next ?? applyDuplicateClosed(payment, unknownExternalId, cause);
};

/** Applies what the provider created under a spent key: it is a duplicate. */
export const applyUpdateBySpentKey = (
  payment: Payment,
  { update, keyNumber }: { readonly update: ProviderUpdate | undefined; readonly keyNumber: number },
  cause: Cause,
): Payment | undefined => {
  const spentKeys = payment.spentKeys.filter((spent) => spent.keyNumber !== keyNumber);
  if (spentKeys.length === payment.spentKeys.length) return undefined;
  const checked = { ...payment, spentKeys };
  const isOther = update !== undefined && update.externalPaymentId !== payment.externalPaymentId;
  const next = isOther ? applyForeignUpdate(checked, update, cause) : undefined;
  const { delayed } = payment;
  const attempts = ownStepNext(payment.attempts); // many spent keys do not delay the payment itself
  return next ?? evolve(checked, { attempts, delayed }, { type: 'SpentKeyChecked', note: `key ${keyNumber}` }, cause);
};

/**
 * The provider refuses to create the payment. Changes nothing once a payment is known at the provider: one may have been
 * created under an earlier key, and it can be paid.
 */
export const applyRefusal = (payment: Payment, reason: string, cause: Cause): Payment | undefined =>
  isOver(payment) || payment.providerState !== 'UNKNOWN'
    ? undefined
    : evolve(
        payment,
        { status: 'FAILED', providerState: 'CLOSED', failure: 'provider-refused', failureReason: reason },
        { type: 'PaymentFailed', reason: 'provider-refused', note: reason },
        cause,
      );

const inFlightSeconds = 120; // longer than any request lives
const unseenSeconds = 900; // by then a search shows what was created, even with clocks minutes off

/** Whether something may have been created for the payment that the provider does not show yet. */
const isInFlight = ({ askedAt, createdAt }: Payment, now: number) =>
  askedAt === undefined
    ? now < Date.parse(createdAt) + inFlightSeconds * 1000
    : now < Date.parse(askedAt) + unseenSeconds * 1000;

/** The provider has no such payment. Ends one that may no longer be created, once no request can be in flight. */
export const applyNotFound = (payment: Payment, cause: Cause): Payment | undefined => {
  const { cancelRequested, deadline } = payment;
  const now = cause.at.getTime();
  if (isInFlight(payment, now)) return undefined;
  if (isOver(payment))
    return isOpenAtProvider(payment)
      ? evolve(payment, { providerState: 'CLOSED' }, { type: 'CheckoutClosed' }, cause)
      : undefined;
  if (!cancelRequested && Date.parse(deadline) > now) return undefined;
  const failure = cancelRequested ? 'cancelled' : 'expired';
  const changes = { status: 'CANCELLED', providerState: 'CLOSED', failure } as const;
  return evolve(payment, changes, { type: 'PaymentFailed', reason: failure }, cause);
};
