import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ownerOfPayPayId } from '../../../contracts/paypay-ids';
import type { ProviderSnapshot, RefundSnapshot, SnapshotState } from '../provider';

const text = z.string();
const Money = z.object({ amount: z.int().nonnegative(), currency: z.string().length(3) });

/** A refund's own ID with PayPay, which is its idempotency key: 64 characters hold a SHA-256. */
export const merchantRefundId = (key: string): string =>
  /^[\w-]{1,64}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');

/** What every answer of PayPay is wrapped in. */
export const PayPayAnswer = z.object({
  resultInfo: z.object({ code: text, message: text.nullish(), codeId: text.nullish() }),
  data: z.unknown().optional(),
});

/** A code that was made, with where the customer pays, and until when in seconds. PayPay tells it once. */
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

/** What we read of a payment by code. Of one that the customer has not begun to pay PayPay tells the status alone. */
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

/** PayPay's name for a state in the words of the port. */
export const payPayState = (status: string): SnapshotState => states[status] ?? 'OPEN';

const refundedOf = ({ status, amount, refunds }: PayPayPayment): number | undefined => {
  const parts = (refunds?.data ?? []).filter((refund) => refund.status === 'REFUNDED');
  if (parts.length > 0) return parts.reduce((sum, refund) => sum + (refund.amount?.amount ?? 0), 0);
  return status === 'REFUNDED' ? amount.amount : undefined;
};

/** PayPay tries a refund again until it is made: none of them fails for good. */
const refundState = (status: string): RefundSnapshot['state'] => (status === 'REFUNDED' ? 'COMPLETED' : 'PROCESSING');

/** The reason of a refund that we asked for is its ID; a person may give any other. */
const ourId = (reason: string | null | undefined) => (reason?.startsWith('REF-') ? { refundId: reason } : {});

/** Every refund of a payment, whoever made it. One that has no ID is known by when PayPay took it on. */
const refundsOf = ({ merchantPaymentId: id, refunds }: PayPayPayment): RefundSnapshot[] =>
  (refunds?.data ?? []).map(({ status, amount, merchantRefundId, acceptedAt, reason }) => ({
    externalRefundId: merchantRefundId ?? `${id}.${acceptedAt ?? 0}.${amount?.amount ?? 0}`,
    amount: amount?.amount ?? 0,
    state: refundState(status),
    externalPaymentId: id,
    ...ourId(reason),
  }));

/** What is left of a payment that nobody has asked back. */
export const unrefundedPayPay = (payment: PayPayPayment): number =>
  refundsOf(payment).reduce((left, { amount }) => left - amount, payment.amount.amount);

/** A payment as PayPay tells of it at this moment. */
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

/** What we read of a refund. */
export const PayPayRefund = z.object({ status: text, merchantRefundId: text, amount: Money, reason: text.nullish() });
export type PayPayRefund = z.infer<typeof PayPayRefund>;

/** A refund as PayPay tells of it at this moment. */
export const payPayRefundSnapshot = ({ status, merchantRefundId: id, amount }: PayPayRefund): RefundSnapshot => ({
  externalRefundId: id,
  amount: amount.amount,
  state: refundState(status),
});
