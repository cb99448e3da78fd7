import { type PaymentMethod, providerOf } from '../../contracts/values/payment-status';
import type { Tenant } from '../../kernel/tenant';
import { type RequiredRefund, refundRest } from '../refunds/request-refund';
import { outcomeOf } from './apply-own-update';
import { type Cause, evolve, type PaidLine, type Payment, paymentIdOf } from './payment';
import { isOver } from './provider-update';

/** The payment that an order needs, or no longer needs. */
export type PaymentTerms = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly userId?: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: PaymentMethod;
  readonly lines: readonly PaidLine[];
  readonly deadline: string;
  readonly correlationId: string;
};

const initialPayment = (terms: PaymentTerms, at: string): Payment => ({
  ...terms,
  paymentId: paymentIdOf(terms.orderId),
  provider: providerOf(terms.paymentMethod),
  status: 'PENDING',
  providerState: 'UNKNOWN',
  capturedAmount: 0,
  extraCaptures: [],
  others: [],
  keyNumber: 0,
  spentKeys: [],
  replaced: [],
  refunds: [],
  refundsOutdated: [],
  disputes: [],
  indexedIds: [],
  cancelRequested: false,
  attempts: 0,
  delayed: false,
  createdAt: at,
  updatedAt: at,
  version: 0,
  fact: { type: 'PaymentRequested', actor: 'order' },
  history: [],
});

/** Creates the payment that is about to be requested. It has already failed when the deadline is over. */
export const requestPayment = (terms: PaymentTerms, cause: Cause): Payment => {
  const at = cause.at.toISOString();
  const payment = initialPayment(terms, at);
  if (terms.deadline > at) return evolve(payment, { askedAt: at }, { type: 'PaymentRequested' }, cause);
  const expired = { status: 'FAILED', providerState: 'CLOSED', failure: 'expired' } as const;
  return evolve(payment, expired, { type: 'PaymentFailed', reason: 'expired' }, cause);
};

/** Records that the order was cancelled before its payment was requested, so that it never is. */
export const tombstone = (terms: PaymentTerms, cause: Cause): Payment =>
  evolve(
    initialPayment(terms, cause.at.toISOString()),
    { status: 'CANCELLED', providerState: 'CLOSED', failure: 'cancelled', cancelRequested: true },
    { type: 'PaymentFailed', reason: 'cancelled' },
    cause,
  );

/** Records that the provider is about to be asked again to create it, under the same key. Not published. */
export const retryCreate = (payment: Payment, { at, ...cause }: Cause): Payment => ({
  ...payment,
  askedAt: at.toISOString(),
  updatedAt: at.toISOString(),
  version: payment.version + 1,
  fact: { type: 'ProviderAsked', ...cause },
});

/** Publishes the payment's result once more. Returns undefined while the payment is open. */
export const replayResult = (payment: Payment, { at, eventId: _, ...cause }: Cause): Payment | undefined => {
  const outcome = outcomeOf(payment);
  if (outcome === undefined) return undefined;
  return { ...payment, updatedAt: at.toISOString(), version: payment.version + 1, fact: { ...outcome, ...cause } };
};

const stop = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.cancelRequested ? undefined : evolve(payment, { cancelRequested: true }, { type: 'CancelRequested' }, cause);

/** Marks a refunded payment, so that a refund that fails later is retried. */
const withRequiredRefund = (payment: Payment, required: RequiredRefund): Payment =>
  payment.status === 'REFUNDED' ? { ...payment, ...required } : payment;

/**
 * The order is cancelled: stops an open payment, refunds a captured one, and publishes the result of an ended one
 * again.
 */
export const cancelPayment = (payment: Payment, cause: Cause): Payment | undefined => {
  if (payment.status === 'PENDING' || payment.status === 'PROCESSING') return stop(payment, cause);
  if (payment.status === 'COMPLETED')
    return refundRest(payment, { cancelRequested: true }, cause) ?? stop(payment, cause);
  return replayResult(withRequiredRefund(payment, { cancelRequested: true }), cause);
};

