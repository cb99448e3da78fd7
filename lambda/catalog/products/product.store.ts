import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Availability } from '../../contracts/api/product-api';
import { batchGet, queryPage, transact } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import type { PageKey } from '../../kernel/http/list-page';
import { type Tenant, tenantKey } from '../../kernel/tenant';
import type { Product, ProductKey } from './product';
import { productFromRow } from './product-row';
import {
  type CatalogTables,
  isRefused,
  listOfAll,
  listOfCategory,
  missingCategories,
  type ProductChange,
  ranks,
  writesOf,
} from './product-writes.store';

/** The largest number of writes in one transaction. */
export const maxWrites = 100;

/** `unknownCategories` is empty when a product changed since it was read. Then the caller reads and decides again. */
export type SaveOutcome =
  | { readonly saved: true }
  | { readonly saved: false; readonly unknownCategories: readonly string[] };

/** The products of a tenant or of one category, in a range of availabilities. */
export type ProductList = {
  readonly tenant: Tenant;
  readonly category?: string | undefined;
  readonly from: Availability;
  readonly to: Availability;
};

export type ProductPage = { readonly productIds: readonly string[]; readonly next?: PageKey | undefined };

type Products = { readonly tables: CatalogTables; readonly db: DynamoDBDocumentClient };

const get = async ({ tables, db }: Products, { tenant, productId }: ProductKey): Promise<Product | undefined> => {
  const Key = { productId: tenantKey(tenant, productId) };
  const { Item } = await db.send(new GetCommand({ TableName: tables.products, Key, ConsistentRead: true }));
  return Item === undefined ? undefined : productFromRow(Item);
};

const getMany = async ({ tables, db }: Products, tenant: Tenant, productIds: readonly string[]) => {
  const keys = productIds.map((productId) => ({ productId: tenantKey(tenant, productId) }));
  const rows = await batchGet(db, tables.products, keys, { ConsistentRead: true });
  return new Map(readableRows(rows, productFromRow).map((product) => [product.productId, product]));
};

const save = async ({ tables, db }: Products, changes: readonly ProductChange[]): Promise<SaveOutcome> => {
  const writes = writesOf(tables, changes);
  const cancelled = await transact(
    db,
    writes.map(({ action }) => action),
  );
  if (cancelled === undefined) return { saved: true };
  if (!isRefused(cancelled)) throw cancelled;
  return { saved: false, unknownCategories: missingCategories(writes, cancelled) };
};

const idOf = (key: unknown): string => String(key).slice(String(key).lastIndexOf('#') + 1);

const list = async (
  { tables, db }: Products,
  { tenant, category, from, to }: ProductList,
  { limit, start }: { limit: number; start?: PageKey | undefined },
): Promise<ProductPage> => {
  const { rows, next } = await queryPage(db, {
    TableName: tables.products,
    IndexName: 'byList',
    KeyConditionExpression: '#list = :list AND #place BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#list': 'list', '#place': 'place' },
    ExpressionAttributeValues: {
      ':list': tenantKey(tenant, category === undefined ? listOfAll : listOfCategory(category)),
      ':from': `${ranks[from]}#`,
      ':to': `${ranks[to]}#~`, // sorts after every time
    },
    ScanIndexForward: false,
    Limit: limit,
    ExclusiveStartKey: start,
  });
  return { productIds: rows.map(({ productId }) => idOf(productId)), next: next as PageKey | undefined };
};

/** The products table, with the counts of the categories. Every write of a product checks the version that was read. */
export const productStore = (tables: CatalogTables, db: DynamoDBDocumentClient) => {
  const products = { tables, db };
  return {
    /** Returns a product, even a deleted one. Reads consistently. */
    get: (key: ProductKey): Promise<Product | undefined> => get(products, key),

    /** Returns the products of these IDs, even deleted ones. */
    getMany: (tenant: Tenant, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>> =>
      getMany(products, tenant, productIds),

    /** Writes all changes or none. `countWrites` must not exceed `maxWrites`. */
    save: (...changes: readonly ProductChange[]): Promise<SaveOutcome> => save(products, changes),

    /** Returns the number of writes for the changes. */
    countWrites: (changes: readonly ProductChange[]): number => writesOf(tables, changes).length,

    /** Returns the IDs of one page of a list. Eventually consistent. */
    list: (which: ProductList, page: { readonly limit: number; readonly start?: PageKey | undefined }) =>
      list(products, which, page),
  };
};

export type ProductStore = ReturnType<typeof productStore>;
