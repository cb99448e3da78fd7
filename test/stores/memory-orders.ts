import { createHash } from 'node:crypto';
import type { Claim } from '../../lambda/kernel/dynamodb/claim';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import type { Order, OrderKey } from '../../lambda/order/domain/order';
import type { DueOrder } from '../../lambda/order/due-orders.store';
import type { OrderStore, PlaceOutcome } from '../../lambda/order/order.store';
import { type Io, type OnChange, stored } from './io';

type ClaimRow = { readonly requestHash: string; readonly orderId: string };
type IndexEntry = { readonly key: DueOrder; readonly dueAt: string };

/** What is in an orders table. `index` follows `rows` only when `lagging` changes are applied. */
export type OrdersTable = {
  readonly rows: Map<string, Order[]>; // by tenant and code; more than one only when a code was given twice
  readonly claims: Map<string, ClaimRow>;
  readonly counters: Map<Tenant, number>;
  readonly index: Map<string, IndexEntry>;
  readonly lagging: (() => void)[];
  readonly onChange: OnChange;
};

export const ordersTable = (onChange: OnChange = () => undefined): OrdersTable => ({
  rows: new Map(),
  claims: new Map(),
  counters: new Map(),
  index: new Map(),
  lagging: [],
  onChange,
});

const imageOf = (order: Order | undefined) => {
  if (order === undefined) return undefined;
  const { tenant, orderId, ...rest } = order;
  return { ...rest, orderId: tenantKey(tenant, orderId) };
};

const put = (table: OrdersTable, order: Order, before: Order | undefined) => {
  const { tenant, orderId, createdAt, dueAt } = order;
  const key = tenantKey(tenant, orderId);
  const others = (table.rows.get(key) ?? []).filter((row) => row.createdAt !== createdAt);
  table.rows.set(
    key,
    [...others, order].sort((one, other) => one.createdAt.localeCompare(other.createdAt)),
  );
  table.lagging.push(() => {
    if (dueAt === undefined) table.index.delete(key);
    else table.index.set(key, { key: { tenant, orderId, createdAt, dueAt }, dueAt });
  });
  table.onChange(imageOf(before), imageOf(order));
};

const find = (table: OrdersTable, { tenant, orderId, createdAt }: Order): Order | undefined =>
  table.rows.get(tenantKey(tenant, orderId))?.find((row) => row.createdAt === createdAt);

const placeUnclaimed = (table: OrdersTable, order: Order): PlaceOutcome => {
  const existing = find(table, order);
  if (existing === undefined) put(table, order, undefined);
  else if (existing.trackingTokenHash !== order.trackingTokenHash) throw new Error('ConditionalCheckFailed');
  return { placed: true };
};

const placeClaimed = (table: OrdersTable, order: Order, claim: Claim): PlaceOutcome => {
  const claimKey = tenantKey(order.tenant, claim.key);
  const holder = table.claims.get(claimKey);
  if (holder !== undefined) return { placed: false, claimedBy: holder };
  if (find(table, order) !== undefined) throw new Error('TransactionCanceled');
  table.claims.set(claimKey, { requestHash: claim.requestHash, orderId: order.orderId });
  put(table, order, undefined);
  return { placed: true };
};

const save = (table: OrdersTable, next: Order): boolean => {
  const current = find(table, next);
  if (current?.version !== next.version - 1) return false;
  put(table, next, current);
  return true;
};

const reschedule = (table: OrdersTable, order: Order, dueAt: string): boolean => {
  const current = find(table, order);
  if (current?.version !== order.version || current.dueAt !== order.dueAt) return false;
  put(table, { ...current, dueAt, dueAttempts: (order.dueAttempts ?? 0) + 1 }, current);
  return true;
};

const rescheduleUnreadable = (
  table: OrdersTable,
  { tenant, orderId, createdAt, dueAt }: DueOrder,
  until: Date,
): boolean => {
  const rows = table.rows.get(tenantKey(tenant, orderId)) ?? [];
  const current = rows.find((row) => row.createdAt === createdAt);
  if (current === undefined || current.dueAt !== dueAt) return false;
  put(table, { ...current, dueAt: until.toISOString() }, current);
  return true;
};

const shards = new Map<string, number>(); // hashing anew at each sweep takes longer than all else that it does

const shardOf = ({ tenant, orderId }: OrderKey): number => {
  const key = tenantKey(tenant, orderId);
  const shard = shards.get(key) ?? createHash('sha256').update(key).digest().readUInt8(0) % 16;
  shards.set(key, shard);
  return shard;
};

const due = (table: OrdersTable, now: Date, limit: number): DueOrder[] => {
  const taken = new Map<number, number>();
  return [...table.index.values()]
    .filter(({ dueAt }) => dueAt <= now.toISOString())
    .sort((one, other) => one.dueAt.localeCompare(other.dueAt))
    .map(({ key }) => key)
    .filter((key) => {
      const count = (taken.get(shardOf(key)) ?? 0) + 1;
      taken.set(shardOf(key), count);
      return count <= limit;
    });
};

/** Takes in the oldest changes that the due index has not seen yet. */
export const catchUp = (table: OrdersTable, changes = table.lagging.length): void => {
  for (const apply of table.lagging.splice(0, changes)) apply();
};

/** The order store over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryOrderStore = (table: OrdersTable, io: Io): OrderStore => ({
  place: (given, claim) => {
    const order = stored(given);
    return claim === undefined
      ? io('orders.place', () => placeUnclaimed(table, order))
      : io(
          'orders.place',
          () => placeClaimed(table, order, claim),
          () => ({ placed: false, claimedBy: 'unknown' }),
        );
  },
  claimedBy: (tenant, key) => io('orders.claimedBy', () => table.claims.get(tenantKey(tenant, key))),
  get: ({ tenant, orderId }) =>
    io('orders.get', () => {
      const row = table.rows.get(tenantKey(tenant, orderId))?.[0];
      return row && stored(row);
    }),
  save: (next) => io('orders.save', () => save(table, stored(next))),
  reschedule: (order, dueAt) => io('orders.reschedule', () => reschedule(table, order, dueAt)),
  due: (now, limit) => io('orders.due', () => due(table, now, limit)),
  rescheduleUnreadable: (one, until) =>
    io('orders.rescheduleUnreadable', () => rescheduleUnreadable(table, one, until)),
  takeNumbers: (tenant, size) =>
    io('orders.takeNumbers', () => {
      const last = (table.counters.get(tenant) ?? 0) + size;
      table.counters.set(tenant, last);
      return last - size + 1;
    }),
});
