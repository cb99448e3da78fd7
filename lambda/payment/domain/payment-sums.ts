import type { Capture, Payment, Refund, RefundFact, RefundTotals } from './payment';

const isLive = ({ status }: Refund) => status !== 'FAILED' && status !== 'CANCELLED';
const sumOf = (items: readonly { readonly amount: number }[]) => items.reduce((sum, { amount }) => sum + amount, 0);

/** Everything that the provider took, twice or not. */
export const capturedTotal = ({ capturedAmount, extraCaptures }: Payment): number =>
  capturedAmount + sumOf(extraCaptures);

/** Everything that has gone back. */
export const refundedTotal = ({ refunds }: Payment): number =>
  sumOf(refunds.filter(({ status }) => status === 'COMPLETED'));

export const totalsOf = (payment: Payment): RefundTotals => ({
  refundedTotal: refundedTotal(payment),
  capturedTotal: capturedTotal(payment),
});

/** What of one capture nobody has asked back. */
export const leftOf = ({ refunds }: Payment, { externalPaymentId, amount }: Capture): number =>
  amount - sumOf(refunds.filter((one) => isLive(one) && one.externalPaymentId === externalPaymentId));

/** The order's own capture. */
export const ownCapture = ({ externalPaymentId = '', capturedAmount }: Payment): Capture => ({
  externalPaymentId,
  amount: capturedAmount,
});

/** What of the order's own capture nobody has asked back. */
export const refundable = (payment: Payment): number => leftOf(payment, ownCapture(payment));

/** What the shop keeps of the order's own capture: neither refunded nor being refunded. */
export const retainedAmount = (payment: Payment): number => Math.max(0, refundable(payment));

/** The refunds that take something, or have taken it. */
export const liveRefunds = ({ refunds }: Payment): readonly Refund[] => refunds.filter(isLive);

/** Every capture of the payment, the order's own first. */
export const capturesOf = (payment: Payment): readonly Capture[] =>
  payment.capturedAmount > 0 ? [ownCapture(payment), ...payment.extraCaptures] : payment.extraCaptures;

/** The provider's own ID of a capture may be its charge's, where it is the order's. */
export const captureOf = (payment: Payment, externalId: string): Capture | undefined => {
  const own = payment.transactionId === externalId ? payment.externalPaymentId : externalId;
  return capturesOf(payment).find(({ externalPaymentId }) => externalPaymentId === own);
};

/** What is told of a refund. */
export const refundFact = ({ refundId, amount, madeElsewhere, disputeId }: Refund): RefundFact => ({
  ...{ refundId, refundAmount: amount, madeElsewhere, disputeId },
});

/** Whether the bank holds the money of a capture until a dispute is decided: the provider gives nothing of it back. */
export const isDisputed = ({ disputes }: Pick<Payment, 'disputes'>, externalPaymentId: string): boolean =>
  disputes.some(
    (one) =>
      one.externalPaymentId === externalPaymentId &&
      !one.inquiry &&
      (one.status === 'NEEDS_RESPONSE' || one.status === 'UNDER_REVIEW'),
  );

/** A refund of ours that the provider has not taken on. */
const isUnsent = ({ madeElsewhere, externalRefundId, status }: Refund): boolean =>
  madeElsewhere === undefined && externalRefundId === undefined && (status === 'PENDING' || status === 'CANCELLED');

const restored = (refund: Refund): Refund =>
  isUnsent(refund) && refund.requestedAmount !== undefined
    ? { ...refund, status: 'PENDING', amount: refund.requestedAmount }
    : refund;

/** The refund without what of it has gone back elsewhere; nothing of it left closes it. */
const reduced = (refund: Refund, by: number): Refund => {
  const { amount, requestedAmount = amount } = refund;
  return by >= amount
    ? { ...refund, amount: requestedAmount, requestedAmount, status: 'CANCELLED' }
    : { ...refund, amount: amount - by, requestedAmount };
};

/** The refunds with those of one capture that ask for more than is left of it reduced, the newest first. */
const fitCapture = (payment: Payment, capture: Capture): readonly Refund[] => {
  let over = -leftOf(payment, capture);
  const fitted = payment.refunds.toReversed().map((refund) => {
    const isReducible = refund.externalPaymentId === capture.externalPaymentId && refund.status === 'PENDING';
    if (over <= 0 || !isReducible || !isUnsent(refund)) return refund;
    const by = over;
    over -= refund.amount;
    return reduced(refund, by);
  });
  return fitted.reverse();
};

/**
 * Returns the refunds of a payment, where those that the provider has not taken on ask for no more than is left of each
 * capture: the newest give way first. One that gave way before is restored when there is room for it again.
 */
export const fitRefunds = (payment: Payment): readonly Refund[] =>
  capturesOf(payment).reduce<readonly Refund[]>(
    (refunds, capture) => fitCapture({ ...payment, refunds }, capture),
    payment.refunds.map(restored),
  );
