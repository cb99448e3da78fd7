import type { Tenant } from '../../lambda/kernel/tenant';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { DeliveredOrder, Return } from '../../lambda/return/return';
import type {
  ClaimHolder,
  RequestOutcome,
  ReturnPage,
  ReturnSelection,
  ReturnStore,
} from '../../lambda/return/return.store';
import { orderKey, returnKey, returnToRow } from '../../lambda/return/return-row';
import { type Io, type OnChange, stored } from './io';

/** What is in a returns table. */
export type ReturnsTable = {
  readonly returns: Map<string, Return>;
  readonly orders: Map<string, DeliveredOrder>;
  readonly claims: Map<string, ClaimHolder>;
  readonly onChange: OnChange;
};

export const returnsTable = (onChange: OnChange = () => undefined): ReturnsTable => ({
  returns: new Map(),
  orders: new Map(),
  claims: new Map(),
  onChange,
});

const keyOf = ({ tenant, returnId }: Return) => returnKey(tenant, returnId);
const keyOfOrder = ({ tenant, orderId }: DeliveredOrder) => orderKey(tenant, orderId);

const put = (table: ReturnsTable, given: Return) => {
  const before = table.returns.get(keyOf(given));
  table.returns.set(keyOf(given), stored(given));
  table.onChange(before && stored(returnToRow(before)), stored(returnToRow(given)));
};

const putOrder = (table: ReturnsTable, order: DeliveredOrder) => table.orders.set(keyOfOrder(order), stored(order));

const followsOrder = (table: ReturnsTable, order: DeliveredOrder) =>
  table.orders.get(keyOfOrder(order))?.version === order.version - 1;

const request = (table: ReturnsTable, ...[given, order, claim]: Parameters<ReturnStore['request']>): RequestOutcome => {
  const claimKey = tenantKey(given.tenant, claim?.key ?? '');
  const claimedBy = claim && table.claims.get(claimKey);
  if (claimedBy !== undefined) return { claimedBy };
  if (!followsOrder(table, order) || table.returns.has(keyOf(given))) return 'changed';
  if (claim !== undefined) table.claims.set(claimKey, { requestHash: claim.requestHash, returnId: given.returnId });
  putOrder(table, order);
  put(table, given);
  return 'stored';
};

const save = (table: ReturnsTable, next: Return, order?: DeliveredOrder): boolean => {
  if (table.returns.get(keyOf(next))?.version !== next.version - 1) return false;
  if (order !== undefined && !followsOrder(table, order)) return false;
  if (order !== undefined) putOrder(table, order);
  put(table, next);
  return true;
};

const list = (table: ReturnsTable, { tenant, userId, status, limit, after }: ReturnSelection): ReturnPage => {
  const found = [...table.returns.values()]
    .filter((one) => one.tenant === tenant)
    .filter((one) => userId === undefined || one.userId === userId)
    .filter((one) => status === undefined || one.status === status)
    .filter((one) => after === undefined || one.requestedAt < after.requestedAt)
    .sort((one, other) => other.requestedAt.localeCompare(one.requestedAt));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items };
  return { items, next: { returnId: last.returnId, requestedAt: last.requestedAt } };
};

/** The return store over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryReturnStore = (table: ReturnsTable, io: Io): ReturnStore => ({
  note: (order) =>
    io('returns.note', () => {
      if (!table.orders.has(keyOfOrder(order))) putOrder(table, order);
    }),
  order: (tenant: Tenant, orderId) => io('returns.order', () => table.orders.get(orderKey(tenant, orderId))),
  get: (tenant: Tenant, returnId) => io('returns.get', () => table.returns.get(returnKey(tenant, returnId))),
  request: (...given) =>
    io(
      'returns.request',
      () => request(table, ...given),
      () => 'changed',
    ),
  claimedBy: (tenant, key) => io('returns.claimedBy', () => table.claims.get(tenantKey(tenant, key))),
  save: (next, order) =>
    io(
      'returns.save',
      () => save(table, next, order),
      () => false,
    ),
  list: (selection) => io('returns.list', () => list(table, selection)),
});
