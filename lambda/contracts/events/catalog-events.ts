import * as z from 'zod';
import { Amount, Currency } from '../values/money';
import { identifier, ProductId, recordedLine } from '../values/text';
import { defineEvent } from './event';

/** The ID of a category within its tenant. */
export const CategoryId = identifier();

/** `taxRateBps` is in basis points: 1000 is 10 %. */
export const TaxRateBps = z.int().min(0).max(10_000);

/**
 * The fields of every catalog event, after the change. `price` is in minor units of `currency`. `version` increases
 * with each change of a product, even when it is deleted and created again. Consumers ignore an event of a known
 * version.
 */
const ProductSummary = z.object({
  productId: ProductId,
  version: z.int().positive(),
  name: recordedLine(200),
  price: Amount,
  currency: Currency,
  taxRateBps: TaxRateBps,
  /** Whether it is on sale. */
  status: z.boolean(),
  categories: z.array(CategoryId),
});

/** The product was created. It has no stock yet. */
export const ProductCreated = defineEvent('ProductCreated.v1', ProductSummary);
export type ProductCreated = z.infer<typeof ProductCreated>;

/** The product was changed: its price, its name or whether it is on sale, for example. */
export const ProductUpdated = defineEvent('ProductUpdated.v1', ProductSummary);
export type ProductUpdated = z.infer<typeof ProductUpdated>;

/** The product was removed from the catalog and is no longer on sale. */
export const ProductDiscontinued = defineEvent('ProductDiscontinued.v1', ProductSummary);
export type ProductDiscontinued = z.infer<typeof ProductDiscontinued>;

export type CatalogEvent = ProductCreated | ProductUpdated | ProductDiscontinued;
