import type { LedgerStore, Page } from '../../lambda/inventory/stock/ledger.store';
import type { Claim, Moved, Movement } from '../../lambda/inventory/stock/movement';
import { isDeleted, type ProductKey, type StockItem, stockFromRow } from '../../lambda/inventory/stock/stock-item';
import { tenantKey } from '../../lambda/kernel/tenant';
import { conflicts, type Io, stored } from './io';
import type { StockTables } from './memory-stock';

const keyOf = ({ tenant, productId }: ProductKey) => tenantKey(tenant, productId);

/** A stock row as the inventory service reads it. */
export const itemOf = ({ products }: StockTables, key: string): StockItem | undefined => {
  const row = products.get(key);
  return row === undefined ? undefined : stockFromRow({ version: 1, ...row, productId: key });
};

const isNext = (tables: StockTables, item: StockItem) =>
  (itemOf(tables, keyOf(item))?.version ?? 0) === item.version - 1;

const write = (tables: StockTables, item: StockItem) => {
  const { tenant: _, productId: _p, ...row } = stored(item);
  tables.products.set(keyOf(item), row);
  tables.changed.add(keyOf(item));
};

const save = (tables: StockTables, item: StockItem): boolean => {
  if (!isNext(tables, item)) return false;
  write(tables, item);
  return true;
};

const record = (tables: StockTables, { item, movement }: Moved, claim?: Claim): boolean => {
  const claimKey = `${keyOf(item)} ${claim?.key}`;
  if (!isNext(tables, item) || (claim !== undefined && tables.claims.has(claimKey))) return false;
  write(tables, item);
  tables.movements.set(keyOf(item), [...(tables.movements.get(keyOf(item)) ?? []), stored(movement)]);
  if (claim !== undefined) tables.claims.set(claimKey, { requestHash: claim.requestHash, movement });
  return true;
};

const itemsOf = (tables: StockTables): StockItem[] =>
  [...tables.products.keys()].flatMap((key) => itemOf(tables, key) ?? []);

const isListed = (item: StockItem | undefined): item is StockItem => item !== undefined && !isDeleted(item);

const byProduct = (one: StockItem, other: StockItem) => (one.productId < other.productId ? -1 : 1);

const newestFirst = (movements: readonly Movement[], { limit, after = '~' }: Page) =>
  [...movements]
    .reverse()
    .filter(({ movementId }) => movementId < after)
    .slice(0, limit);

/** The ledger over the same tables as the stock store in memory. */
export const memoryLedgerStore = (tables: StockTables, io: Io): LedgerStore => ({
  get: (key) => io('ledger.get', () => itemOf(tables, keyOf(key))),
  find: (tenant, productIds) =>
    io('ledger.find', () => productIds.map((id) => itemOf(tables, tenantKey(tenant, id))).filter(isListed)),
  save: (item) => io('ledger.save', () => save(tables, item), conflicts),
  record: (moved, claim) => io('ledger.record', () => record(tables, moved, claim), conflicts),
  claimed: (key, claim) => io('ledger.claimed', () => tables.claims.get(`${keyOf(key)} ${claim}`)),
  list: (tenant, { limit, after = '' }) =>
    io('ledger.list', () =>
      itemsOf(tables)
        .filter((item) => item.tenant === tenant && item.productId > after && isListed(item))
        .sort(byProduct)
        .slice(0, limit),
    ),
  movements: (key, page) => io('ledger.movements', () => newestFirst(tables.movements.get(keyOf(key)) ?? [], page)),
});
