import type { Capture, Payment, Refund, RefundFact, RefundTotals } from './payment';

const isLive = ({ status }: Refund) => status !== 'FAILED' && status !== 'CANCELLED';
const sumOf = (items: readonly { readonly amount: number }[]) => items.reduce((sum, { amount }) => sum + amount, 0);

/** Everything that was captured, duplicates included. */
export const capturedTotal = ({ capturedAmount, extraCaptures }: Payment): number =>
  capturedAmount + sumOf(extraCaptures);

/** The sum of completed refunds. */
export const refundedTotal = ({ refunds }: Payment): number =>
  sumOf(refunds.filter(({ status }) => status === 'COMPLETED'));

export const totalsOf = (payment: Payment): RefundTotals => ({
  refundedTotal: refundedTotal(payment),
  capturedTotal: capturedTotal(payment),
});

/** What of a capture is neither refunded nor being refunded. */
export const leftOf = ({ refunds }: Payment, { externalPaymentId, amount }: Capture): number =>
  amount - sumOf(refunds.filter((one) => isLive(one) && one.externalPaymentId === externalPaymentId));

export const ownCapture = ({ externalPaymentId = '', capturedAmount }: Payment): Capture => ({
  externalPaymentId,
  amount: capturedAmount,
});

/** What of the order's own capture is neither refunded nor being refunded. */
export const refundable = (payment: Payment): number => leftOf(payment, ownCapture(payment));

/** What the shop retains of the order's own capture, at least 0. */
export const retainedAmount = (payment: Payment): number => Math.max(0, refundable(payment));

/** The refunds that are completed or still expected. */
export const liveRefunds = ({ refunds }: Payment): readonly Refund[] => refunds.filter(isLive);

/** Every capture, the order's own first. */
export const capturesOf = (payment: Payment): readonly Capture[] =>
  payment.capturedAmount > 0 ? [ownCapture(payment), ...payment.extraCaptures] : payment.extraCaptures;

/** Finds a capture by its payment ID or, for the order's own, by its transaction ID. */
export const captureOf = (payment: Payment, externalId: string): Capture | undefined => {
  const own = payment.transactionId === externalId ? payment.externalPaymentId : externalId;
  return capturesOf(payment).find(({ externalPaymentId }) => externalPaymentId === own);
};

export const refundFact = ({ refundId, amount, madeElsewhere, disputeId }: Refund): RefundFact => ({
  ...{ refundId, refundAmount: amount, madeElsewhere, disputeId },
});

/** Returns true while the bank holds the money of a capture for an open dispute: the provider then refuses refunds. */
export const isDisputed = ({ disputes }: Pick<Payment, 'disputes'>, externalPaymentId: string): boolean =>
  disputes.some(
    (one) =>
      one.externalPaymentId === externalPaymentId &&
      !one.inquiry &&
      (one.status === 'NEEDS_RESPONSE' || one.status === 'UNDER_REVIEW'),
  );

/** A refund of ours that the provider has not accepted yet. */
const isUnsent = ({ madeElsewhere, externalRefundId, status }: Refund): boolean =>
  madeElsewhere === undefined && externalRefundId === undefined && (status === 'PENDING' || status === 'CANCELLED');

const restored = (refund: Refund): Refund =>
  isUnsent(refund) && refund.requestedAmount !== undefined
    ? { ...refund, status: 'PENDING', amount: refund.requestedAmount }
    : refund;

/** Returns the refund without what was refunded elsewhere. It is cancelled when nothing is left. */
const reduced = (refund: Refund, by: number): Refund => {
  const { amount, requestedAmount = amount } = refund;
  return by >= amount
    ? { ...refund, amount: requestedAmount, requestedAmount, status: 'CANCELLED' }
    : { ...refund, amount: amount - by, requestedAmount };
};

/** Reduces unsent refunds of one capture, newest first, until they fit what is left of it. */
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
 * Returns the refunds with unsent ones reduced to what is left of each capture, newest first. A refund that was reduced
 * before is restored when there is room again.
 */
export const fitRefunds = (payment: Payment): readonly Refund[] =>
  capturesOf(payment).reduce<readonly Refund[]>(
    (refunds, capture) => fitCapture({ ...payment, refunds }, capture),
    payment.refunds.map(restored),
  );
