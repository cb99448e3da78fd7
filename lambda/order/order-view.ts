import { toMajor } from '../contracts/money';
import type { CurrentOrder, GetOrderResponse, PlaceOrderResponse } from '../contracts/order-api';
import { DescribeOrder, type OrderDescribed } from '../contracts/order-calls';
import { trustedTenant } from '../kernel/tenant';
import type { Order } from './domain/order';
import type { OrderStore } from './order.store';

const view = (order: Order) => {
  const major = (amount: number) => toMajor(amount, order.currency);
  return {
    orderId: order.orderId,
    tenantId: order.tenant,
    code: order.orderId,
    name: `Order ${order.orderId}`,
    customerId: order.customerId,
    items: order.lines.map(({ productId, name, quantity, unitPrice, lineTotal }) => ({
      productId,
      name,
      quantity,
      unitPrice: major(unitPrice),
      lineTotal: major(lineTotal),
    })),
    subtotal: major(order.subtotal),
    tax: major(order.tax),
    total: major(order.total),
    currency: order.currency,
    shippingAddress: order.shippingAddress,
    paymentMethod: order.paymentMethod,
    createdAt: order.createdAt,
    placedAt: order.createdAt,
  };
};

/** The answer to the request that placed the order: as it was then, so that a repeated request is answered the same. */
export const placedView = (order: Order, trackingToken: string): PlaceOrderResponse => ({
  ...view(order),
  version: 1,
  status: 'PENDING',
  paymentStatus: order.history[0]?.paymentStatus ?? 'NOT_REQUIRED',
  stockStatus: 'PENDING',
  trackingToken,
});

/** Who looks at an order: `tracker` has nothing but its token, and is not shown the e-mail address. */
export type Viewer = 'staff' | 'owner' | 'tracker';

/** The order as it is now. */
export const currentView = (order: Order, viewer: Viewer): CurrentOrder => ({
  ...view(order),
  ...(viewer === 'tracker' ? {} : { customerEmail: order.customerEmail }),
  version: order.version,
  status: order.status,
  paymentStatus: order.paymentStatus,
  stockStatus: order.stockStatus,
  updatedAt: order.updatedAt,
  shippedAt: order.shippedAt,
  deliveredAt: order.deliveredAt,
  paymentDeadline: order.paymentDeadline,
});

/** The order as it is now, and what has happened to it. */
export const wholeView = (order: Order, viewer: Viewer): GetOrderResponse => ({
  ...currentView(order, viewer),
  history: order.history.map(({ at, event, status, stockStatus, paymentStatus }) => ({
    at,
    event,
    status,
    stockStatus,
    paymentStatus,
  })),
});

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
export const describeOrder =
  (orders: Pick<OrderStore, 'get'>) =>
  async (asked: unknown): Promise<OrderDescribed> => {
    const { tenantId, orderId } = DescribeOrder.parse(asked);
    const order = await orders.get({ tenant: trustedTenant(tenantId), orderId });
    return order === undefined ? {} : describe(order);
  };
