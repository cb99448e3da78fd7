import { DescribePayment, type PaymentDescribed } from '../contracts/service-calls';
import { trustedTenant } from '../kernel/tenant';
import { paymentIdOf } from './payment';
import type { PaymentStore } from './payment.store';
import { keptOf } from './payment-sums';

/** Answers what the order service asks for an order's timeline and before it is shipped: what became of its payment? */
export const tellOrder =
  ({ payments }: { readonly payments: Pick<PaymentStore, 'get'> }) =>
  async (asked: unknown): Promise<PaymentDescribed> => {
    const { tenantId, orderId } = DescribePayment.parse(asked);
    const payment = await payments.get({ tenant: trustedTenant(tenantId), paymentId: paymentIdOf(orderId) });
    if (payment === undefined) return {};
    const { paymentId, provider, amount, currency, externalPaymentId, history } = payment;
    const kept = keptOf(payment);
    const refunds = payment.refunds.map(({ refundId, amount: refunded, reason, status, createdAt, processedAt }) => ({
      ...{ refundId, amount: refunded, reason, status, createdAt },
      ...(processedAt === undefined ? {} : { processedAt }),
    }));
    const described = { paymentId, provider, amount, kept, currency, externalPaymentId, refunds };
    return { payment: { ...described, history: [...history] } };
  };
