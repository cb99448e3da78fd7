import * as z from 'zod';
import { defineEvent } from './event';
import { line, OrderId, ProductId } from './text';

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
      name: line(200),
      available: z.int().nonnegative(),
      requested: z.int().positive(),
    }),
  }),
);
export type StockShort = z.infer<typeof StockShort>;

/** Whatever the order held is back in stock, and it can never reserve again. */
export const StockReleased = defineEvent('StockReleased.v1', z.object({ orderId: OrderId }));
export type StockReleased = z.infer<typeof StockReleased>;

export type InventoryEvent = StockReserved | StockShort | StockReleased;
