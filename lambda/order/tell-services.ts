import { DescribeOrder, type OrderDescribed } from '../contracts/order-calls';
import { trustedTenant } from '../kernel/tenant';
import type { Order } from './order';
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

/** Answers other services what an order is at this moment, and whose. Who may see it is theirs to check. */
export const tellServices =
  (orders: Pick<OrderStore, 'get'>) =>
  async (asked: unknown): Promise<OrderDescribed> => {
    const { tenantId, orderId } = DescribeOrder.parse(asked);
    const order = await orders.get({ tenant: trustedTenant(tenantId), orderId });
    return order === undefined ? {} : describe(order);
  };
