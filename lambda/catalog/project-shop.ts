import type { ProductRestocked, ProductSoldOut } from '../contracts/events/inventory-events';
import type { OrderPlaced } from '../contracts/events/order-events';
import { conflict, retryOnConflict } from '../kernel/retry';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { ttlCache } from '../kernel/ttl-cache';
import { applyStock, type Cause, markOrdered, type Product, type ProductKey } from './products/product';
import type { ProductStore } from './products/product.store';

/** The events that the catalog applies. */
export type ShopEvent = ProductSoldOut | ProductRestocked | OrderPlaced;

export type ProjectShopDeps = { readonly products: Pick<ProductStore, 'get' | 'save'>; readonly now: () => Date };

type Decide = (product: Product) => Product | undefined;

const maxAttempts = 5;

/** Loads a product, decides and saves on the condition of its version. Ignores an unknown product. */
const project = ({ products }: ProjectShopDeps, key: ProductKey, decide: Decide): Promise<void> =>
  retryOnConflict(
    {
      attempts: maxAttempts,
      onExhausted: `Product ${key.productId} changed ${maxAttempts} times while an event was being applied`,
    },
    async () => {
      const before = await products.get(key);
      const next = before && decide(before);
      return next === undefined || (await products.save({ before, next })).saved ? undefined : conflict;
    },
  );

const causeOf = ({ id, correlationid, traceparent }: ShopEvent, now: Date): Cause => ({
  at: now.toISOString(),
  correlationId: correlationid,
  causationId: id,
  traceparent,
});

const maxOrdered = 10_000;

/**
 * Projects stock and order events into the catalog: takes sold-out products off sale, puts restocked ones on sale again
 * and marks ordered products. A warm function caches which products are marked already.
 */
export const projectShop = (deps: ProjectShopDeps) => {
  const ordered = ttlCache<true>({ entries: maxOrdered });

  const applyStockEvent = (tenant: Tenant, event: ProductSoldOut | ProductRestocked) => {
    const { productId, version: stockVersion } = event.data;
    const level = { soldOut: event.type === 'ProductSoldOut.v1', stockVersion };
    return project(deps, { tenant, productId }, (product) => applyStock(product, level, causeOf(event, deps.now())));
  };

  const markLines = async (tenant: Tenant, event: OrderPlaced) => {
    for (const { productId } of event.data.lines) {
      const key = `${tenant}#${productId}`;
      if (ordered.get(key)) continue;
      await project(deps, { tenant, productId }, (product) => markOrdered(product, causeOf(event, deps.now())));
      ordered.set(key, true);
    }
  };

  return async (event: ShopEvent): Promise<void> => {
    const tenant = trustedTenant(event.tenantid);
    await (event.type === 'OrderPlaced.v2' ? markLines(tenant, event) : applyStockEvent(tenant, event));
  };
};
