import { GetOrderQuery } from '../contracts/order-api';
import { isProblem, type ProblemAnswer } from '../kernel/answer';
import type { Request, Route } from '../kernel/http';
import { etag, parseQuery } from '../kernel/http-input';
import { type WaitDeps, waitUntil } from '../kernel/wait-limit';
import type { OrderStore } from './order.store';
import { type Found, findOrder } from './order-access.http';
import { wholeView } from './order-view';

export type GetOrderDeps = WaitDeps & { readonly orders: Pick<OrderStore, 'get'> };

/** The order, once it has the version, or as it is when the time is up. What is not found is not waited for. */
const findVersion = (deps: GetOrderDeps, request: Request, version: number): Promise<Found | ProblemAnswer> =>
  waitUntil(deps, request, {
    read: () => findOrder(deps.orders, request),
    isEnough: (found) => isProblem(found) || found.order.version >= version,
  });

/** `GET /orders/{orderId}`: an unknown order, another tenant's and a wrong token are answered the same. */
export const getOrderRoute =
  (deps: GetOrderDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, GetOrderQuery);
    if (isProblem(parsed)) return parsed;
    const found = await findVersion(deps, request, parsed.query.waitForVersion ?? 0);
    if (isProblem(found)) return found;
    const headers = etag(found.order.version);
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    return { status: 200, body: wholeView(found.order, found.viewer), headers };
  };
