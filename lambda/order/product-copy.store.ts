import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Amount, Currency } from '../contracts/money';
import { OrderLine } from '../contracts/order-events';
import { type Tenant, tenantKey } from '../kernel/tenant';
import type { Product } from './place-order';

/** What an order takes over must fit its events: an order of anything else could not be told to anybody. */
const ProductRow = OrderLine.pick({ name: true, taxRateBps: true }).extend({
  price: Amount,
  currency: Currency,
  onSale: z.boolean(),
});

const limits = { products: 5000, ageMs: 30_000 };

/**
 * The order service's own copy of the catalog. A warm function keeps what it read for 30 seconds, so an order may be
 * placed at a price that changed less than that ago. Unknown products are asked for again each time.
 */
export const productCopyStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = new Map<string, { product: Product; readAt: number }>();

  const cached = (key: string): Product | undefined => {
    const entry = cache.get(key);
    return entry !== undefined && now() - entry.readAt < limits.ageMs ? entry.product : undefined;
  };

  const remember = (key: string, product: Product) => {
    cache.delete(key); // so that the map's order is the order of reading, oldest first
    cache.set(key, { product, readAt: now() });
    const oldest = cache.keys().next().value;
    if (cache.size > limits.products && oldest !== undefined) cache.delete(oldest);
  };

  const read = async (tenant: Tenant, keys: Record<string, unknown>[]): Promise<Product[]> => {
    const { Responses, UnprocessedKeys } = await db.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys } } }),
    );
    const found = (Responses?.[table] ?? []).map((row) => {
      const key = String(row.productId);
      const product = { ...ProductRow.parse(row), productId: key.slice(tenant.length + 1) };
      remember(key, product);
      return product;
    });
    const unread = UnprocessedKeys?.[table]?.Keys ?? [];
    return unread.length > 0 ? [...found, ...(await read(tenant, unread))] : found;
  };

  return {
    /** The products that exist, by ID. */
    find: async (tenant: Tenant, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
      const known = productIds.flatMap((productId) => cached(tenantKey(tenant, productId)) ?? []);
      const missing = productIds.filter((productId) => !known.some((product) => product.productId === productId));
      const keys = missing.map((productId) => ({ productId: tenantKey(tenant, productId) }));
      // what was known is used even when it grows too old, or is forgotten, while the rest is read
      const found = keys.length > 0 ? await read(tenant, keys) : [];
      return new Map([...known, ...found].map((product) => [product.productId, product]));
    },
  };
};

export type ProductCopyStore = ReturnType<typeof productCopyStore>;
