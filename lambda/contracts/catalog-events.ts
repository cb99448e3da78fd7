import * as z from 'zod';
import { defineEvent } from './event';
import { Amount, Currency } from './money';
import { identifier, ProductId, recordedLine } from './text';

/** Names a category within its tenant. */
export const CategoryId = identifier();

/** `taxRateBps` is in basis points: 1000 is 10 %. */
export const TaxRateBps = z.int().min(0).max(10_000);

/**
 * What every catalog event tells of the product, as it is after the change. `price` is in minor units of `currency`.
 * `version` rises with each change of one product, also when it is deleted and made again: what has an older one, or the
 * same, is known already.
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

/** The product is in the catalog; it has no stock yet. */
export const ProductCreated = defineEvent('ProductCreated.v1', ProductSummary);
export type ProductCreated = z.infer<typeof ProductCreated>;

/** Something of the product has changed: its price, its name, whether it is on sale. */
export const ProductUpdated = defineEvent('ProductUpdated.v1', ProductSummary);
export type ProductUpdated = z.infer<typeof ProductUpdated>;

/** The product is taken out of the catalog: it is not on sale any more. */
export const ProductDiscontinued = defineEvent('ProductDiscontinued.v1', ProductSummary);
export type ProductDiscontinued = z.infer<typeof ProductDiscontinued>;

export type CatalogEvent = ProductCreated | ProductUpdated | ProductDiscontinued;
