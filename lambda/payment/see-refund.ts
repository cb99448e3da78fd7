import { type Cause, happened, type Payment, type Refund } from './payment';
import { noteMismatch } from './payment-mismatch';
import { capturedTotal, refundedTotal, totalsOf } from './payment-sums';
import type { RefundSighting } from './provider';
import { retryRefunds } from './request-refund';

/** What a provider told of a refund, and which one it says that it is. */
export type SeenRefund = RefundSighting & { readonly refundId?: string | undefined };

const find = ({ refunds }: Payment, { refundId, externalRefundId }: SeenRefund): Refund | undefined =>
  refunds.find((refund) =>
    refundId === undefined ? refund.externalRefundId === externalRefundId : refund.refundId === refundId,
  );

const replace = ({ refunds }: Payment, changed: Refund) =>
  refunds.map((refund) => (refund.refundId === changed.refundId ? changed : refund));

const isAllBack = (payment: Payment) => refundedTotal(payment) >= capturedTotal(payment);

/** Money that does not go back after all is the order's again; what nobody may keep is asked back anew. */
const failed = (payment: Payment, refund: Refund, reason: string, cause: Cause): Payment => {
  const { refundId, amount: refundAmount } = refund;
  const without = {
    ...payment,
    refunds: replace(payment, { ...refund, status: 'FAILED', failureReason: reason, totals: undefined }),
  };
  const fact = { type: 'PaymentRefundFailed', refundId, refundAmount, reason } as const;
  const status = isAllBack(without) ? 'REFUNDED' : 'COMPLETED';
  return happened(payment, { status, refunds: retryRefunds(without, cause.at) }, fact, cause);
};

const completed = (payment: Payment, refund: Refund, cause: Cause): Payment => {
  const { refundId, amount: refundAmount } = refund;
  const processedAt = cause.at.toISOString();
  const done = { ...refund, status: 'COMPLETED', failureReason: undefined, processedAt } as const;
  const totals = totalsOf({ ...payment, refunds: replace(payment, done) });
  const refunds = replace(payment, { ...done, totals });
  const status = isAllBack({ ...payment, refunds }) ? 'REFUNDED' : 'COMPLETED';
  return happened(payment, { status, refunds }, { type: 'PaymentRefunded', refundId, refundAmount }, cause);
};

const processing = (payment: Payment, refund: Refund, cause: Cause): Payment =>
  happened(
    payment,
    { refunds: replace(payment, { ...refund, status: 'PROCESSING' }) },
    { type: 'RefundProcessing', note: refund.refundId },
    cause,
  );

/** The provider gives back another amount than it was asked to. Told once; nothing else changes. */
const mismatch = (payment: Payment, { externalRefundId, amount }: SeenRefund, cause: Cause): Payment | undefined =>
  noteMismatch(payment, { externalPaymentId: externalRefundId, amount, currency: payment.currency }, cause);

/** A failure that the provider itself has told: one that it only refused to make may have been made by an earlier try. */
const isFailedThere = ({ status, externalRefundId }: Refund) => status === 'FAILED' && externalRefundId !== undefined;

/**
 * What a provider's word makes of a refund. A failure is final, even of one that was done: the bank may send money back.
 * Nothing when it is known already, or no refund of ours.
 */
export const seeRefund = (payment: Payment, seen: SeenRefund, cause: Cause): Payment | undefined => {
  const found = find(payment, seen);
  if (found === undefined || isFailedThere(found)) return undefined;
  if (seen.amount !== found.amount) return mismatch(payment, seen, cause);
  const refund = { ...found, externalRefundId: seen.externalRefundId };
  if (seen.state === 'FAILED') return failed(payment, refund, seen.failureReason ?? 'refused', cause);
  if (found.status === 'COMPLETED') return undefined;
  if (seen.state === 'COMPLETED') return completed(payment, refund, cause);
  return found.status === 'PROCESSING' ? undefined : processing(payment, refund, cause);
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
