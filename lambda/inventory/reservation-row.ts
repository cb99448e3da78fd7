import * as z from 'zod';
import { ProductId, recordedLine } from '../contracts/text';
import { parseTenantKey } from '../kernel/tenant';
import type { Reservation } from './inventory';

const cause = {
  correlationId: z.string(),
  causationId: z.string(),
  traceparent: z.string().optional(),
};

const Fact = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StockReserved'), ...cause }),
  z.object({
    type: z.literal('StockShort'),
    shortage: z.object({
      productId: ProductId,
      name: recordedLine(200),
      available: z.int().nonnegative(),
      requested: z.int().positive(),
    }),
    ...cause,
  }),
  z.object({ type: z.literal('StockReleased'), ...cause }),
  z.object({ type: z.literal('StockDeducted'), ...cause }),
]);

const StockLines = z.array(z.object({ productId: ProductId, quantity: z.int().positive() }));

/** An item of the reservations table. Its key carries the tenant; a stream image is one too, and is parsed by it. */
const ReservationRow = z.object({
  orderId: z.string(),
  state: z.enum(['RESERVED', 'BACKORDERED', 'RELEASED', 'DEDUCTED']),
  lines: StockLines,
  heldLines: StockLines.optional(),
  reservedAt: z.iso.datetime().optional(),
  releasedAt: z.iso.datetime().optional(),
  deductedAt: z.iso.datetime().optional(),
  wasShort: z.boolean().optional(),
  version: z.int().positive(),
  updatedAt: z.iso.datetime(),
  fact: Fact,
});

/** Throws when the item is not a reservation that this version knows. */
export const reservationFromRow = (item: unknown): Reservation => {
  const { orderId: key, ...rest } = ReservationRow.parse(item);
  const { tenant, id: orderId } = parseTenantKey(key);
  return { ...rest, tenant, orderId };
};

/** What a shortage tells of a product; what its event could not carry counts as missing. */
export const StockRow = z.object({
  stock: z.int().nonnegative().catch(0),
  reservedQuantity: z.int().nonnegative().catch(0),
  productName: recordedLine(200).optional().catch(undefined),
});
