import type { Capture, Payment, Refund } from './payment';
import { capturesOf, leftOf } from './payment-sums';

/** A refund of ours that the provider has not taken on. */
const isUnasked = ({ madeElsewhere, externalRefundId, status }: Refund): boolean =>
  madeElsewhere === undefined && externalRefundId === undefined && (status === 'PENDING' || status === 'CANCELLED');

const restored = (refund: Refund): Refund =>
  isUnasked(refund) && refund.requestedAmount !== undefined
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
    const mayGiveWay = refund.externalPaymentId === capture.externalPaymentId && refund.status === 'PENDING';
    if (over <= 0 || !mayGiveWay || !isUnasked(refund)) return refund;
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
