import { randomUUID } from 'node:crypto';
import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CommandError } from '../command';
import type { Tables } from '../system/tables';
import { until } from '../wait';
import type { Product } from './product';
import { loadProduct } from './seed-catalog';
import { hasCatalog, seedCore } from './seed-core';
import { defaultRates, type Rates } from './seed-row';
import { loadStock } from './seed-stock';

export type SeedOptions = {
  /** @default `default` */
  readonly tenant?: string;
  readonly now?: () => Date;
  readonly onProgress?: (done: number, of: number) => void;
};

const batchSize = 25;
const readSize = 100; // keys of one read
const patienceMs = 120_000;

type Key = { readonly productId: string };

const readCopies = async (tables: Tables, keys: readonly Key[]): Promise<Record<string, unknown>[]> => {
  const table = tables.called('order-products');
  const { Responses, UnprocessedKeys } = await tables.db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  const left = (UnprocessedKeys?.[table]?.Keys ?? []) as Key[];
  return [...(Responses?.[table] ?? []), ...(left.length > 0 ? await readCopies(tables, left) : [])];
};

/** The version of each product that the order service has heard of; 0 of a copy that has none. */
const toldVersions = async (tables: Tables, tenant: string, productIds: readonly string[]) => {
  const told = new Map<string, number>();
  for (let at = 0; at < productIds.length; at += readSize) {
    const keys = productIds.slice(at, at + readSize).map((productId) => ({ productId: `${tenant}#${productId}` }));
    for (const { productId, version } of await readCopies(tables, keys))
      told.set(String(productId).slice(tenant.length + 1), typeof version === 'number' ? version : 0);
  }
  return told;
};

const TenantRow = z.object({ taxRatesBps: z.object({ standard: z.int(), reduced: z.int() }).default(defaultRates) });

/** The tax rates of the shop; those of every shop when it has no settings of its own. */
const ratesOf = async ({ db, called }: Tables, tenantId: string): Promise<Rates> => {
  const { Item } = await db.send(new GetCommand({ TableName: called('tenants'), Key: { tenantId } }));
  return TenantRow.parse(Item ?? {}).taxRatesBps;
};

/** The versions that products have once they are loaded. */
type Versions = Map<string, number>;

const load = async (
  tables: Tables,
  tenant: string,
  products: readonly Product[],
  now: Date,
): Promise<[string, number][]> => {
  const [at, correlationId] = [now.toISOString(), `seed-${randomUUID()}`];
  const told = await toldVersions(
    tables,
    tenant,
    products.map(({ productId }) => productId),
  );
  const rates = await ratesOf(tables, tenant);
  const loadOne = async (product: Product): Promise<[string, number]> => {
    const { stock } = product;
    const stockVersion =
      stock === undefined ? 0 : await loadStock(tables, { tenant, product: { ...product, stock }, at, ledger: true }); // first, so that nobody orders what has no stock yet
    const loaded = { tenant, product, rates, stockVersion, at, correlationId };
    return [product.productId, await loadProduct(tables, loaded, told.get(product.productId))];
  };
  return Promise.all(products.map(loadOne));
};

/** Waits until the order service has heard of all; as long as it hears of more, it is given more time. */
const untilTold = async (
  tables: Tables,
  tenant: string,
  versions: Versions,
  onProgress: NonNullable<SeedOptions['onProgress']>,
): Promise<void> => {
  const all = versions.size;
  while (versions.size > 0) {
    const heard = await until(
      async () => {
        const told = await toldVersions(tables, tenant, [...versions.keys()]);
        const ids = [...versions].filter(([id, version]) => (told.get(id) ?? 0) >= version).map(([id]) => id);
        return ids.length > 0 ? ids : undefined;
      },
      { timeoutMs: patienceMs },
    );
    if (heard === undefined)
      throw new CommandError('The order service has not heard of all products in two minutes: see "npm run logs".');
    for (const id of heard) versions.delete(id);
    onProgress(all - versions.size, all);
  }
};

/**
 * Loads products: the catalog's row and the inventory's stock, each with what its owner notes of a change, and waits until
 * the order service has heard of them. Repeatable. What is available becomes `stock`, where that is said; what earlier orders
 * have reserved stays reserved on top of it, so that each of them can still be released or shipped.
 */
export const seedProducts = async (
  tables: Tables,
  products: readonly Product[],
  { tenant = 'default', now = () => new Date(), onProgress = () => {} }: SeedOptions = {},
): Promise<void> => {
  if (!(await hasCatalog(tables))) return seedCore(tables, { tenant, products, now: now() });
  const versions: Versions = new Map();
  for (let at = 0; at < products.length; at += batchSize) {
    const loaded = await load(tables, tenant, products.slice(at, at + batchSize), now());
    for (const [productId, version] of loaded) versions.set(productId, version);
  }
  await untilTold(tables, tenant, versions, onProgress);
};
