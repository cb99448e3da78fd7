import { type PaymentMethod, providerOf } from '../../contracts/values/payment-status';
import type { Tenant } from '../../kernel/tenant';
import { evolve } from './evolve-payment';
import { type Cause, type PaidLine, type Payment, paymentIdOf } from './payment';

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
