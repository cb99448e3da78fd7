import { toMajor } from '../contracts/money';
import type { DisputeView, OrderPaymentView, PaymentView, RefundView } from '../contracts/payment-api';
import type { Dispute, Payment, Refund } from './payment';
import { refundedTotal } from './payment-sums';
import { isCheckoutDead } from './replace-key';

/** What was sealed of a payment: how to pay it, and what may be shown of the card. */
export type Opened = {
  readonly redirectUrl?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly brand?: string | undefined;
  readonly last4?: string | undefined;
};

export const refundView = ({ currency }: Payment, refund: Refund): RefundView => {
  const { refundId, amount, reason, status, lines, madeElsewhere, disputeId, createdAt, processedAt } = refund;
  const failureReason = status === 'FAILED' ? refund.failureReason : undefined;
  return {
    ...{ refundId, reason, status, failureReason, madeElsewhere, disputeId, createdAt, processedAt },
    amount: toMajor(amount, currency),
    lines: lines?.map(({ productId, quantity }) => ({ productId, quantity })),
  };
};

/** The answer to the request that made the refund: as it was then, so that a repeated request is answered the same. */
export const requestedRefundView = (payment: Payment, refund: Refund): RefundView =>
  refundView(payment, {
    ...refund,
    amount: refund.requestedAmount ?? refund.amount,
    status: 'PENDING',
    processedAt: undefined,
  });

const disputeView = ({ currency }: Payment, dispute: Dispute): DisputeView => {
  const { disputeId, amount, reason, status, inquiry, evidenceDueBy, createdAt, updatedAt } = dispute;
  return {
    ...{ disputeId, reason, status, inquiry, evidenceDueBy, createdAt, updatedAt },
    amount: toMajor(amount, currency),
  };
};

/** The payment as it is now. */
export const paymentView = (payment: Payment, { brand, last4 }: Opened): PaymentView => {
  const { paymentId, orderId, userId, status, provider, paymentMethod, currency } = payment;
  const { deadline, delayed, failure, createdAt, updatedAt, processedAt, version } = payment;
  const major = (amount: number) => toMajor(amount, currency);
  return {
    ...{ paymentId, orderId, userId, status, provider, paymentMethod, currency },
    ...{ deadline, delayed, failure, createdAt, updatedAt, processedAt, version },
    amount: major(payment.amount),
    capturedAmount: major(payment.capturedAmount),
    refundedAmount: major(refundedTotal(payment)),
    card: brand === undefined || last4 === undefined ? undefined : { brand, last4 },
    refunds: payment.refunds.map((refund) => refundView(payment, refund)),
    disputes: payment.disputes.map((dispute) => disputeView(payment, dispute)),
  };
};

const mayBePaid = (payment: Payment, now: Date) => {
  const { status, providerState, cancelRequested, deadline } = payment;
  const isOpen = status === 'PROCESSING' && providerState === 'OPEN' && !cancelRequested;
  return isOpen && deadline > now.toISOString() && !isCheckoutDead(payment, now);
};

const endOf = ({ deadline, checkoutExpiresAt = deadline }: Payment) =>
  checkoutExpiresAt < deadline ? checkoutExpiresAt : deadline;

/** The payment for who may pay it: with how, while that is possible. */
export const orderPaymentView = (payment: Payment, opened: Opened, now: Date): OrderPaymentView => {
  const { redirectUrl, clientSecret } = opened;
  const hasWay = redirectUrl !== undefined || clientSecret !== undefined;
  const view = paymentView(payment, opened);
  return mayBePaid(payment, now) && hasWay
    ? { ...view, checkout: { redirectUrl, clientSecret, expiresAt: endOf(payment) } }
    : view;
};
