import { type PaymentMethod, providerOf } from '../contracts/payment-status';
import type { Tenant } from '../kernel/tenant';
import { type Cause, happened, type PaidLine, type Payment, paymentIdOf } from './payment';
import { outcomeOf } from './payment-outcome';
import { refundRest, type Undone } from './request-refund';

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

const unborn = (terms: PaymentTerms, at: string): Payment => ({
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
  const payment = unborn(terms, at);
  if (terms.deadline > at) return happened(payment, { askedAt: at }, { type: 'PaymentRequested' }, cause);
  const over = { status: 'FAILED', providerState: 'CLOSED', failure: 'expired' } as const;
  return happened(payment, over, { type: 'PaymentFailed', reason: 'expired' }, cause);
};

/** What stays of an order that was cancelled before its payment was asked for: it never will be. */
export const tombstone = (terms: PaymentTerms, cause: Cause): Payment =>
  happened(
    unborn(terms, cause.at.toISOString()),
    { status: 'CANCELLED', providerState: 'CLOSED', failure: 'cancelled', cancelRequested: true },
    { type: 'PaymentFailed', reason: 'cancelled' },
    cause,
  );

/** The provider is about to be asked to create it once more, under the same key. Not told to anybody. */
export const askingAgain = (payment: Payment, { at, ...cause }: Cause): Payment => ({
  ...payment,
  askedAt: at.toISOString(),
  updatedAt: at.toISOString(),
  version: payment.version + 1,
  fact: { type: 'ProviderAsked', ...cause },
});

/** Tells once more what became of a payment, to who has not heard; nothing while that is open. */
export const answerAgain = (payment: Payment, { at, eventId: _, ...cause }: Cause): Payment | undefined => {
  const told = outcomeOf(payment);
  if (told === undefined) return undefined;
  return { ...payment, updatedAt: at.toISOString(), version: payment.version + 1, fact: { ...told, ...cause } };
};

const stop = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.cancelRequested
    ? undefined
    : happened(payment, { cancelRequested: true }, { type: 'CancelRequested' }, cause);

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
  return answerAgain(marked(payment, { cancelRequested: true }), cause);
};

/** The order ended since all of its payment was refunded: that is marked, and what fails of it after all is asked back. */
export const endRefunded = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.status === 'REFUNDED' ? stop(payment, cause) : cancelPayment(payment, cause);

/** All goods of the order are back: what of its payment nobody has asked back goes back. */
export const settleReturned = (payment: Payment, cause: Cause): Payment | undefined => {
  const undone = { orderReturned: true };
  if (payment.status === 'COMPLETED') return refundRest(payment, undone, cause);
  return answerAgain(marked(payment, undone), cause);
};
