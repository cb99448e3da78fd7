import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { Amount, Currency } from '../contracts/money';
import { OrderLine } from '../contracts/order-events';
import { type Tenant, tenantKey } from '../kernel/tenant';
import { ttlCache } from '../kernel/ttl-cache';
import type { Product } from './place-order';

/** What an order takes over must fit its events: an order of anything else could not be told to anybody. */
const ProductRow = OrderLine.pick({ name: true, taxRateBps: true }).extend({
  price: Amount,
  currency: Currency,
  onSale: z.boolean(),
});

const limits = { entries: 5000, ageMs: 30_000 };

/**
 * The order service's own copy of the catalog. A warm function keeps what it read for 30 seconds, so an order may be
 * placed at a price that changed less than that ago. Unknown products are asked for again each time.
 */
export const productCopyStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = ttlCache<Product>(limits, now);

  const read = async (tenant: Tenant, keys: Record<string, unknown>[]): Promise<Product[]> => {
    const at = now();
    const { Responses, UnprocessedKeys } = await db.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys } } }),
    );
    const found = (Responses?.[table] ?? []).map((row) => {
      const key = String(row.productId);
      const product = { ...ProductRow.parse(row), productId: key.slice(tenant.length + 1) };
      cache.set(key, product, at);
      return product;
    });
    const unread = UnprocessedKeys?.[table]?.Keys ?? [];
    return unread.length > 0 ? [...found, ...(await read(tenant, unread))] : found;
  };

  return {
    /** The products that exist, by ID. */
    find: async (tenant: Tenant, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
      const known = productIds.flatMap((productId) => cache.get(tenantKey(tenant, productId)) ?? []);
      const missing = productIds.filter((productId) => !known.some((product) => product.productId === productId));
      const keys = missing.map((productId) => ({ productId: tenantKey(tenant, productId) }));
      // what was known is used even when it grows too old, or is forgotten, while the rest is read
      const found = keys.length > 0 ? await read(tenant, keys) : [];
      return new Map([...known, ...found].map((product) => [product.productId, product]));
    },
  };
};

export type ProductCopyStore = ReturnType<typeof productCopyStore>;
