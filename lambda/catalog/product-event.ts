import type { CatalogEvent } from '../contracts/catalog-events';
import type { Product } from './product';

/** The event that a product's newest fact stands for; nothing when it is not for others. Always the same for the same version. */
export const catalogEvent = (product: Product): CatalogEvent | undefined => {
  const { tenant, productId, version, name, price, currency, taxRateBps, status, categories, fact } = product;
  const { type, correlationId, causationId, traceparent, actor, network } = fact;
  if (type === 'ProductOrdered' || type === 'StockHeard') return undefined;
  return {
    specversion: '1.0',
    id: `${tenant}/${productId}:${version}`,
    source: '/products',
    type: `${type}.v1`,
    subject: productId,
    time: product.updatedAt,
    datacontenttype: 'application/json',
    tenantid: tenant,
    correlationid: correlationId,
    causationid: causationId,
    traceparent,
    actor,
    network,
    data: { productId, version, name, price, currency, taxRateBps, status, categories: [...categories] },
  };
};
