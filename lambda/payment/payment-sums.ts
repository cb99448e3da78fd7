import type { Capture, Payment, Refund, RefundTotals } from './payment';

const isLive = ({ status }: Refund) => status !== 'FAILED';
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
export const keptOf = (payment: Payment): number => Math.max(0, refundable(payment));

/** The refunds that take something, or have taken it. */
export const liveRefunds = ({ refunds }: Payment): readonly Refund[] => refunds.filter(isLive);
