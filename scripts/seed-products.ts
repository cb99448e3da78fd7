import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CommandError } from './command';
import type { Product } from './product';
import { loadProduct } from './seed-catalog';
import { loadStock } from './seed-stock';
import { until } from './wait';

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

const readCopies = async (db: DynamoDBDocumentClient, keys: readonly Key[]): Promise<Record<string, unknown>[]> => {
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { 'order-products': { Keys: [...keys], ConsistentRead: true } } }),
  );
  const left = (UnprocessedKeys?.['order-products']?.Keys ?? []) as Key[];
  return [...(Responses?.['order-products'] ?? []), ...(left.length > 0 ? await readCopies(db, left) : [])];
};

/** The version of each product that the order service has heard of; 0 of a copy that has none. */
const toldVersions = async (db: DynamoDBDocumentClient, tenant: string, productIds: readonly string[]) => {
  const told = new Map<string, number>();
  for (let at = 0; at < productIds.length; at += readSize) {
    const keys = productIds.slice(at, at + readSize).map((productId) => ({ productId: `${tenant}#${productId}` }));
    for (const { productId, version } of await readCopies(db, keys))
      told.set(String(productId).slice(tenant.length + 1), typeof version === 'number' ? version : 0);
  }
  return told;
};

/** The versions that products have once they are loaded. */
type Versions = Map<string, number>;

const load = async (
  db: DynamoDBDocumentClient,
  tenant: string,
  products: readonly Product[],
  now: Date,
): Promise<[string, number][]> => {
  const [at, correlationId] = [now.toISOString(), `seed-${randomUUID()}`];
  const told = await toldVersions(
    db,
    tenant,
    products.map(({ productId }) => productId),
  );
  const loadOne = async (product: Product): Promise<[string, number]> => {
    const stockVersion = await loadStock(db, { tenant, product, at }); // first, so that nobody orders what has no stock yet
    const loaded = { tenant, product, stockVersion, at, correlationId };
    return [product.productId, await loadProduct(db, loaded, told.get(product.productId))];
  };
  return Promise.all(products.map(loadOne));
};

/** Waits until the order service has heard of all; as long as it hears of more, it is given more time. */
const untilTold = async (
  db: DynamoDBDocumentClient,
  tenant: string,
  versions: Versions,
  onProgress: NonNullable<SeedOptions['onProgress']>,
): Promise<void> => {
  const all = versions.size;
  while (versions.size > 0) {
    const heard = await until(
      async () => {
        const told = await toldVersions(db, tenant, [...versions.keys()]);
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
 * the order service has heard of them. Repeatable. What is available becomes `stock`, whatever it was; what earlier orders
 * have reserved stays reserved on top of it, so that each of them can still be released or shipped.
 */
export const seedProducts = async (
  client: DynamoDBClient,
  products: readonly Product[],
  { tenant = 'default', now = () => new Date(), onProgress = () => {} }: SeedOptions = {},
): Promise<void> => {
  const db = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const versions: Versions = new Map();
  for (let at = 0; at < products.length; at += batchSize) {
    const loaded = await load(db, tenant, products.slice(at, at + batchSize), now());
    for (const [productId, version] of loaded) versions.set(productId, version);
  }
  await untilTold(db, tenant, versions, onProgress);
};
