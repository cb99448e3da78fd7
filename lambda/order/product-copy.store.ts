import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Tenant, tenantKey } from '../kernel/tenant';
import type { Product } from './place-order';

const ProductRow = z.object({
  name: z.string(),
  price: z.int().nonnegative(),
  currency: z.string(),
  taxRateBps: z.int(),
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

  const read = async (tenant: Tenant, keys: Record<string, unknown>[]): Promise<void> => {
    const { Responses, UnprocessedKeys } = await db.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys } } }),
    );
    for (const row of Responses?.[table] ?? []) {
      const key = String(row.productId);
      remember(key, { ...ProductRow.parse(row), productId: key.slice(tenant.length + 1) });
    }
    const unread = UnprocessedKeys?.[table]?.Keys ?? [];
    if (unread.length > 0) await read(tenant, unread);
  };

  return {
    /** The products that exist, by ID. */
    find: async (tenant: Tenant, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
      const missing = productIds.filter((productId) => cached(tenantKey(tenant, productId)) === undefined);
      if (missing.length > 0)
        await read(
          tenant,
          missing.map((productId) => ({ productId: tenantKey(tenant, productId) })),
        );
      return new Map(
        productIds.flatMap((productId) => {
          const product = cached(tenantKey(tenant, productId));
          return product === undefined ? [] : [[productId, product] as const];
        }),
      );
    },
  };
};

export type ProductCopyStore = ReturnType<typeof productCopyStore>;
