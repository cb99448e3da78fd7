import type { OrderLine } from '../contracts/order-events';
import { type CheckStock, type DescribePayment, PaymentDescribed, StockChecked } from '../contracts/service-calls';
import type { Invoke } from '../kernel/aws/signed-request';
import type { Tenant } from '../kernel/tenant';
import type { OrderKey } from './domain/order';
import type { PlaceOrderRejection } from './placing/place-order';

/** What inventory says of an order's lines before the order is placed. */
export const stockGateway = (ask: Invoke) => ({
  /** Why stock does not cover the lines at this moment; nothing when it does. Nothing is held by asking. */
  shortOf: async (tenant: Tenant, lines: readonly OrderLine[]): Promise<PlaceOrderRejection | undefined> => {
    const wanted = lines.map(({ productId, quantity }) => ({ productId, quantity }));
    const query: CheckStock = { ask: 'check-stock', tenantId: tenant, lines: wanted };
    const { short } = StockChecked.parse(await ask(query));
    const errors = lines.flatMap(({ productId, name }, index) => {
      const found = short.find((line) => line.productId === productId);
      if (found === undefined) return [];
      const detail = `Insufficient stock for ${name}. Available: ${found.available}, Requested: ${found.requested}`;
      return [{ pointer: `/items/${index}/quantity`, detail }];
    });
    return errors.length === 0 ? undefined : { refusal: 'insufficient-stock', errors };
  },
});

export type StockGateway = ReturnType<typeof stockGateway>;

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
