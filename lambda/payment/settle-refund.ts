import { fitRefunds } from './fit-refunds';
import { type Cause, happened, type Payment, type Refund } from './payment';
import { capturedTotal, refundedTotal, refundFact, totalsOf } from './payment-sums';
import { retryRefunds } from './request-refund';

/** The payment's refunds with the one that changed, or with a new one. */
export const withRefund = ({ refunds }: Payment, changed: Refund): readonly Refund[] =>
  refunds.some(({ refundId }) => refundId === changed.refundId)
    ? refunds.map((refund) => (refund.refundId === changed.refundId ? changed : refund))
    : [...refunds, changed];

const statusOf = (payment: Payment) =>
  refundedTotal(payment) >= capturedTotal(payment) ? ('REFUNDED' as const) : ('COMPLETED' as const);

/** What is asked back anew: what nobody may keep, and what somebody else did not give back after all. */
const askedAnew = (payment: Payment, { madeElsewhere }: Refund, at: Date): readonly Refund[] =>
  retryRefunds(madeElsewhere ? { ...payment, refunds: fitRefunds(payment) } : payment, at);

/** Money that does not go back after all is the order's again; what was taken twice is asked back anew. */
export const failed = (payment: Payment, refund: Refund, reason: string, cause: Cause): Payment => {
  const without = {
    ...payment,
    refunds: withRefund(payment, { ...refund, status: 'FAILED', failureReason: reason, totals: undefined }),
  };
  const fact = { type: 'PaymentRefundFailed', ...refundFact(refund), reason } as const;
  const refunds = askedAnew(without, refund, cause.at);
  return happened(payment, { status: statusOf(without), refunds }, fact, cause);
};

/** Money that has gone back, whoever gave it: what is still to be asked for takes no more than is left. */
export const completed = (payment: Payment, refund: Refund, cause: Cause): Payment => {
  const done: Refund = {
    ...refund,
    status: 'COMPLETED',
    failureReason: undefined,
    processedAt: cause.at.toISOString(),
  };
  const decidedIn = payment.version + 1;
  const totals = { ...totalsOf({ ...payment, refunds: withRefund(payment, done) }), decidedIn };
  const refunds = fitRefunds({ ...payment, refunds: withRefund(payment, { ...done, totals }) });
  const fact = { type: 'PaymentRefunded', ...refundFact(done) } as const;
  return happened(payment, { status: statusOf({ ...payment, refunds }), refunds }, fact, cause);
};

/** The provider has taken a refund on, and gives it back later. */
export const processing = (payment: Payment, refund: Refund, cause: Cause): Payment =>
  happened(
    payment,
    { refunds: fitRefunds({ ...payment, refunds: withRefund(payment, { ...refund, status: 'PROCESSING' }) }) },
    { type: 'RefundProcessing', note: refund.refundId },
    cause,
  );
