import { applyRefundsUpdate } from '../refunds/apply-refund';
import { newRefund } from '../refunds/request-refund';
import { bookEarlierLostDispute, isLostUnbooked } from './apply-dispute';
import { applyCaptured, applyEnd, applyOwnUpdate } from './apply-own-update';
import { ownStepNext, unknownExternalId } from './next-step';
import { type Cause, evolve, type Payment } from './payment';
import {
  isAllBack,
  isAsOffered,
  isMismatched,
  isOpen,
  isOpenThere,
  isOver,
  isWebhook,
  noteMismatch,
  type ProviderUpdate,
  type Reaction,
  withoutMismatch,
} from './provider-update';

/** The provider took the money once more: told, and given back by itself. */
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

/** What is to be closed, or looked for, now that another was paid: nothing that was closed already or never asked for. */
const givenUp = (payment: Payment): readonly string[] => {
  const { others, externalPaymentId, providerState, askedAt } = payment;
  if (externalPaymentId !== undefined) return isOpenThere(payment) ? [externalPaymentId] : [];
  return providerState === 'UNKNOWN' && askedAt !== undefined && !others.includes(unknownExternalId)
    ? [unknownExternalId]
    : [];
};

/** It took the money in place of the one that was known, by which nobody is to pay any more. */
const applyCapturedInstead: Reaction = (payment, update, cause) => {
  return applyCaptured({ ...payment, others: [...payment.others, ...givenUp(payment)] }, update, cause);
};

/** The provider has no open payment of this ID besides the payment's own. */
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

/** Another payment at the provider than the one that is known: it is to be closed, and counts once it takes money. */
export const applyDuplicateUpdate: Reaction = (payment, update, cause) => {
  const { state, externalPaymentId } = update;
  if (isOpen(state)) return applyDuplicateOpen(payment, update, cause);
  if (state !== 'CAPTURED') return applyDuplicateClosed(payment, externalPaymentId, cause);
  const rest = { ...payment, others: payment.others.filter((other) => other !== externalPaymentId) };
  return payment.capturedAmount > 0
    ? applySecondCapture(rest, update, cause)
    : applyCapturedInstead(rest, update, cause);
};

/** Nothing of it is captured any more, and it was told of before, or needs not be. */
const isGivenBack = (payment: Payment, update: ProviderUpdate): boolean =>
  isAllBack(update) &&
  payment.capturedAmount === 0 &&
  (isMismatched(payment, update.externalPaymentId) || isOver(payment));

/** What disagreed is given back at the provider, by a person: nothing of it is captured any more. */
const applyGivenBack: Reaction = (payment, update, cause) => {
  const { externalPaymentId } = update;
  const rest = withoutMismatch(payment, externalPaymentId);
  const ended = applyEnd(rest, update, cause);
  if (ended !== undefined || rest === payment) return ended;
  const { attempts, delayed } = payment;
  return evolve(rest, { attempts, delayed }, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

/** Whether it is known to be another than the payment's own: one that was replaced, or that is to be closed. */
const isKnownOther = ({ replaced, others }: Payment, { externalPaymentId }: ProviderUpdate) =>
  others.includes(externalPaymentId) || replaced.some((one) => one.externalPaymentId === externalPaymentId);

const isOwn = (payment: Payment, update: ProviderUpdate) =>
  payment.externalPaymentId === undefined
    ? !isKnownOther(payment, update)
    : payment.externalPaymentId === update.externalPaymentId;

/** What the provider calls by another ID: given back by a person it needs nothing any more, of another sum it is told. */
const applyForeignUpdate: Reaction = (payment, update, cause) => {
  const { externalPaymentId } = update;
  if (!isAllBack(update))
    return isAsOffered(payment, update)
      ? applyDuplicateUpdate(payment, update, cause)
      : noteMismatch(payment, update, cause);
  const rest = withoutMismatch(payment, externalPaymentId);
  const closed = applyDuplicateClosed(rest, externalPaymentId, cause);
  if (closed !== undefined || rest === payment) return closed;
  return evolve(rest, {}, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

/** What a webhook names first may be another payment than the one that was asked for: that is looked for by its key. */
const toBeFound = (payment: Payment, cause: Cause): Payment =>
  payment.externalPaymentId === undefined && isWebhook(cause)
    ? { ...payment, others: [...payment.others, unknownExternalId] }
    : payment;

/** What is known to be captured changes no more; what of it went back may. */
const applyRefundsOfKnown: Reaction = (payment, update, cause) =>
  update.state === 'CAPTURED'
    ? (applyRefundsUpdate(payment, update, cause) ?? bookEarlierLostDispute(payment, update.externalPaymentId, cause))
    : undefined;

/**
 * What a provider's word makes of a payment, whoever brought it: a webhook, the poller, or the answer to a question.
 * Nothing when it is known already, late or out of order.
 */
export const applyProviderUpdate: Reaction = (known, update, cause) =>
  applyRefundsOfKnown(known, update, cause) ?? applyMoney(known, update, cause);

const applyMoney: Reaction = (known, update, cause) => {
  if (!isOwn(known, update)) return applyForeignUpdate(known, update, cause);
  const payment = toBeFound(known, cause);
  if (!isAsOffered(payment, update))
    return isGivenBack(payment, update) ? applyGivenBack(payment, update, cause) : noteMismatch(known, update, cause);
  return applyOwnUpdate(payment, update, cause);
};

/** What the provider has under the payment's own key, which is another than the one that is known, or the same. */
export const applyUpdateByKey = (
  payment: Payment,
  update: ProviderUpdate | undefined,
  cause: Cause,
): Payment | undefined => {
  const named = { ...payment, others: payment.others.filter((other) => other !== unknownExternalId) };
  const next = update && applyProviderUpdate(named, update, cause);
  return next ?? applyDuplicateClosed(payment, unknownExternalId, cause);
};

/** What the provider has made under a key that it answers with a failure: it is none of the payment's own. */
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
  const attempts = ownStepNext(payment.attempts); // many spent keys do not keep the payment itself waiting
  return next ?? evolve(checked, { attempts, delayed }, { type: 'SpentKeyChecked', note: `key ${keyNumber}` }, cause);
};

/** The provider refuses to make the payment at all. */
export const applyRefusal = (payment: Payment, reason: string, cause: Cause): Payment | undefined =>
  isOver(payment)
    ? undefined
    : evolve(
        payment,
        { status: 'FAILED', providerState: 'CLOSED', failure: 'provider-refused', failureReason: reason },
        { type: 'PaymentFailed', reason: 'provider-refused', note: reason },
        cause,
      );

const inFlightSeconds = 120; // longer than any question of ours lives

const isInFlight = ({ askedAt, createdAt }: Payment, now: number) =>
  now < Date.parse(askedAt ?? createdAt) + inFlightSeconds * 1000;

/** The provider knows no such payment. That ends one that may not be made any more, once no question can be on its way. */
export const applyNotFound = (payment: Payment, cause: Cause): Payment | undefined => {
  const { cancelRequested, deadline } = payment;
  const now = cause.at.getTime();
  if (isInFlight(payment, now)) return undefined;
  if (isOver(payment))
    return isOpenThere(payment)
      ? evolve(payment, { providerState: 'CLOSED' }, { type: 'CheckoutClosed' }, cause)
      : undefined;
  if (!cancelRequested && Date.parse(deadline) > now) return undefined;
  const failure = cancelRequested ? 'cancelled' : 'expired';
  const changes = { status: 'CANCELLED', providerState: 'CLOSED', failure } as const;
  return evolve(payment, changes, { type: 'PaymentFailed', reason: failure }, cause);
};
