import { randomUUID } from 'node:crypto';
import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { productStore } from '../../../lambda/catalog/products/product.store';
import { defaultSelling, type Selling } from '../../../lambda/contracts/values/selling';
import { ledgerStore } from '../../../lambda/inventory/stock/ledger.store';
import { trustedTenant } from '../../../lambda/kernel/tenant';
import { CommandError } from '../command';
import type { Tables } from '../system/tables';
import { until } from '../wait';
import type { Product } from './product';
import { checkProducts, loadProduct, type SeededCatalog } from './seed-catalog';
import { hasCatalog, seedCore } from './seed-core';
import { loadStock, type SeededStock } from './seed-stock';

export type SeedOptions = {
  /** @default `default` */
  readonly tenant?: string;
  readonly now?: () => Date;
  readonly onProgress?: (done: number, of: number) => void;
};

const batchSize = 25;
const readSize = 100; // keys of one read
const timeoutMs = 120_000;

type Key = { readonly productId: string };

const readProjection = async (tables: Tables, keys: readonly Key[]): Promise<Record<string, unknown>[]> => {
  const table = tables.called('order-products');
  const { Responses, UnprocessedKeys } = await tables.db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  const left = (UnprocessedKeys?.[table]?.Keys ?? []) as Key[];
  return [...(Responses?.[table] ?? []), ...(left.length > 0 ? await readProjection(tables, left) : [])];
};

/** The version of each product in the order service's projection; 0 of a row that has none. */
const knownVersions = async (tables: Tables, tenant: string, productIds: readonly string[]) => {
  const known = new Map<string, number>();
  for (let at = 0; at < productIds.length; at += readSize) {
    const keys = productIds.slice(at, at + readSize).map((productId) => ({ productId: `${tenant}#${productId}` }));
    for (const { productId, version } of await readProjection(tables, keys))
      known.set(String(productId).slice(tenant.length + 1), typeof version === 'number' ? version : 0);
  }
  return known;
};

const TenantRow = z.object({ taxRatesBps: z.object({ standard: z.int(), reduced: z.int() }).optional() });

/** The tax rates of the shop; those of every shop when it has no settings of its own. */
const sellingOf = async ({ db, called }: Tables, tenantId: string): Promise<Selling> => {
  const { Item } = await db.send(new GetCommand({ TableName: called('tenants'), Key: { tenantId } }));
  const { taxRatesBps: rates } = TenantRow.parse(Item ?? {});
  return rates === undefined
    ? defaultSelling
    : { ...defaultSelling, standardTaxBps: rates.standard, reducedTaxBps: rates.reduced };
};

/** The catalog and the stock of one shop, behind the stores of their services. */
type Shop = { readonly catalog: SeededCatalog; readonly stock: SeededStock };

const openShop = async (tables: Tables, name: string, at: Date): Promise<Shop> => {
  const { db, called } = tables;
  const tenant = trustedTenant(name);
  const selling = await sellingOf(tables, name);
  const cause = { at: at.toISOString(), correlationId: `seed-${randomUUID()}`, actor: 'seed-data' };
  const products = productStore({ products: called('products'), categories: called('categories') }, db);
  const ledger = ledgerStore({ inventory: called('inventory'), movements: called('stock-movements') }, db);
  return { catalog: { products, tenant, selling, cause }, stock: { ledger, tenant, recorded: true, at } };
};

/** The versions that products have once they are loaded. */
type Versions = Map<string, number>;

const load = async (tables: Tables, { catalog, stock }: Shop, products: readonly Product[]) => {
  const ids = products.map(({ productId }) => productId);
  const known = await knownVersions(tables, catalog.tenant, ids);
  const loadOne = async (product: Product): Promise<[string, number]> => {
    const stockVersion = product.stock === undefined ? 0 : await loadStock(stock, { ...product, stock: product.stock }); // first, so that nobody orders what has no stock yet
    const loaded = { product, stockVersion, knownVersion: known.get(product.productId) };
    return [product.productId, await loadProduct(catalog, loaded)];
  };
  return Promise.all(products.map(loadOne));
};

/** Waits until the order service's projection has all of them. Each that arrives begins the timeout anew. */
const untilKnown = async (
  tables: Tables,
  tenant: string,
  versions: Versions,
  onProgress: NonNullable<SeedOptions['onProgress']>,
): Promise<void> => {
  const all = versions.size;
  while (versions.size > 0) {
    const arrived = await until(
      async () => {
        const known = await knownVersions(tables, tenant, [...versions.keys()]);
        const ids = [...versions].filter(([id, version]) => (known.get(id) ?? 0) >= version).map(([id]) => id);
        return ids.length > 0 ? ids : undefined;
      },
      { timeoutMs },
    );
    if (arrived === undefined)
      throw new CommandError('The order service has not received all products within two minutes: see "npm run logs".');
    for (const id of arrived) versions.delete(id);
    onProgress(all - versions.size, all);
  }
};

/**
 * Loads products: into the catalog by what `POST /products/import` writes with, and their stock into the ledger by what
 * `PATCH /inventory/{productId}` writes with; then waits until the order service has received them. Repeatable. What is
 * available becomes `stock`, where that is said; what earlier orders have reserved stays reserved on top of it, so that
 * each of them can still be released or shipped. Throws before anything is written when the catalog refuses a product.
 */
export const seedProducts = async (
  tables: Tables,
  products: readonly Product[],
  { tenant = 'default', now = () => new Date(), onProgress = () => {} }: SeedOptions = {},
): Promise<void> => {
  if (!(await hasCatalog(tables))) return seedCore(tables, { tenant, products, now: now() });
  const shop = await openShop(tables, tenant, now());
  await checkProducts(shop.catalog, products);
  const versions: Versions = new Map();
  for (let at = 0; at < products.length; at += batchSize) {
    const loaded = await load(tables, shop, products.slice(at, at + batchSize));
    for (const [productId, version] of loaded) versions.set(productId, version);
  }
  await untilKnown(tables, tenant, versions, onProgress);
};
