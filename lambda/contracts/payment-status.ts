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

export const RefundState = z.enum(['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED']);
export type RefundState = z.infer<typeof RefundState>;

/** Why nothing was captured. */
export const PaymentFailure = z.enum(['declined', 'expired', 'cancelled', 'provider-refused']);
export type PaymentFailure = z.infer<typeof PaymentFailure>;

/** One payment for each order, so its ID follows from the order's. */
export const PaymentId = z.string().regex(/^PAY-ORD-\d{6,12}$/, 'must look like PAY-ORD-000001');

/** How a shop is paid: outside of this system, or by a provider before an order is confirmed. */
export const Payments = z.enum(['offline', 'online']);
export type Payments = z.infer<typeof Payments>;
