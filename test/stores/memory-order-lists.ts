import { tenantKey } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import { compareEntries, type IndexEntry, type OrderFilter } from '../../lambda/order/lists/order-list';
import type { OrderListStore } from '../../lambda/order/lists/order-list.store';
import { type Io, stored } from './io';
import type { OrdersTable } from './memory-orders';

const entryOf = ({ tenant, orderId, createdAt }: Order): IndexEntry => ({
  orderId: tenantKey(tenant, orderId),
  createdAt,
});

const isListed = ({ tenant, ownerId, status }: OrderFilter, order: Order): boolean =>
  order.tenant === tenant &&
  (ownerId === undefined || order.ownerId === ownerId) &&
  (status === undefined || order.status === status);

/** The lists of an orders table in memory: what the indexes of the one on DynamoDB must come to. */
export const memoryOrderListStore = (table: OrdersTable, io: Io): OrderListStore => ({
  page: (filter, { limit, after }) =>
    io('orders.page', () => {
      const rest = [...table.rows.values()]
        .flat()
        .filter((order) => isListed(filter, order))
        .sort((one, other) => compareEntries(entryOf(one), entryOf(other)))
        .filter((order) => after === undefined || compareEntries(after, entryOf(order)) < 0);
      const orders = rest.slice(0, limit).map(stored);
      const last = orders.at(-1);
      return { orders, last: rest.length > limit && last !== undefined ? entryOf(last) : undefined };
    }),
});