/** The order ended because its payment was fully refunded. Refunds that fail later are retried. */
export const endRefunded = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.status === 'REFUNDED' ? stop(payment, cause) : cancelPayment(payment, cause);

/** All goods of the order came back: refunds what is left of its payment. */
export const refundReturnedOrder = (payment: Payment, cause: Cause): Payment | undefined => {
  const required = { orderReturned: true };
  if (payment.status === 'COMPLETED') return refundRest(payment, required, cause);
  return replayResult(withRequiredRefund(payment, required), cause);
};

export const maxKeys = 99; // two digits fit into PayPay's IDs

/** Returns true when the checkout page has expired. */
export const isCheckoutExpired = ({ checkoutExpiresAt }: Payment, now: Date): boolean =>
  checkoutExpiresAt !== undefined && checkoutExpiresAt <= now.toISOString();

const isPayable = (payment: Payment, now: Date): boolean =>
  !isOver(payment) && !payment.cancelRequested && payment.deadline > now.toISOString();

/**
 * Replaces an expired checkout page with one under the next key and closes the old one. Returns undefined while it has
 * not expired, or when the payment may no longer be paid.
 */
export const replaceCheckout = (payment: Payment, cause: Cause): Payment | undefined => {
  const { externalPaymentId, paymentIntentId, keyNumber, others, replaced, providerState } = payment;
  const isTime = isCheckoutExpired(payment, cause.at) && isPayable(payment, cause.at);
  if (!isTime || providerState !== 'OPEN' || externalPaymentId === undefined || keyNumber >= maxKeys) return undefined;
  const changes = {
    keyNumber: keyNumber + 1,
    providerState: 'UNKNOWN',
    externalPaymentId: undefined,
    paymentIntentId: undefined,
    details: undefined,
    checkoutExpiresAt: undefined,
    askedAt: undefined,
    others: [...others, externalPaymentId],
    replaced: [...replaced, { externalPaymentId, paymentIntentId }],
  } as const;
  return evolve(payment, changes, { type: 'CheckoutReplaced', note: externalPaymentId }, cause);
};

const keyCheckDelaySeconds = 900; // by then a search shows what was created, even with clocks minutes off

/** Moves to the next key after the provider spent this one without creating anything visible. */
export const replaceKey = (payment: Payment, keyNumber: number, cause: Cause): Payment | undefined => {
  const { attempts, spentKeys, providerState } = payment;
  const isUsed = payment.keyNumber === keyNumber && providerState === 'UNKNOWN';
  if (!isUsed || keyNumber >= maxKeys || !isPayable(payment, cause.at)) return undefined;
  const lookAt = new Date(cause.at.getTime() + keyCheckDelaySeconds * 1000).toISOString();
  const changes = {
    keyNumber: keyNumber + 1,
    spentKeys: [...spentKeys, { keyNumber, lookAt }],
    attempts: attempts + 1, // slows retries down when the provider fails under each key
    delayed: true,
  };
  return evolve(payment, changes, { type: 'KeyReplaced', note: `key ${keyNumber}` }, cause);
};

const firstDelaySeconds = 60;
const maxDoublings = 6;

/**
 * Moves a refund to the next key after the provider spent this one. The delay lets a refund created after all show up
 * in the provider's list first.
 */
export const replaceRefundKey = (
  payment: Payment,
  { refundId, keyNumber }: { readonly refundId: string; readonly keyNumber: number },
  cause: Cause,
): Payment | undefined => {
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  const isUsed = refund?.status === 'PENDING' && (refund.keyNumber ?? 0) === keyNumber;
  if (!isUsed || keyNumber >= maxKeys) return undefined;
  const delaySeconds = firstDelaySeconds * 2 ** Math.min(keyNumber, maxDoublings);
  const notBefore = new Date(cause.at.getTime() + delaySeconds * 1000).toISOString();
  const refunds = payment.refunds.map((one) =>
    one === refund ? { ...one, keyNumber: keyNumber + 1, notBefore } : one,
  );
  return evolve(
    payment,
    { refunds, delayed: true },
    { type: 'KeyReplaced', note: `${refundId}, key ${keyNumber}` },
    cause,
  );
};
