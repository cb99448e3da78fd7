import * as z from 'zod';

/** The payment methods of customers. */
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

/** The payment providers. */
export const ProviderName = z.enum(['stripe', 'paypay', 'balance']);
export type ProviderName = z.infer<typeof ProviderName>;

/** Returns the provider of a payment method. */
export const providerOf = (method: PaymentMethod): ProviderName => {
  if (method === 'PAYPAY') return 'paypay';
  return method === 'ACCOUNT_BALANCE' ? 'balance' : 'stripe';
};

/** The state of a payment: requested, with the provider, captured, or over. */
export const PaymentState = z.enum(['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED', 'REFUNDED']);
export type PaymentState = z.infer<typeof PaymentState>;

/** `CANCELLED` means not made, because the same money was refunded elsewhere. */
export const RefundState = z.enum(['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED']);
export type RefundState = z.infer<typeof RefundState>;

/** The state of a dispute (chargeback). `CLOSED` means withdrawn or prevented without a loss. */
export const DisputeState = z.enum(['NEEDS_RESPONSE', 'UNDER_REVIEW', 'WON', 'LOST', 'CLOSED']);
export type DisputeState = z.infer<typeof DisputeState>;

/** Why nothing was captured. */
export const PaymentFailure = z.enum(['declined', 'expired', 'cancelled', 'provider-refused']);
export type PaymentFailure = z.infer<typeof PaymentFailure>;

/** The ID follows from the order's, since each order has one payment. */
export const PaymentId = z.string().regex(/^PAY-ORD-\d{6,12}$/, 'must look like PAY-ORD-000001');

/** How a shop is paid: `offline` outside of this system, or `online` by a provider before confirmation. */
export const Payments = z.enum(['offline', 'online']);
export type Payments = z.infer<typeof Payments>;
