import {
  type CheckStock,
  type DescribePayment,
  PaymentDescribed,
  StockChecked,
} from '../contracts/calls/service-calls';
import type { OrderLine } from '../contracts/events/order-events';
import type { Invoke } from '../kernel/aws/signed-request';
import type { Tenant } from '../kernel/tenant';
import type { OrderKey } from './domain/order';
import type { PlaceOrderRejection } from './placing/place-order';

/** Queries the inventory service. */
export const stockGateway = (invoke: Invoke) => ({
  /** Returns a rejection when stock does not cover the lines, else undefined. The check reserves nothing. */
  shortOf: async (tenant: Tenant, lines: readonly OrderLine[]): Promise<PlaceOrderRejection | undefined> => {
    const quantities = lines.map(({ productId, quantity }) => ({ productId, quantity }));
    const query: CheckStock = { ask: 'check-stock', tenantId: tenant, lines: quantities };
    const { short } = StockChecked.parse(await invoke(query));
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
   * Returns the amount of an order's payment that is captured and neither refunded nor being refunded, in minor units.
   * Throws when the payment service does not return it.
   */
  keptAmountOf: async ({ tenant, orderId }: OrderKey): Promise<number> => {
    const query: DescribePayment = { ask: 'describe-payment', tenantId: tenant, orderId };
    const { payment } = PaymentDescribed.parse(await invoke(query));
    if (payment === undefined) return 0;
    if (payment.kept === undefined) throw new Error(`the payment service did not return the kept amount of ${orderId}`);
    return payment.kept;
  },
});

export type PaymentGateway = ReturnType<typeof paymentGateway>;
