import { DescribeOrder, type OrderDescribed } from '../contracts/calls/order-calls';
import { trustedTenant } from '../kernel/tenant';
import type { Order } from './domain/order';
import type { OrderStore } from './order.store';

const describe = (order: Order): OrderDescribed => ({
  order: {
    ownerId: order.ownerId,
    customerId: order.customerId,
    trackingTokenHash: order.trackingTokenHash,
    version: order.version,
    status: order.status,
    paymentStatus: order.paymentStatus,
    stockStatus: order.stockStatus,
    total: order.total,
    currency: order.currency,
    lines: [...order.lines],
  },
});

/** Returns the current state and owner of an order to another service, which must check who may see it. */
export const describeOrder =
  (orders: Pick<OrderStore, 'get'>) =>
  async (query: unknown): Promise<OrderDescribed> => {
    const { tenantId, orderId } = DescribeOrder.parse(query);
    const order = await orders.get({ tenant: trustedTenant(tenantId), orderId });
    return order === undefined ? {} : describe(order);
  };
