import { GetOrderQuery } from '../contracts/api/order-api';
import { isProblem, type ProblemAnswer } from '../kernel/http/answer';
import { etag, parseQuery } from '../kernel/http/input';
import type { Request, Route } from '../kernel/http/route';
import { type WaitDeps, waitUntil } from '../kernel/http/wait-limit';
import type { KeyRing } from '../kernel/sealing/key-ring';
import { type Found, findOrder } from './find-order.http';
import type { OrderStore } from './order.store';
import { wholeView } from './order-view';
import { openPersonal } from './personal/personal';

export type GetOrderDeps = WaitDeps & {
  readonly orders: Pick<OrderStore, 'get'>;
  readonly keys: Pick<KeyRing, 'open' | 'prepareToOpen'>;
};

/**
 * Waits for a version of the order. Returns the current order on timeout, and a problem at once when it is not found.
 */
const findVersion = (deps: GetOrderDeps, request: Request, version: number): Promise<Found | ProblemAnswer> =>
  waitUntil(deps, request, {
    read: () => findOrder(deps.orders, request),
    isEnough: (found) => isProblem(found) || found.order.version >= version,
  });

/** `GET /orders/{orderId}`: returns the same 404 for an unknown order, another tenant's order and a wrong token. */
export const getOrderRoute =
  (deps: GetOrderDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, GetOrderQuery);
    if (isProblem(parsed)) return parsed;
    const [found] = await Promise.all([
      findVersion(deps, request, parsed.query.waitForVersion ?? 0),
      deps.keys.prepareToOpen(request.caller.tenant),
    ]);
    if (isProblem(found)) return found;
    const headers = etag(found.order.version);
    if (request.header('if-none-match') === headers.etag) return { status: 304, headers };
    const personal = await openPersonal(deps.keys, found.order);
    return { status: 200, body: wholeView(found.order, personal, found.viewer), headers };
  };
