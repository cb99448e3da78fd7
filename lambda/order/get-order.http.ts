import { isProblem } from '../kernel/answer';
import type { Route } from '../kernel/http';
import { etag } from '../kernel/http-input';
import type { OrderStore } from './order.store';
import { findOrder } from './order-access.http';
import { wholeView } from './order-view';

export type GetOrderDeps = { readonly orders: Pick<OrderStore, 'get'> };

/** `GET /orders/{orderId}`: an unknown order, another tenant's and a wrong token are answered the same. */
export const getOrderRoute =
  ({ orders }: GetOrderDeps): Route =>
  async (request) => {
    const found = await findOrder(orders, request);
    if (isProblem(found)) return found;
    const headers = etag(found.order.version);
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    return { status: 200, body: wholeView(found.order, found.viewer), headers };
  };
