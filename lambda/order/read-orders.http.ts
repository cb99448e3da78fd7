import { GetOrderQuery, ListOrdersQuery, type ListOrdersResponse, type OrderTimeline } from '../contracts/order-api';
import type { Secrets } from '../kernel/aws/secret';
import { isProblem, type ProblemAnswer, type Request, type Route } from '../kernel/http/http';
import { etag, parseQuery } from '../kernel/http/input';
import { type CursorScope, decodeCursor, encodeCursor } from '../kernel/http/list-page';
import { type WaitDeps, waitUntil } from '../kernel/http/wait-limit';
import type { OrderFilter, Place } from './lists/order-list';
import type { OrderListStore } from './lists/order-list.store';
import { type Found, findOrder, refuse } from './order.http';
import type { OrderStore } from './order.store';
import { currentView, wholeView } from './order-view';
import { timelineOf } from './timeline/timeline';
import type { QueryServices } from './timeline/timeline.gateway';

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

export type ListOrdersDeps = { readonly lists: OrderListStore; readonly cursorSecret: Secrets };

/** Staff see everybody's orders, a customer their own. */
const filterOf = ({ caller, scope }: Request, status: OrderFilter['status']): OrderFilter => ({
  tenant: caller.tenant,
  ...(scope === 'own' ? { ownerId: caller.userId } : {}),
  status,
});

/** A cursor goes on in the list that it comes from alone: of one tenant, one customer and one status. */
const scopeOf = ({ tenant, ownerId, status }: OrderFilter): CursorScope => ({
  tenant,
  list: `orders ${status ?? 'all'} ${ownerId ?? 'everybody'}`,
});

const placeOf = (secret: Secrets, scope: CursorScope, cursor: string | undefined) => {
  const { orderId, createdAt } = (cursor === undefined ? undefined : decodeCursor(secret, scope, cursor)) ?? {};
  return orderId === undefined || createdAt === undefined ? undefined : { orderId, createdAt };
};

const wrongCursor: ProblemAnswer = {
  ...refuse(400, 'ValidationFailed', 'The query has wrong parameters.'),
  errors: [{ pointer: '/query/cursor', detail: 'must be the nextCursor of a page of this list' }],
};

/** `GET /orders`. */
export const listOrdersRoute =
  ({ lists, cursorSecret }: ListOrdersDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, ListOrdersQuery);
    if (isProblem(parsed)) return parsed;
    const { status, limit, cursor } = parsed.query;
    const filter = filterOf(request, status);
    const scope = scopeOf(filter);
    const after: Place | undefined = placeOf(cursorSecret, scope, cursor);
    if (cursor !== undefined && after === undefined) return wrongCursor;
    const { orders, last } = await lists.page(filter, { limit, after });
    const viewer = request.scope === 'own' ? 'owner' : 'staff';
    const body: ListOrdersResponse = {
      items: orders.map((order) => currentView(order, viewer)),
      ...(last === undefined ? {} : { nextCursor: encodeCursor(cursorSecret, scope, { ...last }) }),
    };
    return { status: 200, body };
  };

export type TimelineDeps = { readonly orders: Pick<OrderStore, 'get'>; readonly queryServices: QueryServices };

/** `GET /orders/{orderId}/timeline`: put together when it is read, so that nothing is written for it. */
export const getOrderTimelineRoute =
  ({ orders, queryServices }: TimelineDeps): Route =>
  async (request) => {
    const found = await findOrder(orders, request);
    if (isProblem(found)) return found;
    const { known, unavailable } = await queryServices(found.order);
    const body: OrderTimeline = { orderId: found.order.orderId, items: timelineOf(found.order, known), unavailable };
    return { status: 200, body };
  };
