import { type PaymentMethod, providerOf } from '../contracts/payment-status';
import type { Tenant } from '../kernel/tenant';
import { type Cause, happened, type PaidLine, type Payment, paymentIdOf } from './payment';
import { outcomeOf } from './payment-outcome';
import { refundRest } from './request-refund';

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

/**
 * The order is cancelled: a payment that is open is to be stopped, what was captured goes back, and whoever asks about one
 * that is over is answered again.
 */
export const cancelPayment = (payment: Payment, cause: Cause): Payment | undefined => {
  if (payment.status === 'PENDING' || payment.status === 'PROCESSING') return stop(payment, cause);
  if (payment.status === 'COMPLETED')
    return refundRest(payment, { cancelRequested: true }, cause) ?? stop(payment, cause);
  return answerAgain(payment, cause);
};

/** All goods of the order are back: what of its payment nobody has asked back goes back. */
export const settleReturned = (payment: Payment, cause: Cause): Payment | undefined =>
  payment.status === 'COMPLETED' ? refundRest(payment, { orderReturned: true }, cause) : answerAgain(payment, cause);
