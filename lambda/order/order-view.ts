import type { CurrentOrder, GetOrderResponse, PlaceOrderResponse } from '../contracts/api/order-api';
import { toMajor } from '../contracts/values/money';
import type { Order } from './domain/order';
import type { Personal } from './personal/personal';

const view = (order: Order, { shippingAddress }: Personal) => {
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
    shippingAddress,
    paymentMethod: order.paymentMethod,
    createdAt: order.createdAt,
    placedAt: order.createdAt,
  };
};

/** Returns the order as it was when it was placed, so that a repeated request gets the same response. */
export const placedView = (order: Order, personal: Personal, trackingToken: string): PlaceOrderResponse => ({
  ...view(order, personal),
  version: 1,
  status: 'PENDING',
  paymentStatus: order.history[0]?.paymentStatus ?? 'NOT_REQUIRED',
  stockStatus: 'PENDING',
  trackingToken,
});

/** The role in which the caller sees an order. A `tracker` has only the tracking token and sees no e-mail address. */
export type Viewer = 'staff' | 'owner' | 'tracker';

/** Returns the current state of the order. */
export const currentView = (order: Order, personal: Personal, viewer: Viewer): CurrentOrder => ({
  ...view(order, personal),
  ...(viewer === 'tracker' ? {} : { customerEmail: personal.customerEmail }),
  version: order.version,
  status: order.status,
  paymentStatus: order.paymentStatus,
  stockStatus: order.stockStatus,
  updatedAt: order.updatedAt,
  shippedAt: order.shippedAt,
  deliveredAt: order.deliveredAt,
  paymentDeadline: order.paymentDeadline,
});

/** Returns the current state of the order with its history. */
export const wholeView = (order: Order, personal: Personal, viewer: Viewer): GetOrderResponse => ({
  ...currentView(order, personal, viewer),
  history: order.history.map(({ at, event, status, stockStatus, paymentStatus }) => ({
    at,
    event,
    status,
    stockStatus,
    paymentStatus,
  })),
});
