import { createHash } from 'node:crypto';
import { type Cause, happened, type Payment, type Refund } from './payment';
import { captureOf, liveRefunds, ownCapture } from './payment-sums';
import type { RefundSighting } from './provider';
import { isWebhook } from './seen-payment';
import { completed, processing } from './settle-refund';

const longestId = 100;

/** An ID of our own for what the provider alone has named: the same for the same, and safe wherever IDs stand. */
export const ownIdOf = (prefix: 'EXT' | 'DSP', externalId: string): string =>
  externalId.length <= longestId && /^[A-Za-z0-9._-]+$/.test(externalId)
    ? `${prefix}-${externalId}`
    : `${prefix}-${createHash('sha256').update(externalId).digest('hex')}`;

/** Marks the refunds of a capture as outdated: the provider is asked for all of them at once. */
export const refundsOutdated = (payment: Payment, externalPaymentId: string, cause: Cause): Payment | undefined =>
  payment.refundsOutdated.includes(externalPaymentId)
    ? undefined
    : happened(
        payment,
        { refundsOutdated: [...payment.refundsOutdated, externalPaymentId] },
        { type: 'RefundsOutdated', note: externalPaymentId },
        cause,
      );

/**
 * Whether it may be one of ours, of which the answer was not heard and which a webhook does not name: only the provider's
 * list of refunds says.
 */
const mayBeOurs = (payment: Payment, seen: RefundSighting, externalPaymentId: string): boolean =>
  payment.refunds.some(
    ({ externalRefundId, madeElsewhere, amount, requestedAmount = amount, ...refund }) =>
      externalRefundId === undefined &&
      madeElsewhere === undefined &&
      refund.externalPaymentId === externalPaymentId &&
      (amount === seen.amount || requestedAmount === seen.amount),
  );

const booked = ({ externalRefundId, amount }: RefundSighting, externalPaymentId: string, at: Date): Refund => ({
  refundId: ownIdOf('EXT', externalRefundId),
  amount,
  reason: 'Refunded at the provider',
  status: 'PROCESSING',
  externalPaymentId,
  externalRefundId,
  madeElsewhere: true,
  createdAt: at.toISOString(),
});

const mostFailed = 100; // a row does not grow without end

/** A failure is final: what the provider told of the refund before that may come later, and books nothing. */
const noteFailed = (payment: Payment, { externalRefundId }: RefundSighting, cause: Cause): Payment => {
  const { failedElsewhere = [], attempts, delayed } = payment;
  const changes = { failedElsewhere: [...failedElsewhere, externalRefundId].slice(-mostFailed), attempts, delayed };
  return happened(payment, changes, { type: 'FailureNoted', note: externalRefundId }, cause);
};

/**
 * Books a refund that nobody here asked for. One that failed before it was known has moved nothing; one of a capture that
 * is not known yet is read from the provider once that is. Returns undefined when nothing changes.
 */
export const seeRefundElsewhere = (payment: Payment, seen: RefundSighting, cause: Cause): Payment | undefined => {
  const { failedElsewhere = [] } = payment;
  if (seen.amount === 0 || failedElsewhere.includes(seen.externalRefundId)) return undefined;
  if (seen.state === 'FAILED') return noteFailed(payment, seen, cause);
  const { externalPaymentId: told = ownCapture(payment).externalPaymentId } = seen;
  const capture = captureOf(payment, told);
  if (capture === undefined) return refundsOutdated(payment, told, cause);
  const { externalPaymentId } = capture;
  if (isWebhook(cause) && mayBeOurs(payment, seen, externalPaymentId))
    return refundsOutdated(payment, externalPaymentId, cause);
  const refund = booked(seen, externalPaymentId, cause.at);
  return seen.state === 'COMPLETED' ? completed(payment, refund, cause) : processing(payment, refund, cause);
};

/** What of a capture the provider gives back, or has, as far as it is known. What a dispute took is none of it. */
export const knownRefunded = (payment: Payment, externalPaymentId: string): number =>
  liveRefunds(payment)
    .filter((refund) => refund.externalPaymentId === externalPaymentId && refund.disputeId === undefined)
    .reduce((sum, { amount }) => sum + amount, 0);
