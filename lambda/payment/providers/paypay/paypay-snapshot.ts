import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ownerOfPayPayId } from '../../../contracts/values/paypay-ids';
import type { ProviderSnapshot, RefundSnapshot, SnapshotState } from '../provider';

const text = z.string();
const Money = z.object({ amount: z.int().nonnegative(), currency: z.string().length(3) });

/** A refund's ID at PayPay, which is its idempotency key. At most 64 characters: longer keys are hashed. */
export const merchantRefundId = (key: string): string =>
  /^[\w-]{1,64}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');

/** The envelope of every PayPay response. */
export const PayPayAnswer = z.object({
  resultInfo: z.object({ code: text, message: text.nullish(), codeId: text.nullish() }),
  data: z.unknown().optional(),
});

/** A created code with the URL to pay at and its expiry in seconds. PayPay returns the URL only once. */
export const PayPayCode = z.object({
  codeId: text.min(1).max(255),
  url: z.url(),
  expiryDate: z.int().positive().max(99_999_999_999).nullish(),
});
export type PayPayCode = z.infer<typeof PayPayCode>;

const Refunded = z.object({
  status: text,
  amount: Money.nullish(),
  merchantRefundId: text.nullish(),
  acceptedAt: z.number().nullish(),
  reason: text.nullish(),
});

/** The fields read of a payment by code. Before the customer starts to pay, PayPay returns only the status. */
export const PayPayDetails = z.object({
  paymentId: text.nullish(),
  status: text,
  merchantPaymentId: text.nullish(),
  amount: Money.nullish(),
  refunds: z.object({ data: z.array(Refunded).nullish() }).nullish(),
});

export type PayPayPayment = Omit<z.infer<typeof PayPayDetails>, 'merchantPaymentId' | 'amount'> & {
  readonly merchantPaymentId: string;
  readonly amount: z.infer<typeof Money>;
};

const states: Readonly<Record<string, SnapshotState>> = {
  AUTHORIZED: 'AUTHORIZED',
  REAUTHORIZING: 'AUTHORIZED',
  COMPLETED: 'CAPTURED',
  REFUNDED: 'CAPTURED',
  FAILED: 'FAILED',
  CANCELED: 'CANCELLED',
  EXPIRED: 'FAILED',
};

/** Maps PayPay's status to a snapshot state. */
export const payPayState = (status: string): SnapshotState => states[status] ?? 'OPEN';

const refundedOf = ({ status, amount, refunds }: PayPayPayment): number | undefined => {
  const parts = (refunds?.data ?? []).filter((refund) => refund.status === 'REFUNDED');
  if (parts.length > 0) return parts.reduce((sum, refund) => sum + (refund.amount?.amount ?? 0), 0);
  return status === 'REFUNDED' ? amount.amount : undefined;
};

/** PayPay retries refunds until they succeed, so none fails for good. */
const refundState = (status: string): RefundSnapshot['state'] => (status === 'REFUNDED' ? 'COMPLETED' : 'PROCESSING');

/** Our refunds carry their ID as the reason; people may enter any other. */
const ourId = (reason: string | null | undefined) => (reason?.startsWith('REF-') ? { refundId: reason } : {});

/** Every refund of a payment, whoever made it. One without an ID is identified by its time of acceptance. */
const refundsOf = ({ merchantPaymentId: id, refunds }: PayPayPayment): RefundSnapshot[] =>
  (refunds?.data ?? []).map(({ status, amount, merchantRefundId, acceptedAt, reason }) => ({
    externalRefundId: merchantRefundId ?? `${id}.${acceptedAt ?? 0}.${amount?.amount ?? 0}`,
    amount: amount?.amount ?? 0,
    state: refundState(status),
    externalPaymentId: id,
    ...ourId(reason),
  }));

/** Returns what of a payment is neither refunded nor being refunded. */
export const unrefundedPayPay = (payment: PayPayPayment): number =>
  refundsOf(payment).reduce((left, { amount }) => left - amount, payment.amount.amount);

export const payPayPaymentSnapshot = (payment: PayPayPayment, at: string): ProviderSnapshot => {
  const state = payPayState(payment.status);
  const refundedAmount = refundedOf(payment);
  return {
    state,
    externalPaymentId: payment.merchantPaymentId,
    ...(payment.paymentId ? { transactionId: payment.paymentId } : {}),
    amount: payment.amount.amount,
    currency: payment.amount.currency,
    ...ownerOfPayPayId(payment.merchantPaymentId),
    ...(refundedAmount === undefined ? {} : { refundedAmount }),
    ...(payment.refunds?.data?.length ? { refunds: refundsOf(payment) } : {}),
    ...(state === 'FAILED' ? { failureReason: payment.status.toLowerCase() } : {}),
    at,
  };
};

/** The fields read of a refund. */
export const PayPayRefund = z.object({ status: text, merchantRefundId: text, amount: Money, reason: text.nullish() });
export type PayPayRefund = z.infer<typeof PayPayRefund>;

export const payPayRefundSnapshot = ({ status, merchantRefundId: id, amount }: PayPayRefund): RefundSnapshot => ({
  externalRefundId: id,
  amount: amount.amount,
  state: refundState(status),
});
