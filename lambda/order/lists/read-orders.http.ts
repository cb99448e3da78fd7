import * as z from 'zod';
import { ListOrdersQuery, type OrderTimeline } from '../../contracts/api/order-api';
import type { Secrets } from '../../kernel/aws/secret';
import { isProblem } from '../../kernel/http/answer';
import { parseQuery } from '../../kernel/http/input';
import { answerPage, type CursorScope, type PageAfter } from '../../kernel/http/list-page';
import type { Request, Route } from '../../kernel/http/route';
import type { KeyRing } from '../../kernel/sealing/key-ring';
import { findOrder } from '../find-order.http';
import type { OrderStore } from '../order.store';
import { currentView } from '../order-view';
import { openPersonal } from '../personal/personal';
import { timelineOf } from '../timeline/timeline';
import type { QueryServices } from '../timeline/timeline.gateway';
import type { IndexEntry, OrderFilter } from './order-list';
import type { OrderListStore } from './order-list.store';

export type ListOrdersDeps = {
  readonly lists: OrderListStore;
  readonly cursorSecret: Secrets;
  readonly keys: Pick<KeyRing, 'open'>;
};

/** Staff see all orders of the tenant, customers only their own. */
const filterOf = ({ caller, scope }: Request, status: OrderFilter['status']): OrderFilter => ({
  tenant: caller.tenant,
  ...(scope === 'own' ? { ownerId: caller.userId } : {}),
  status,
});

/** Returns the scope of a cursor, which is valid only for the same tenant, customer and status. */
const scopeOf = ({ tenant, ownerId, status }: OrderFilter): CursorScope => ({
  tenant,
  list: `orders ${status ?? 'all'} ${ownerId ?? 'everybody'}`,
});

const Position = z.object({ orderId: z.string(), createdAt: z.string() });

/** `GET /orders`. */
export const listOrdersRoute =
  ({ lists, cursorSecret, keys }: ListOrdersDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, ListOrdersQuery);
    if (isProblem(parsed)) return parsed;
    const filter = filterOf(request, parsed.query.status);
    const list = { secret: cursorSecret, scope: scopeOf(filter), key: Position };
    const read = async (page: PageAfter<IndexEntry>) => {
      const { orders, last } = await lists.page(filter, page);
      const opened = orders.map(async (order) => ({ order, personal: await openPersonal(keys, order) }));
      return { items: await Promise.all(opened), next: last };
    };
    const viewer = request.scope === 'own' ? 'owner' : 'staff';
    return answerPage(parsed.query, list, read, ({ order, personal }) => currentView(order, personal, viewer));
  };

export type TimelineDeps = { readonly orders: Pick<OrderStore, 'get'>; readonly queryServices: QueryServices };

/** `GET /orders/{orderId}/timeline`: collects the entries from the services on each read; nothing is stored for it. */
export const getOrderTimelineRoute =
  ({ orders, queryServices }: TimelineDeps): Route =>
  async (request) => {
    const found = await findOrder(orders, request);
    if (isProblem(found)) return found;
    const { responses, unavailable } = await queryServices(found.order);
    const body: OrderTimeline = {
      orderId: found.order.orderId,
      items: timelineOf(found.order, responses),
      unavailable,
    };
    return { status: 200, body };
  };
