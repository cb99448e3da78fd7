import { ListOrdersQuery, type ListOrdersResponse } from '../contracts/order-api';
import { isProblem, type ProblemAnswer } from '../kernel/answer';
import { type CursorScope, openCursor, sealCursor } from '../kernel/cursor';
import type { Request, Route } from '../kernel/http';
import { parseQuery } from '../kernel/http-input';
import type { Secrets } from '../kernel/secret';
import { refuse } from './order.http';
import type { OrderFilter, Place } from './order-list';
import type { OrderListStore } from './order-list.store';
import { currentView } from './order-view';

export type ListOrdersDeps = { readonly lists: OrderListStore; readonly cursorSecret: Secrets };

/** Staff see everybody's orders, a customer their own. */
const filterOf = ({ caller, reach }: Request, status: OrderFilter['status']): OrderFilter => ({
  tenant: caller.tenant,
  ...(reach === 'own' ? { ownerId: caller.userId } : {}),
  status,
});

/** A cursor goes on in the list that it comes from alone: of one tenant, one customer and one status. */
const scopeOf = ({ tenant, ownerId, status }: OrderFilter): CursorScope => ({
  tenant,
  list: `orders ${status ?? 'all'} ${ownerId ?? 'everybody'}`,
});

const placeOf = (secret: Secrets, scope: CursorScope, cursor: string | undefined) => {
  const { orderId, createdAt } = (cursor === undefined ? undefined : openCursor(secret, scope, cursor)) ?? {};
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
    const viewer = request.reach === 'own' ? 'owner' : 'staff';
    const body: ListOrdersResponse = {
      items: orders.map((order) => currentView(order, viewer)),
      ...(last === undefined ? {} : { nextCursor: sealCursor(cursorSecret, scope, { ...last }) }),
    };
    return { status: 200, body };
  };
