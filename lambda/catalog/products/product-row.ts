import * as z from 'zod';
import { imageTypes } from '../../contracts/api/product-api';
import { originColumns } from '../../kernel/http/caller';
import { parseTenantKey } from '../../kernel/tenant';
import type { Product } from './product';

const Fact = z.object({
  type: z.enum(['ProductCreated', 'ProductUpdated', 'ProductDiscontinued', 'ProductOrdered', 'StockHeard']),
  correlationId: z.string(),
  causationId: z.string().optional(),
  traceparent: z.string().optional(),
  ...originColumns,
});

/** A row of the products table, with the tenant in its key. It also parses stream images. */
const ProductRow = z.object({
  productId: z.string(),
  name: z.string(),
  description: z.string().optional(),
  price: z.int().nonnegative(),
  currency: z.string(),
  taxRateBps: z.int(),
  categories: z.array(z.string()),
  rating: z.number().optional(),
  status: z.boolean(),
  life: z.enum(['active', 'retired', 'deleted']),
  offSaleBy: z.enum(['system', 'staff']).optional(),
  images: z.array(z.object({ imageId: z.string(), contentType: z.enum(imageTypes), bytes: z.int() })),
  ordered: z.boolean(),
  stockVersion: z.int().nonnegative(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
  fact: Fact,
});

/** Throws when the row does not match the schema. */
export const productFromRow = (item: unknown): Product => {
  const { productId: key, ...rest } = ProductRow.parse(item);
  const { tenant, id: productId } = parseTenantKey(key);
  return { ...rest, tenant, productId };
};
