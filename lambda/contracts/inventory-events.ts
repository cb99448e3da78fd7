import * as z from 'zod';
import { defineEvent } from './event';
import { OrderId, ProductId, recordedLine } from './text';

/** Every line of the order is reserved. */
export const StockReserved = defineEvent('StockReserved.v1', z.object({ orderId: OrderId }));
export type StockReserved = z.infer<typeof StockReserved>;

/** The order could not be reserved in three tries; nothing of it is held. */
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

/** Whatever the order held is back in stock, and it can never reserve again. */
export const StockReleased = defineEvent('StockReleased.v1', z.object({ orderId: OrderId }));
export type StockReleased = z.infer<typeof StockReleased>;

/** What the order held has left the house with it. */
export const StockDeducted = defineEvent('StockDeducted.v1', z.object({ orderId: OrderId }));
export type StockDeducted = z.infer<typeof StockDeducted>;

/** An order that was short of stock is not any more: its lines are reserved after all, or it wants nothing now. */
export const StockShortageEnded = defineEvent(
  'StockShortageEnded.v1',
  z.object({ orderId: OrderId, outcome: z.enum(['reserved', 'released', 'deducted']) }),
);
export type StockShortageEnded = z.infer<typeof StockShortageEnded>;

/** What inventory answers an order. */
export type InventoryEvent = StockReserved | StockShort | StockReleased | StockDeducted;

/** `version` is the stock row's: of two events of one product, the one with the higher version tells how it is. */
const product = { productId: ProductId, version: z.int().positive() };

/** Nothing of the product is available any more. */
export const ProductSoldOut = defineEvent('ProductSoldOut.v1', z.object(product));
export type ProductSoldOut = z.infer<typeof ProductSoldOut>;

/** Some of the product is available, and perhaps was not before. */
export const ProductRestocked = defineEvent(
  'ProductRestocked.v1',
  z.object({ ...product, available: z.int().positive() }),
);
export type ProductRestocked = z.infer<typeof ProductRestocked>;

/** The stock row does not say what its movements and reservations add up to. */
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

/** The stock row says again what its movements and reservations add up to. */
export const StockDiscrepancyResolved = defineEvent('StockDiscrepancyResolved.v1', z.object(product));
export type StockDiscrepancyResolved = z.infer<typeof StockDiscrepancyResolved>;

/** What inventory says of a product. */
export type ProductStockEvent = ProductSoldOut | ProductRestocked | StockDiscrepancyFound | StockDiscrepancyResolved;
