import type { Product } from '../../lambda/catalog/products/product';
import { defaultTenant } from '../../lambda/kernel/tenant';

/** A mouse that was just put on sale. */
export const aProduct = (change: Partial<Product> = {}): Product => ({
  tenant: defaultTenant,
  productId: 'PROD-002',
  name: 'ワイヤレスマウス',
  price: 3000,
  currency: 'JPY',
  taxRateBps: 1000,
  categories: [],
  status: true,
  life: 'active',
  images: [],
  ordered: false,
  stockVersion: 0,
  createdAt: '2026-11-21T08:00:00.000Z',
  updatedAt: '2026-11-21T08:00:00.000Z',
  version: 1,
  fact: { type: 'ProductCreated', correlationId: 'correlation-1' },
  ...change,
});
