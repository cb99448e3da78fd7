import { type Cause, happened, type Payment } from './payment';
import { isMismatched, noteMismatch, withoutMismatch } from './payment-mismatch';
import { ownStepNext, unnamed } from './payment-steps';
import { seeLostBefore } from './see-dispute';
import { seeAnother, seeOtherClosed } from './see-other-payment';
import { seeEnd, seeOwn } from './see-own-payment';
import { seeRefunds } from './see-refunds';
import { isAllBack, isAsOffered, isOpenThere, isOver, isWebhook, type Reaction, type Seen } from './seen-payment';

/** Nothing of it is captured any more, and it was told of before, or needs not be. */
const isGivenBack = (payment: Payment, seen: Seen): boolean =>
  isAllBack(seen) && payment.capturedAmount === 0 && (isMismatched(payment, seen.externalPaymentId) || isOver(payment));

/** What disagreed is given back at the provider, by a person: nothing of it is captured any more. */
const seeGivenBack: Reaction = (payment, seen, cause) => {
  const { externalPaymentId } = seen;
  const rest = withoutMismatch(payment, externalPaymentId);
  const ended = seeEnd(rest, seen, cause);
  if (ended !== undefined || rest === payment) return ended;
  const { attempts, delayed } = payment;
  return happened(rest, { attempts, delayed }, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

/** Whether it is known to be another than the payment's own: one that was replaced, or that is to be closed. */
const isKnownOther = ({ replaced, others }: Payment, { externalPaymentId }: Seen) =>
  others.includes(externalPaymentId) || replaced.some((one) => one.externalPaymentId === externalPaymentId);

const isOwn = (payment: Payment, seen: Seen) =>
  payment.externalPaymentId === undefined
    ? !isKnownOther(payment, seen)
    : payment.externalPaymentId === seen.externalPaymentId;

/** What the provider calls by another ID: given back by a person it needs nothing any more, of another sum it is told. */
const seeForeign: Reaction = (payment, seen, cause) => {
  const { externalPaymentId } = seen;
  if (!isAllBack(seen))
    return isAsOffered(payment, seen) ? seeAnother(payment, seen, cause) : noteMismatch(payment, seen, cause);
  const rest = withoutMismatch(payment, externalPaymentId);
  const closed = seeOtherClosed(rest, externalPaymentId, cause);
  if (closed !== undefined || rest === payment) return closed;
  return happened(rest, {}, { type: 'OtherPaymentClosed', note: externalPaymentId }, cause);
};

/** What a webhook names first may be another payment than the one that was asked for: that is looked for by its key. */
const toBeFound = (payment: Payment, cause: Cause): Payment =>
  payment.externalPaymentId === undefined && isWebhook(cause)
    ? { ...payment, others: [...payment.others, unnamed] }
    : payment;

/** What is known to be captured changes no more; what of it went back may. */
const seeRefundsOfKnown: Reaction = (payment, seen, cause) =>
  seen.state === 'CAPTURED'
    ? (seeRefunds(payment, seen, cause) ?? seeLostBefore(payment, seen.externalPaymentId, cause))
    : undefined;

/**
 * What a provider's word makes of a payment, whoever brought it: a webhook, the poller, or the answer to a question.
 * Nothing when it is known already, late or out of order.
 */
export const see: Reaction = (known, seen, cause) =>
  seeRefundsOfKnown(known, seen, cause) ?? seeMoney(known, seen, cause);

const seeMoney: Reaction = (known, seen, cause) => {
  if (!isOwn(known, seen)) return seeForeign(known, seen, cause);
  const payment = toBeFound(known, cause);
  if (!isAsOffered(payment, seen))
    return isGivenBack(payment, seen) ? seeGivenBack(payment, seen, cause) : noteMismatch(known, seen, cause);
  return seeOwn(payment, seen, cause);
};

/** What the provider has under the payment's own key, which is another than the one that is known, or the same. */
export const seeByKey = (payment: Payment, seen: Seen | undefined, cause: Cause): Payment | undefined => {
  const named = { ...payment, others: payment.others.filter((other) => other !== unnamed) };
  const next = seen && see(named, seen, cause);
  return next ?? seeOtherClosed(payment, unnamed, cause);
};

/** What the provider has made under a key that it answers with a failure: it is none of the payment's own. */
export const seeBySpentKey = (
  payment: Payment,
  { seen, keyNumber }: { readonly seen: Seen | undefined; readonly keyNumber: number },
  cause: Cause,
): Payment | undefined => {
  const spentKeys = payment.spentKeys.filter((spent) => spent.keyNumber !== keyNumber);
  if (spentKeys.length === payment.spentKeys.length) return undefined;
  const checked = { ...payment, spentKeys };
  const isOther = seen !== undefined && seen.externalPaymentId !== payment.externalPaymentId;
  const next = isOther ? seeForeign(checked, seen, cause) : undefined;
  const { delayed } = payment;
  const attempts = ownStepNext(payment.attempts); // many spent keys do not keep the payment itself waiting
  return next ?? happened(checked, { attempts, delayed }, { type: 'SpentKeyChecked', note: `key ${keyNumber}` }, cause);
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
