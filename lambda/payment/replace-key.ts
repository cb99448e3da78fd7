import { type Cause, happened, type Payment } from './payment';
import { isOver } from './seen-payment';

export const mostKeys = 99; // two digits: all that PayPay's IDs have room for

/** Whether the page to pay on has ended by itself. */
export const isCheckoutDead = ({ checkoutExpiresAt }: Payment, now: Date): boolean =>
  checkoutExpiresAt !== undefined && checkoutExpiresAt <= now.toISOString();

const mayStillBePaid = (payment: Payment, now: Date): boolean =>
  !isOver(payment) && !payment.cancelRequested && payment.deadline > now.toISOString();

/**
 * The customer asks for a page to pay on, and the one there was has ended: another is asked for under the next key, and the
 * one before it is closed. Nothing while it has not ended, or when nobody may pay any more.
 */
export const replaceCheckout = (payment: Payment, cause: Cause): Payment | undefined => {
  const { externalPaymentId, paymentIntentId, keyNumber, others, replaced, providerState } = payment;
  const isTime = isCheckoutDead(payment, cause.at) && mayStillBePaid(payment, cause.at);
  if (!isTime || providerState !== 'OPEN' || externalPaymentId === undefined || keyNumber >= mostKeys) return undefined;
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
  return happened(payment, changes, { type: 'CheckoutReplaced', note: externalPaymentId }, cause);
};

const lookAfterSeconds = 900; // a search of the provider shows by then what it has made, whichever clock was a few minutes slow

/** The provider fails for ever under this key, and has made nothing under it as far as it can tell: the next one is used. */
export const replaceKey = (payment: Payment, keyNumber: number, cause: Cause): Payment | undefined => {
  const { attempts, spentKeys, providerState } = payment;
  const isUsed = payment.keyNumber === keyNumber && providerState === 'UNKNOWN';
  if (!isUsed || keyNumber >= mostKeys || !mayStillBePaid(payment, cause.at)) return undefined;
  const lookAt = new Date(cause.at.getTime() + lookAfterSeconds * 1000).toISOString();
  const changes = {
    keyNumber: keyNumber + 1,
    spentKeys: [...spentKeys, { keyNumber, lookAt }],
    attempts: attempts + 1, // a provider that fails under each key is asked ever more seldom
    delayed: true,
  };
  return happened(payment, changes, { type: 'KeyReplaced', note: `key ${keyNumber}` }, cause);
};

const firstRestSeconds = 60;
const mostDoublings = 6;

/**
 * The provider fails for ever under this key of a refund, and lists no such refund. It rests before the next key is used, so
 * that what the failure made after all is listed by then.
 */
export const replaceRefundKey = (
  payment: Payment,
  { refundId, keyNumber }: { readonly refundId: string; readonly keyNumber: number },
  cause: Cause,
): Payment | undefined => {
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  const isUsed = refund?.status === 'PENDING' && (refund.keyNumber ?? 0) === keyNumber;
  if (!isUsed || keyNumber >= mostKeys) return undefined;
  const restSeconds = firstRestSeconds * 2 ** Math.min(keyNumber, mostDoublings);
  const notBefore = new Date(cause.at.getTime() + restSeconds * 1000).toISOString();
  const refunds = payment.refunds.map((one) =>
    one === refund ? { ...one, keyNumber: keyNumber + 1, notBefore } : one,
  );
  return happened(
    payment,
    { refunds, delayed: true },
    { type: 'KeyReplaced', note: `${refundId}, key ${keyNumber}` },
    cause,
  );
};
