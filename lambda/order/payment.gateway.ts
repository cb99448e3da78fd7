import { type DescribePayment, PaymentDescribed } from '../contracts/service-calls';
import type { Invoke } from '../kernel/invoke-function';
import type { OrderKey } from './order';

/** Queries the payment service. */
export const paymentGateway = (invoke: Invoke) => ({
  /**
   * Returns what the shop keeps of an order's payment, in minor units: captured, and neither refunded nor being refunded.
   * Throws when the payment service gives no answer.
   */
  keptOf: async ({ tenant, orderId }: OrderKey): Promise<number> => {
    const query: DescribePayment = { ask: 'describe-payment', tenantId: tenant, orderId };
    const { payment } = PaymentDescribed.parse(await invoke(query));
    if (payment === undefined) return 0;
    if (payment.kept === undefined) throw new Error(`the payment service does not say what is kept of ${orderId}`);
    return payment.kept;
  },
});

export type PaymentGateway = ReturnType<typeof paymentGateway>;
