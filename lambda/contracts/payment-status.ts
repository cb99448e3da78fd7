import * as z from 'zod';

/** How a customer pays. */
export const PaymentMethod = z.enum([
  'CREDIT_CARD',
  'DEBIT_CARD',
  'PAYPAL',
  'BANK_TRANSFER',
  'AMAZON_PAY',
  'APPLE_PAY',
  'GOOGLE_PAY',
  'PAYPAY',
  'ACCOUNT_BALANCE',
]);
export type PaymentMethod = z.infer<typeof PaymentMethod>;

/** Who takes the money. */
export const ProviderName = z.enum(['stripe', 'paypay', 'balance']);
export type ProviderName = z.infer<typeof ProviderName>;

/** Which provider takes the money of each method. */
export const providerOf = (method: PaymentMethod): ProviderName => {
  if (method === 'PAYPAY') return 'paypay';
  return method === 'ACCOUNT_BALANCE' ? 'balance' : 'stripe';
};

/** Where a payment is: asked for, with the provider, captured, or over. */
export const PaymentState = z.enum(['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED', 'REFUNDED']);
export type PaymentState = z.infer<typeof PaymentState>;

/** `CANCELLED`: not made, since the same money went back elsewhere. */
export const RefundState = z.enum(['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED']);
export type RefundState = z.infer<typeof RefundState>;

/** Where a dispute (chargeback) is. `CLOSED`: withdrawn or prevented, and nobody has lost anything by it. */
export const DisputeState = z.enum(['NEEDS_RESPONSE', 'UNDER_REVIEW', 'WON', 'LOST', 'CLOSED']);
export type DisputeState = z.infer<typeof DisputeState>;

/** Why nothing was captured. */
export const PaymentFailure = z.enum(['declined', 'expired', 'cancelled', 'provider-refused']);
export type PaymentFailure = z.infer<typeof PaymentFailure>;

/** One payment for each order, so its ID follows from the order's. */
export const PaymentId = z.string().regex(/^PAY-ORD-\d{6,12}$/, 'must look like PAY-ORD-000001');

/** How a shop is paid: outside of this system, or by a provider before an order is confirmed. */
export const Payments = z.enum(['offline', 'online']);
export type Payments = z.infer<typeof Payments>;
