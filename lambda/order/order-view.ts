import { toMajor } from '../contracts/money';
import type { GetOrderResponse, PlaceOrderResponse } from '../contracts/order-api';
import type { Order } from './order';

const view = (order: Order) => {
  const major = (amount: number) => toMajor(amount, order.currency);
  return {
    orderId: order.orderId,
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
    createdAt: order.createdAt,
  };
};

/** The answer to the request that placed the order: as it was then, so that a repeated request is answered the same. */
export const placedView = (order: Order, trackingToken: string): PlaceOrderResponse => ({
  ...view(order),
  status: 'PENDING',
  paymentStatus: 'NOT_REQUIRED',
  stockStatus: 'PENDING',
  trackingToken,
});

/** The order as it is now. */
export const currentView = (order: Order): GetOrderResponse => ({
  ...view(order),
  status: order.status,
  paymentStatus: order.paymentStatus,
  stockStatus: order.stockStatus,
  version: order.version,
  updatedAt: order.updatedAt,
  history: [...order.history],
});
