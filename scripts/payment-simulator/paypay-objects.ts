import { type ProviderEvent, refundedOf, type SimulatedPayment, type SimulatedRefund } from './payment';

const seconds = (ms: number) => Math.floor(ms / 1000);

const money = (amount: number) => ({ amount, currency: 'JPY' });

const states = {
  open: 'CREATED',
  declined: 'FAILED',
  paid: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELED',
} as const;

const refundStates = { pending: 'CREATED', done: 'REFUNDED', failed: 'REFUND_FAILED' } as const;

/** A code in PayPay's words. `url` is where the customer pays. */
export const payPayCode = (payment: SimulatedPayment, url: string) => ({
  codeId: payment.secret,
  url,
  deeplink: `paypay://payment?link_key=${encodeURIComponent(url)}`,
  expiryDate: seconds(payment.expiresAt ?? payment.createdAt),
  merchantPaymentId: payment.id,
  amount: money(payment.amount),
  orderDescription: payment.description,
  codeType: 'ORDER_QR',
  requestedAt: seconds(payment.createdAt),
  isAuthorization: false,
});

/** A refund in PayPay's words. */
export const payPayRefund = (payment: SimulatedPayment, refund: SimulatedRefund) => ({
  status: refundStates[refund.state],
  acceptedAt: seconds(refund.createdAt),
  merchantRefundId: refund.id,
  paymentId: payment.transactionId,
  amount: money(refund.amount),
  requestedAt: seconds(refund.createdAt),
  reason: refund.metadata.reason ?? '',
});

const stateOf = (payment: SimulatedPayment): string => {
  if (payment.state !== 'paid') return states[payment.state];
  return refundedOf(payment) > 0 && refundedOf(payment) === payment.captured ? 'REFUNDED' : 'COMPLETED';
};

/** A payment in PayPay's words: of a code that nobody has used there is little to say. */
export const payPayPayment = (payment: SimulatedPayment) =>
  payment.state === 'open'
    ? { status: stateOf(payment), acceptedAt: 0, requestedAt: 0 }
    : {
        paymentId: payment.transactionId,
        status: stateOf(payment),
        acceptedAt: seconds(payment.createdAt),
        refunds: { data: payment.refunds.map((refund) => payPayRefund(payment, refund)) },
        merchantPaymentId: payment.id,
        amount: money(payment.state === 'paid' ? payment.captured : payment.amount),
        requestedAt: seconds(payment.createdAt),
        orderDescription: payment.description,
      };

const stateNames = { paid: 'COMPLETED', declined: 'FAILED', failed: 'FAILED', cancelled: 'CANCELED' } as const;

/** What happened as one of PayPay's notices; of refunds there is none, and no disputes. */
export const payPayNotice = ({ what, payment }: ProviderEvent, at: number) => {
  if (!(what in stateNames)) return undefined;
  return {
    notification_type: 'Transaction',
    merchant_id: 'simulator-merchant',
    store_id: null,
    pos_id: null,
    order_id: payment.transactionId,
    merchant_order_id: payment.id,
    authorized_at: null,
    expires_at: null,
    paid_at: what === 'paid' ? new Date(at).toISOString() : null,
    order_amount: String(what === 'paid' ? payment.captured : payment.amount),
    state: stateNames[what as keyof typeof stateNames],
  };
};
