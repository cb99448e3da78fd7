import * as z from 'zod';
import { OrderId, ProductId, recordedLine } from '../values/text';
import { defineEvent } from './event';

/** Every line of the order is reserved. */
export const StockReserved = defineEvent('StockReserved.v1', z.object({ orderId: OrderId }));
export type StockReserved = z.infer<typeof StockReserved>;

/** The order could not be reserved in three attempts. Nothing is reserved for it. */
export const StockShort = defineEvent(
  'StockShort.v1',
  z.object({
    orderId: OrderId,
    shortage: z.object({
      productId: ProductId,
      name: recordedLine(200),
      available: z.int().nonnegative(),
      requested: z.int().positive(),
    }),
  }),
);
export type StockShort = z.infer<typeof StockShort>;

/** The order's stock is available again, and the order can never reserve again. */
export const StockReleased = defineEvent('StockReleased.v1', z.object({ orderId: OrderId }));
export type StockReleased = z.infer<typeof StockReleased>;

/** The order's stock was deducted on shipping. */
export const StockDeducted = defineEvent('StockDeducted.v1', z.object({ orderId: OrderId }));
export type StockDeducted = z.infer<typeof StockDeducted>;

/** An order's shortage ended: its lines are reserved, or it needs no stock any more. */
export const StockShortageEnded = defineEvent(
  'StockShortageEnded.v1',
  z.object({ orderId: OrderId, outcome: z.enum(['reserved', 'released', 'deducted']) }),
);
export type StockShortageEnded = z.infer<typeof StockShortageEnded>;

/** The events about an order's reservation. */
export type InventoryEvent = StockReserved | StockShort | StockReleased | StockDeducted;

/** `version` is the stock row's. Of two events of a product, the one with the higher version counts. */
const product = { productId: ProductId, version: z.int().positive() };

/** The product's available stock is 0. */
export const ProductSoldOut = defineEvent('ProductSoldOut.v1', z.object(product));
export type ProductSoldOut = z.infer<typeof ProductSoldOut>;

/** The product has available stock, perhaps after it was sold out. */
export const ProductRestocked = defineEvent(
  'ProductRestocked.v1',
  z.object({ ...product, available: z.int().positive() }),
);
export type ProductRestocked = z.infer<typeof ProductRestocked>;

/** The stock row differs from the sum of its movements and reservations. */
export const StockDiscrepancyFound = defineEvent(
  'StockDiscrepancyFound.v1',
  z.object({
    ...product,
    onHand: z.int(),
    expectedOnHand: z.int(),
    reserved: z.int(),
    expectedReserved: z.int(),
  }),
);
export type StockDiscrepancyFound = z.infer<typeof StockDiscrepancyFound>;

/** The stock row matches the sum of its movements and reservations again. */
export const StockDiscrepancyResolved = defineEvent('StockDiscrepancyResolved.v1', z.object(product));
export type StockDiscrepancyResolved = z.infer<typeof StockDiscrepancyResolved>;

/** The events about a product's stock. */
export type ProductStockEvent = ProductSoldOut | ProductRestocked | StockDiscrepancyFound | StockDiscrepancyResolved;
