import { type DescribeOrder, OrderDescribed } from '../contracts/order-calls';
import type { Tenant } from '../kernel/tenant';

/** Asks the order service what an order of the tenant is at this moment; nothing when there is none. */
export const orderGateway =
  (ask: (question: DescribeOrder) => Promise<unknown>) =>
  async (tenant: Tenant, orderId: string): Promise<OrderDescribed['order']> => {
    const { order } = OrderDescribed.parse(await ask({ ask: 'describe-order', tenantId: tenant, orderId }));
    return order;
  };

export type FindOrder = ReturnType<typeof orderGateway>;
