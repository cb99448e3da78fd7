import { type DescribeOrder, OrderDescribed } from '../contracts/order-calls';
import type { Invoke } from '../kernel/invoke-function';
import type { Tenant } from '../kernel/tenant';

export type DescribedOrder = NonNullable<OrderDescribed['order']>;

/** Asks the order service what an order is, and whose. */
export const orderGateway = (ask: Invoke) => {
  return {
    describe: async (tenant: Tenant, orderId: string): Promise<DescribedOrder | undefined> => {
      const question: DescribeOrder = { ask: 'describe-order', tenantId: tenant, orderId };
      return OrderDescribed.parse(await ask(question)).order;
    },
  };
};

export type OrderGateway = ReturnType<typeof orderGateway>;
