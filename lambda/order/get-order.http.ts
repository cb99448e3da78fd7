import { OrderId } from '../contracts/text';
import type { Answer } from '../kernel/answer';
import type { Request } from '../kernel/http';
import { etag } from '../kernel/http-input';
import { refuse } from './order.http';
import type { OrderStore } from './order.store';
import { currentView } from './order-view';
import { opens } from './tracking';

export type GetOrderDeps = { readonly orders: Pick<OrderStore, 'get'> };

const notFound = refuse(404, 'OrderNotFound', 'No order has this ID and tracking token.');

/** `GET /orders/{orderId}`: an unknown order, another tenant's and a wrong token are answered the same. */
export const getOrderRoute =
  (deps: GetOrderDeps) =>
  async (request: Request): Promise<Answer> => {
    const { tenant } = request.caller;
    const token = request.header('x-tracking-token');
    if (!token) return refuse(401, 'TrackingTokenRequired', 'Send the trackingToken of the order as X-Tracking-Token.');
    const orderId = request.pathParameter('orderId');
    if (!OrderId.safeParse(orderId).success) return notFound;
    const order = await deps.orders.get({ tenant, orderId });
    if (order === undefined || !opens(token, order.trackingTokenHash)) return notFound;
    return { status: 200, body: currentView(order), headers: etag(order.version) };
  };
