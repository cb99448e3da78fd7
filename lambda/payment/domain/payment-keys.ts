import { evolve } from './evolve-payment';
import type { Cause, Payment } from './payment';
import { isOver } from './provider-update';

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
