import { dueShardOf } from '../lambda/order/due-orders.store';
import { allRows, deleteAll, type LocalSystem, productId, putAll } from './local-system';

type Row = Record<string, unknown>;

/** What tables were filled with. */
export type Grown = {
  readonly orders: readonly Row[];
  readonly reservations: readonly Row[];
  readonly movements: readonly Row[];
};

const pad = (n: number) => String(n).padStart(6, '0');

/** Copies of an order under other IDs, each placed a second before the one before it. None is due. */
const copiesOf = ({ dueAt: _at, dueShard: _shard, ...sample }: Row, from: number, count: number): Row[] =>
  Array.from({ length: count }, (_, n) => ({
    ...sample,
    orderId: `default#ORD-7${pad(from + n)}`,
    createdAt: new Date(Date.parse(String(sample.createdAt)) - (from + n + 1) * 1000).toISOString(),
  }));

/** What is left of orders that were undone: it holds no stock. */
const releasedOf = (order: Row, product: string): Row => ({
  orderId: order.orderId,
  state: 'RELEASED',
  lines: [{ productId: product, quantity: 1 }],
  version: 2,
  updatedAt: order.createdAt,
  fact: { type: 'StockReleased', correlationId: 'correlation-1', causationId: 'causation-1' },
});

const receivedOf = (product: string): Row => ({
  productId: `default#${product}`,
  movementId: '0000000001',
  type: 'receive',
  quantity: 1_000_000,
  change: 1_000_000,
  reservedChange: 0,
  reason: 'bench',
  by: 'bench',
  at: '2026-11-01T00:00:00.000Z',
  version: 1,
});

const keysOf = (rows: readonly Row[], ...names: readonly string[]): Row[] =>
  rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));

const placedOrders = async (local: LocalSystem): Promise<Row[]> =>
  (await allRows(local, 'orders')).filter(({ fact }) => fact !== undefined);

/** Takes out the orders that were placed for other goals. */
export const forgetOrders = async (local: LocalSystem): Promise<void> =>
  deleteAll(local, 'orders', keysOf(await placedOrders(local), 'orderId', 'createdAt'));

/** Fills the tables until there are so many orders, with a reservation for each that is added. */
export const growTo = async (local: LocalSystem, wanted: number, products: number): Promise<Grown> => {
  const rows = await placedOrders(local);
  const [sample] = rows;
  if (sample === undefined) throw new Error('no order was placed');
  const orders = copiesOf(sample, wanted, Math.max(0, wanted - rows.length));
  const reservations = orders.map((order, n) => releasedOf(order, productId(n % products)));
  const movements = Array.from({ length: products }, (_, n) => receivedOf(productId(n)));
  await putAll(local, 'orders', orders);
  await putAll(local, 'reservations', reservations);
  await putAll(local, 'stock-movements', movements);
  return { orders, reservations, movements };
};

/** Lets the time of some of the added orders have come. */
export const age = (local: LocalSystem, { orders }: Grown, count: number): Promise<void> => {
  const dueAt = new Date(Date.now() - 60_000).toISOString();
  const aged = orders
    .slice(0, count)
    .map((order) => ({ ...order, dueAt, dueShard: dueShardOf(String(order.orderId)) }));
  return putAll(local, 'orders', aged);
};

/** Puts them back as they were: a sweep has moved them on. */
export const rest = (local: LocalSystem, { orders }: Grown, count: number): Promise<void> =>
  putAll(local, 'orders', orders.slice(0, count));

/** Takes out what was filled in. */
export const shrink = async (local: LocalSystem, all: readonly Grown[]): Promise<void> => {
  for (const { orders, reservations } of all) {
    await deleteAll(local, 'orders', keysOf(orders, 'orderId', 'createdAt'));
    await deleteAll(local, 'reservations', keysOf(reservations, 'orderId'));
  }
  await deleteAll(local, 'stock-movements', keysOf(all[0]?.movements ?? [], 'productId', 'movementId'));
};
