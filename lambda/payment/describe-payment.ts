import { DescribePayment, type PaymentDescribed } from '../contracts/calls/service-calls';
import { trustedTenant } from '../kernel/tenant';
import { succeeded } from './domain/apply-own-update';
import { type Payment, paymentIdOf, type Refund } from './domain/payment';
import { refundedTotal, retainedAmount } from './domain/payment-sums';
import { mismatchesOf } from './domain/provider-update';
import type { PaymentStore } from './payment.store';

const capturesOf = (payment: Payment) => {
  const { late, ownCapture, externalPaymentId, capturedAmount } = succeeded(payment);
  const own = { externalPaymentId, amount: capturedAmount, late, ...(ownCapture ? { ownCapture } : {}) };
  const extras = payment.extraCaptures.map((extra) => ({ ...extra, late: false }));
  return payment.capturedAmount > 0 ? [own, ...extras] : extras;
};

const refundOf = ({ refundId, amount, reason, status, createdAt, processedAt }: Refund) => ({
  ...{ refundId, amount, reason, status, createdAt },
  ...(processedAt === undefined ? {} : { processedAt }),
});

const describe = (payment: Payment): NonNullable<PaymentDescribed['payment']> => {
  const { paymentId, provider, amount, currency, externalPaymentId, version, history } = payment;
  return {
    ...{ paymentId, provider, amount, currency, externalPaymentId, version },
    kept: retainedAmount(payment),
    captures: capturesOf(payment),
    refunds: payment.refunds.map(refundOf),
    refundedTotal: refundedTotal(payment),
    mismatches: mismatchesOf(payment).map((one) => one.externalPaymentId),
    history: [...history],
  };
};

/** Returns an order's payment: for the order's timeline, before shipping, and before an alert is raised. */
export const describePayment =
  ({ payments }: { readonly payments: Pick<PaymentStore, 'get'> }) =>
  async (query: unknown): Promise<PaymentDescribed> => {
    const { tenantId, orderId } = DescribePayment.parse(query);
    const payment = await payments.get({ tenant: trustedTenant(tenantId), paymentId: paymentIdOf(orderId) });
    if (payment === undefined) return {};
    return { payment: describe(payment) };
  };
