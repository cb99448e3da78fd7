import type { OrderStatus } from '../../contracts/values/order-status';
import { type Tenant, tenantKey } from '../../kernel/tenant';
import type { Order } from '../domain/order';

/**
 * The partitions that a tenant's orders are listed from. `OPEN` holds every order until it is packed: a confirmed order
 * stays there, which costs one index write instead of three. An order that is still pending when the sweep reads it
 * moves to `PENDING`.
 */
type ListPartition = 'OPEN' | 'PENDING' | Exclude<OrderStatus, 'PENDING' | 'CONFIRMED'>;

const partitionOf = ({ status, stockStatus, dueAttempts }: Order): ListPartition => {
  if (status === 'CONFIRMED') return 'OPEN';
  if (status !== 'PENDING') return status;
  return stockStatus === 'BACKORDERED' || dueAttempts !== undefined ? 'PENDING' : 'OPEN';
};

const partitions: Readonly<Record<ListPartition, true>> = {
  OPEN: true,
  PENDING: true,
  PROCESSING: true,
  SHIPPED: true,
  DELIVERED: true,
  CANCELLED: true,
  RETURNED: true,
};

/** Returns the list partitions that an order is in. */
export const listKeysOf = (order: Order): { listKey: string; ownerKey?: string } => ({
  listKey: tenantKey(order.tenant, partitionOf(order)),
  ...(order.ownerId === undefined ? {} : { ownerKey: tenantKey(order.tenant, order.ownerId) }),
});

/** Selects orders of one tenant. */
export type OrderFilter = {
  readonly tenant: Tenant;
  /** @default the orders of all customers */
  readonly ownerId?: string | undefined;
  readonly status?: OrderStatus | undefined;
};

/** One partition of an index, or the part of it that was placed at or after `since`. */
export type Source = {
  readonly index: 'byTenant' | 'byCustomer';
  readonly partition: string;
  readonly since?: string;
};

const freshMs = 15 * 60_000; // much longer than a pending order stays in OPEN

/** Returns the partitions that hold a filter's orders. Orders of one status are found without reading the others. */
export const sourcesOf = ({ tenant, ownerId, status }: OrderFilter, now: Date): Source[] => {
  if (ownerId !== undefined) return [{ index: 'byCustomer', partition: tenantKey(tenant, ownerId) }];
  const sourceOf = (name: string): Source => ({ index: 'byTenant', partition: tenantKey(tenant, name) });
  if (status === undefined) return Object.keys(partitions).map(sourceOf);
  if (status === 'CONFIRMED') return [sourceOf('OPEN')];
  const fresh = { ...sourceOf('OPEN'), since: new Date(now.getTime() - freshMs).toISOString() };
  return status === 'PENDING' ? [sourceOf('PENDING'), fresh] : [sourceOf(status)];
};

/** One entry of an index, and a position in a list: newest first, by descending ID when the times are equal. */
export type IndexEntry = { readonly createdAt: string; readonly orderId: string };

/** Compares two entries in list order. Returns a negative number when `one` comes first. */
export const compareEntries = (one: IndexEntry, other: IndexEntry): number =>
  other.createdAt.localeCompare(one.createdAt) || other.orderId.localeCompare(one.orderId);

/** The entries read from one source. `more` is true when the source has further entries. */
export type IndexPage = { readonly entries: readonly IndexEntry[]; readonly more: boolean };

// when a source has more, its last time may be read in part: those entries are left for the next page
const completeEntries = ({ entries, more }: IndexPage): readonly IndexEntry[] => {
  const last = entries.at(-1);
  return more ? entries.filter(({ createdAt }) => createdAt !== last?.createdAt) : entries;
};

const isAfter = (entry: IndexEntry, after: IndexEntry | undefined): boolean =>
  after === undefined || compareEntries(after, entry) < 0;

/** Returns whether a source with further entries has given an entry that may be listed after `after`. */
export const hasNext = (entries: readonly IndexEntry[], after: IndexEntry | undefined): boolean =>
  completeEntries({ entries, more: true }).some((entry) => isAfter(entry, after));

/** Returns the last entry up to which a source was read completely; empty when the whole source was read. */
const horizonOf = (read: IndexPage): IndexEntry[] => {
  const last = read.more ? [...completeEntries(read)].sort(compareEntries).at(-1) : undefined;
  return last === undefined ? [] : [last];
};

/** Merges pages of several sources into the next entries after `after`. `more` is true when further ones may follow. */
export const mergePages = (read: readonly IndexPage[], after: IndexEntry | undefined, limit: number): IndexPage => {
  const [horizon] = read.flatMap(horizonOf).sort(compareEntries); // after it, a source may have unread entries
  const following = read
    .flatMap(completeEntries)
    .filter((entry) => isAfter(entry, after) && (horizon === undefined || compareEntries(entry, horizon) <= 0))
    .sort(compareEntries);
  return { entries: following.slice(0, limit), more: following.length > limit || read.some(({ more }) => more) };
};
