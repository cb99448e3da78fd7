import { type Cause, happened, type Payment } from './payment';
import { unnamed } from './payment-steps';
import { newRefund } from './request-refund';
import { isLostUnbooked } from './see-dispute';
import { seeCaptured } from './see-own-payment';
import { isOpen, isOpenThere, type Reaction } from './seen-payment';

/** The provider took the money once more: told, and given back by itself. */
const seeSecondCapture: Reaction = (payment, { externalPaymentId, amount }, cause) => {
  if (payment.extraCaptures.some((extra) => extra.externalPaymentId === externalPaymentId)) return undefined;
  const refund = newRefund(payment, { externalPaymentId, amount, reason: 'Paid twice' }, cause.at);
  const extraCaptures = [...payment.extraCaptures, { externalPaymentId, amount }];
  const isTaken = isLostUnbooked({ ...payment, extraCaptures }, externalPaymentId);
  const refundsOutdated = isTaken ? [...payment.refundsOutdated, externalPaymentId] : payment.refundsOutdated;
  const changes = { extraCaptures, refunds: [...payment.refunds, refund], refundsOutdated };
  const late = payment.cancelRequested;
  const fact = { type: 'PaymentSucceeded', externalPaymentId, capturedAmount: amount, late } as const;
  return happened(payment, changes, fact, cause);
};

/** What is to be closed, or looked for, now that another was paid: nothing that was closed already or never asked for. */
const givenUp = (payment: Payment): readonly string[] => {
  const { others, externalPaymentId, providerState, askedAt } = payment;
  if (externalPaymentId !== undefined) return isOpenThere(payment) ? [externalPaymentId] : [];
  return providerState === 'UNKNOWN' && askedAt !== undefined && !others.includes(unnamed) ? [unnamed] : [];
};

/** It took the money in place of the one that was known, by which nobody is to pay any more. */
const seeCapturedInstead: Reaction = (payment, seen, cause) => {
  return seeCaptured({ ...payment, others: [...payment.others, ...givenUp(payment)] }, seen, cause);
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

/** Another payment at the provider than the one that is known: it is to be closed, and counts once it takes money. */
export const seeAnother: Reaction = (payment, seen, cause) => {
  const { state, externalPaymentId } = seen;
  if (isOpen(state)) return seeOtherOpen(payment, seen, cause);
  if (state !== 'CAPTURED') return seeOtherClosed(payment, externalPaymentId, cause);
  const rest = { ...payment, others: payment.others.filter((other) => other !== externalPaymentId) };
  return payment.capturedAmount > 0 ? seeSecondCapture(rest, seen, cause) : seeCapturedInstead(rest, seen, cause);
};
