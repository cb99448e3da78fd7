import type { OrderStatus } from '../../contracts/order-status';
import { type Tenant, tenantKey } from '../../kernel/tenant';
import type { Order } from '../domain/order';

/**
 * The partitions that a tenant's orders are listed from. `OPEN` holds every order until it is packed: an order that is
 * confirmed stays where it was placed, so that its way through the system costs one index write and not three. An order
 * that is still pending when the sweep looks at it moves to `PENDING`.
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

/** The partitions of the list indexes that an order is in. */
export const listKeysOf = (order: Order): { listKey: string; ownerKey?: string } => ({
  listKey: tenantKey(order.tenant, partitionOf(order)),
  ...(order.ownerId === undefined ? {} : { ownerKey: tenantKey(order.tenant, order.ownerId) }),
});

/** Which orders of a tenant are listed. */
export type OrderFilter = {
  readonly tenant: Tenant;
  /** @default everybody's */
  readonly ownerId?: string | undefined;
  readonly status?: OrderStatus | undefined;
};

/** Where a list is read: one partition of an index, or only what was placed after `since`. */
export type Source = {
  readonly index: 'byTenant' | 'byCustomer';
  readonly partition: string;
  readonly since?: string;
};

const freshMs = 15 * 60_000; // many times as long as the sweep leaves a pending order in OPEN

/** Where the orders are that a filter asks for. All orders of one status are found without reading any other's. */
export const sourcesOf = ({ tenant, ownerId, status }: OrderFilter, now: Date): Source[] => {
  if (ownerId !== undefined) return [{ index: 'byCustomer', partition: tenantKey(tenant, ownerId) }];
  const shelf = (name: string): Source => ({ index: 'byTenant', partition: tenantKey(tenant, name) });
  if (status === undefined) return Object.keys(partitions).map(shelf);
  if (status === 'CONFIRMED') return [shelf('OPEN')];
  const fresh = { ...shelf('OPEN'), since: new Date(now.getTime() - freshMs).toISOString() };
  return status === 'PENDING' ? [shelf('PENDING'), fresh] : [shelf(status)];
};

/** One entry of an index, which is also a place in a list: newest first, and by ID where the time is the same. */
export type Place = { readonly createdAt: string; readonly orderId: string };

/** Negative when `one` comes before `other` in a list. */
export const inListOrder = (one: Place, other: Place): number =>
  other.createdAt.localeCompare(one.createdAt) || other.orderId.localeCompare(one.orderId);

/** What was read from one source: `more` when it has more after that. */
export type IndexEntry = { readonly places: readonly Place[]; readonly more: boolean };

// of a source that has more, the last moment may have been read in part: it is left for the next page
const certain = ({ places, more }: IndexEntry): readonly Place[] => {
  const last = places.at(-1);
  return more ? places.filter(({ createdAt }) => createdAt !== last?.createdAt) : places;
};

const isAfter = (place: Place, after: Place | undefined): boolean =>
  after === undefined || inListOrder(after, place) < 0;

/** Whether a list can go on with what was read of a source that has more. */
export const leadsOn = (places: readonly Place[], after: Place | undefined): boolean =>
  certain({ places, more: true }).some((place) => isAfter(place, after));

/** The place up to which everything was read of a source that has more. */
const horizonOf = (read: IndexEntry): Place[] => {
  const last = read.more ? [...certain(read)].sort(inListOrder).at(-1) : undefined;
  return last === undefined ? [] : [last];
};

/** The next places of a list after `after`, from what was read of its sources. `more` when there may be others behind them. */
export const merged = (read: readonly IndexEntry[], after: Place | undefined, limit: number): IndexEntry => {
  const [horizon] = read.flatMap(horizonOf).sort(inListOrder); // behind it, a source may have what was not read
  const unseen = read
    .flatMap(certain)
    .filter((place) => isAfter(place, after) && (horizon === undefined || inListOrder(place, horizon) <= 0))
    .sort(inListOrder);
  return { places: unseen.slice(0, limit), more: unseen.length > limit || read.some(({ more }) => more) };
};
