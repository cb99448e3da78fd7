import type { Cause, Payment, Refund } from './payment';
import { noteMismatch } from './payment-mismatch';
import type { RefundSighting } from './provider';
import { seeRefundElsewhere } from './refund-elsewhere';
import { completed, failed, processing } from './settle-refund';

const isTheSame = ({ externalRefundId }: Refund, seen: RefundSighting): boolean =>
  externalRefundId === undefined || externalRefundId === seen.externalRefundId;

const isOfTheSame = ({ externalPaymentId }: Refund, seen: RefundSighting): boolean =>
  seen.externalPaymentId === undefined || seen.externalPaymentId === externalPaymentId;

/** By our own ID of it where the provider tells that, and else by the provider's. */
const find = ({ refunds }: Payment, seen: RefundSighting): Refund | undefined =>
  refunds.find((refund) => refund.refundId === seen.refundId && isTheSame(refund, seen)) ??
  refunds.find((refund) => refund.externalRefundId === seen.externalRefundId && isOfTheSame(refund, seen));

/** The provider gives back another amount than it was asked to. Told once; nothing else changes. */
const mismatch = (payment: Payment, { externalRefundId, amount }: RefundSighting, cause: Cause): Payment | undefined =>
  noteMismatch(payment, { externalPaymentId: externalRefundId, amount, currency: payment.currency }, cause);

/** A failure that the provider itself has told: one that it only refused to make may have been made by an earlier try. */
const isFailedThere = ({ status, externalRefundId }: Refund) => status === 'FAILED' && externalRefundId !== undefined;

/** Whether the provider was once asked for this amount: a refund may have been made before it was reduced. */
const isAskedAmount = ({ amount, requestedAmount = amount }: Refund, seen: RefundSighting): boolean =>
  seen.amount === amount || (requestedAmount !== amount && seen.amount <= requestedAmount);

const seeKnown = (payment: Payment, found: Refund, seen: RefundSighting, cause: Cause): Payment | undefined => {
  const { externalRefundId, amount } = seen;
  const refund = { ...found, externalRefundId, amount };
  if (seen.state === 'FAILED')
    return found.status === 'CANCELLED' ? undefined : failed(payment, refund, seen.failureReason ?? 'refused', cause);
  if (found.status === 'COMPLETED') return undefined;
  if (seen.state === 'COMPLETED') return completed(payment, refund, cause);
  return found.status === 'PROCESSING' ? undefined : processing(payment, refund, cause);
};

/**
 * What a provider's word makes of a refund. A failure is final, even of one that was done: the bank may send money back.
 * One that nobody here asked for is booked as made elsewhere. Returns undefined when it is known already.
 */
export const seeRefund = (payment: Payment, seen: RefundSighting, cause: Cause): Payment | undefined => {
  const found = find(payment, seen);
  if (found === undefined) return seeRefundElsewhere(payment, seen, cause);
  if (isFailedThere(found)) return undefined;
  return isAskedAmount(found, seen) ? seeKnown(payment, found, seen, cause) : mismatch(payment, seen, cause);
};

/** The provider refuses to give back. What it has taken on is not made undone by a later refusal. */
export const seeRefundRefused = (
  payment: Payment,
  refundId: string,
  reason: string,
  cause: Cause,
): Payment | undefined => {
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  return refund?.status === 'PENDING' ? failed(payment, refund, reason, cause) : undefined;
};
