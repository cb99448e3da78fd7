import type { Bill } from '../../lambda/billing/bill';
import type { Reservation } from '../../lambda/inventory/inventory';
import type { Notification } from '../../lambda/notification/notification';
import type { Order } from '../../lambda/order/order';
import type { Parcel, QueueName } from './queues';
import { allOrders, type World } from './world';

/** What the services made of one order. */
export type Outcome = {
  readonly order: Order | undefined;
  readonly reservation: Reservation | undefined;
  readonly bills: readonly Bill[];
  readonly notifications: readonly Notification[];
};

type Named = { readonly tenant: string; readonly orderId: string };

const rowsOf = <Row extends Named>(table: ReadonlyMap<string, Row>, { tenant, orderId }: Named): Row[] => {
  const rows: Row[] = [];
  for (const row of table.values()) if (row.orderId === orderId && row.tenant === tenant) rows.push(row);
  return rows;
};

export const outcomeOf = (world: World, named: Named): Outcome => {
  const key = `${named.tenant}#${named.orderId}`;
  return {
    order: world.orders.rows.get(key)?.[0],
    reservation: world.stock.reservations.get(key),
    bills: rowsOf(world.bills, named),
    notifications: rowsOf(world.notifications, named),
  };
};

type Done = (outcome: Outcome, event: { readonly type: string; readonly kind: string }) => boolean;

const done: Readonly<Record<QueueName, Done>> = {
  'inventory-queue': ({ reservation }, { type }) =>
    reservation?.state === 'RELEASED' || (type === 'OrderPlaced.v1' && reservation?.state === 'RESERVED'),
  'billing-queue': ({ bills }, { type }) => bills.some(({ status }) => status === 'void' || type === 'OrderPlaced.v1'),
  'notification-queue': ({ notifications }, { kind }) => notifications.some((one) => one.kind === kind),
  'order-saga-queue': ({ order }, { type }) => {
    if (order === undefined) return false;
    if (type === 'StockReleased.v1') return order.stockStatus === 'RELEASED';
    return order.status !== 'PENDING' || (type === 'StockShort.v1' && order.stockStatus === 'BACKORDERED');
  },
};

/** Whether a queue's consumer has done what the event asks of it. A poison message is never done. */
export const effectSeen = (world: World, queue: QueueName, { key, type, tenantId }: Parcel): boolean => {
  const orderId = /^\/(?:orders|inventory)\|[a-z0-9-]+\/(ORD-\d+):\d+$/.exec(key)?.[1];
  if (orderId === undefined) return false;
  const kind = type === 'OrderPlaced.v1' ? 'order-confirmation' : 'order-cancellation';
  return done[queue](outcomeOf(world, { tenant: tenantId, orderId }), { type, kind });
};

/** Everything that customers, shops and books feel. Asking the inventory again only raises a version. */
export const effectsOf = (world: World) => ({
  orders: allOrders(world),
  products: [...world.stock.products].map(
    ([key, { stock, reservedQuantity }]) => [key, { stock, reservedQuantity }] as const,
  ),
  reservations: [...world.stock.reservations.values()].map(({ tenant, orderId, state, lines }) => ({
    tenant,
    orderId,
    state,
    lines,
  })),
  bills: [...world.bills.values()],
  notifications: [...world.notifications.values()],
  mails: [...world.mails],
});
