import { type PaymentMethod, providerOf } from '../../contracts/payment-status';
import type { Tenant } from '../../kernel/tenant';
import { refundRest, type Undone } from '../refunds/request-refund';
import { outcomeOf } from './apply-own-update';
import { type Cause, evolve, type PaidLine, type Payment, paymentIdOf } from './payment';
import { isOver } from './provider-update';

/** What an order wants to be paid, or does not want any more. */
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

/** A payment that the provider is about to be asked for; one whose time is over already has failed. */
export const requestPayment = (terms: PaymentTerms, cause: Cause): Payment => {
  const at = cause.at.toISOString();
  const payment = initialPayment(terms, at);
  if (terms.deadline > at) return evolve(payment, { askedAt: at }, { type: 'PaymentRequested' }, cause);
  const expired = { status: 'FAILED', providerState: 'CLOSED', failure: 'expired' } as const;
  return evolve(payment, expired, { type: 'PaymentFailed', reason: 'expired' }, cause);
};

/** What stays of an order that was cancelled before its payment was asked for: it never will be. */
export const tombstone = (terms: PaymentTerms, cause: Cause): Payment =>
  evolve(
    initialPayment(terms, cause.at.toISOString()),
    { status: 'CANCELLED', providerState: 'CLOSED', failure: 'cancelled', cancelRequested: true },
    { type: 'PaymentFailed', reason: 'cancelled' },
    cause,
  );

/** The provider is about to be asked to create it once more, under the same key. Not told to anybody. */
export const retryCreate = (payment: Payment, { at, ...cause }: Cause): Payment => ({
  ...payment,
  askedAt: at.toISOString(),
  updatedAt: at.toISOString(),
  version: payment.version + 1,
  fact: { type: 'ProviderAsked', ...cause },
});

/** Tells once more what became of a payment, to who has not heard; nothing while that is open. */
export const replayResult = (payment: Payment, { at, eventId: _, ...cause }: Cause): Payment | undefined => {
  const outcome = outcomeOf(payment);
  if (outcome === undefined) return undefined;
  return { ...payment, updatedAt: at.toISOString(), version: payment.version + 1, fact: { ...outcome, ...cause } };
};

const stop = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.cancelRequested ? undefined : evolve(payment, { cancelRequested: true }, { type: 'CancelRequested' }, cause);

/** Nothing of it may be kept, should one of its refunds fail after all. */
const marked = (payment: Payment, undone: Undone): Payment =>
  payment.status === 'REFUNDED' ? { ...payment, ...undone } : payment;

/**
 * The order is cancelled: a payment that is open is to be stopped, what was captured goes back, and whoever asks about one
 * that is over is answered again.
 */
export const cancelPayment = (payment: Payment, cause: Cause): Payment | undefined => {
  if (payment.status === 'PENDING' || payment.status === 'PROCESSING') return stop(payment, cause);
  if (payment.status === 'COMPLETED')
    return refundRest(payment, { cancelRequested: true }, cause) ?? stop(payment, cause);
  return replayResult(marked(payment, { cancelRequested: true }), cause);
};

/** The order ended since all of its payment was refunded: that is marked, and what fails of it after all is asked back. */
export const endRefunded = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.status === 'REFUNDED' ? stop(payment, cause) : cancelPayment(payment, cause);

/** All goods of the order are back: what of its payment nobody has asked back goes back. */
export const refundReturnedOrder = (payment: Payment, cause: Cause): Payment | undefined => {
  const undone = { orderReturned: true };
  if (payment.status === 'COMPLETED') return refundRest(payment, undone, cause);
  return replayResult(marked(payment, undone), cause);
};

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
  return evolve(payment, changes, { type: 'CheckoutReplaced', note: externalPaymentId }, cause);
};

const keyCheckDelaySeconds = 900; // a search of the provider shows by then what it has made, whichever clock was a few minutes slow

/** The provider fails for ever under this key, and has made nothing under it as far as it can tell: the next one is used. */
export const replaceKey = (payment: Payment, keyNumber: number, cause: Cause): Payment | undefined => {
  const { attempts, spentKeys, providerState } = payment;
  const isUsed = payment.keyNumber === keyNumber && providerState === 'UNKNOWN';
  if (!isUsed || keyNumber >= mostKeys || !mayStillBePaid(payment, cause.at)) return undefined;
  const lookAt = new Date(cause.at.getTime() + keyCheckDelaySeconds * 1000).toISOString();
  const changes = {
    keyNumber: keyNumber + 1,
    spentKeys: [...spentKeys, { keyNumber, lookAt }],
    attempts: attempts + 1, // a provider that fails under each key is asked ever more seldom
    delayed: true,
  };
  return evolve(payment, changes, { type: 'KeyReplaced', note: `key ${keyNumber}` }, cause);
};

const firstDelaySeconds = 60;
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
  const delaySeconds = firstDelaySeconds * 2 ** Math.min(keyNumber, mostDoublings);
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
