import type { ProductRestocked, ProductSoldOut } from '../contracts/inventory-events';
import type { OrderPlaced } from '../contracts/order-events';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { ttlCache } from '../kernel/ttl-cache';
import { applyStock, type Cause, noteOrdered, type Product, type ProductKey } from './products/product';
import type { ProductStore } from './products/product.store';

/** What the catalog listens to. */
export type ShopEvent = ProductSoldOut | ProductRestocked | OrderPlaced;

export type ProjectShopDeps = { readonly products: Pick<ProductStore, 'get' | 'save'>; readonly now: () => Date };

type Decide = (product: Product) => Product | undefined;

const tries = 5;

/** Loads the product, decides, and writes with the version as the condition. One that the catalog does not have is nothing to it. */
const project = async ({ products }: ProjectShopDeps, key: ProductKey, decide: Decide): Promise<void> => {
  for (let tried = 0; tried < tries; tried += 1) {
    const before = await products.get(key);
    const next = before && decide(before);
    if (next === undefined || (await products.save({ before, next })).saved) return;
  }
  throw new Error(`Product ${key.productId} changed ${tries} times while it was being decided`);
};

const causeOf = ({ id, correlationid, traceparent }: ShopEvent, now: Date): Cause => ({
  at: now.toISOString(),
  correlationId: correlationid,
  causationId: id,
  traceparent,
});

const remembered = { entries: 10_000, ageMs: Number.POSITIVE_INFINITY };

/**
 * Follows what happens in the shop: products that are sold out go off sale and come back by themselves, and a product
 * that was ever ordered is remembered as such. A warm function does not ask again about products that it knows to be
 * ordered.
 */
export const projectShop = (deps: ProjectShopDeps) => {
  const ordered = ttlCache<true>(remembered);

  const hear = (tenant: Tenant, event: ProductSoldOut | ProductRestocked) => {
    const { productId, version: stockVersion } = event.data;
    const news = { soldOut: event.type === 'ProductSoldOut.v1', stockVersion };
    return project(deps, { tenant, productId }, (product) => applyStock(product, news, causeOf(event, deps.now())));
  };

  const note = async (tenant: Tenant, event: OrderPlaced) => {
    for (const { productId } of event.data.lines) {
      const key = `${tenant}#${productId}`;
      if (ordered.get(key)) continue;
      await project(deps, { tenant, productId }, (product) => noteOrdered(product, causeOf(event, deps.now())));
      ordered.set(key, true);
    }
  };

  return async (event: ShopEvent): Promise<void> => {
    const tenant = trustedTenant(event.tenantid);
    await (event.type === 'OrderPlaced.v1' ? note(tenant, event) : hear(tenant, event));
  };
};
