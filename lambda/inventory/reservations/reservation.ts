import * as z from 'zod';
import type { StockShort } from '../../contracts/inventory-events';
import { ProductId, recordedLine } from '../../contracts/text';
import { RefusalError } from '../../kernel/decision';
import { parseTenantKey, type Tenant } from '../../kernel/tenant';

export type Shortage = StockShort['data']['shortage'];

/** Short stock is thrown on purpose: the message is tried again, then parked, then redriven after a restock. */
export class InsufficientStockError extends RefusalError {
  override readonly name = 'InsufficientStockError';

  constructor(readonly shortage: Shortage) {
    const { name, available, requested } = shortage;
    super(`Insufficient stock for ${name}. Available: ${available}, Requested: ${requested}`);
  }
}

export type ReservationState = 'RESERVED' | 'BACKORDERED' | 'RELEASED' | 'DEDUCTED';

export type ReservationFact =
  | { readonly type: 'StockReserved' }
  | { readonly type: 'StockShort'; readonly shortage: Shortage }
  | { readonly type: 'StockReleased' }
  | { readonly type: 'StockDeducted' };

/** The event that a reservation came of: it goes into the event that comes of the reservation. */
export type Cause = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string;
};

export type StockLine = { readonly productId: string; readonly quantity: number };

/** One order's hold on stock, with what it holds, gave back or took away: the dedupe mark, the tombstone and the ledger entry in one. */
export type Reservation = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly state: ReservationState;
  readonly lines: readonly StockLine[];
  /** It could not be reserved at first, and somebody was alerted. */
  readonly wasShort?: boolean | undefined;
  readonly version: number;
  readonly updatedAt: string;
  /** When it took, gave back and took away stock; missing in rows from before this was kept. */
  readonly reservedAt?: string | undefined;
  readonly releasedAt?: string | undefined;
  readonly deductedAt?: string | undefined;
  /** What it held before it gave it back or took it away; missing when it held nothing. */
  readonly heldLines?: readonly StockLine[] | undefined;
  readonly fact: ReservationFact & Cause;
};

/** What an order wants of the stock. Names are for the error text of a product that inventory does not know. */
export type Wanted = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly lines: readonly (StockLine & { readonly name: string })[];
  readonly cause: Cause;
};

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
