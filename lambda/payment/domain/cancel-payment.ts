import { type RequiredRefund, refundRemaining } from '../refunds/request-refund';
import { outcomeOf } from './apply-own-update';
import { evolve } from './evolve-payment';
import type { Cause, Payment } from './payment';

/** Publishes the payment's result once more. Returns undefined while the payment is open. */
export const replayResult = (payment: Payment, { at, eventId: _, ...cause }: Cause): Payment | undefined => {
  const outcome = outcomeOf(payment);
  if (outcome === undefined) return undefined;
  return { ...payment, updatedAt: at.toISOString(), version: payment.version + 1, fact: { ...outcome, ...cause } };
};

const requestCancellation = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.cancelRequested ? undefined : evolve(payment, { cancelRequested: true }, { type: 'CancelRequested' }, cause);

/** Marks a refunded payment, so that a refund that fails later is retried. */
const withRequiredRefund = (payment: Payment, required: RequiredRefund): Payment =>
  payment.status === 'REFUNDED' ? { ...payment, ...required } : payment;

/**
 * The order is cancelled: stops an open payment, refunds a captured one, and publishes the result of an ended one
 * again.
 */
export const cancelPayment = (payment: Payment, cause: Cause): Payment | undefined => {
  if (payment.status === 'PENDING' || payment.status === 'PROCESSING') return requestCancellation(payment, cause);
  if (payment.status === 'COMPLETED')
    return refundRemaining(payment, { cancelRequested: true }, cause) ?? requestCancellation(payment, cause);
  return replayResult(withRequiredRefund(payment, { cancelRequested: true }), cause);
};

/** The order ended because its payment was fully refunded. Refunds that fail later are retried. */
export const cancelAfterFullRefund = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.status === 'REFUNDED' ? requestCancellation(payment, cause) : cancelPayment(payment, cause);

/** All goods of the order came back: refunds what is left of its payment. */
export const refundReturnedOrder = (payment: Payment, cause: Cause): Payment | undefined => {
  const required = { orderReturned: true };
  if (payment.status === 'COMPLETED') return refundRemaining(payment, required, cause);
  return replayResult(withRequiredRefund(payment, required), cause);
};
