import * as z from 'zod';
import type { StockShort } from '../../contracts/events/inventory-events';
import { ProductId, recordedLine } from '../../contracts/values/text';
import { RefusalError } from '../../kernel/error';
import { parseTenantKey, type Tenant } from '../../kernel/tenant';

export type Shortage = StockShort['data']['shortage'];

/** Thrown so that the queue retries. After the last attempt the order is backordered and the message dead-lettered. */
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

/** The event that caused the change. The reservation's own event passes these IDs on. */
export type Cause = {
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string;
};

export type StockLine = { readonly productId: string; readonly quantity: number };

/** One order's reservation. Its row is also the deduplication mark, the tombstone and the ledger entry. */
export type Reservation = {
  readonly tenant: Tenant;
  readonly orderId: string;
  readonly state: ReservationState;
  readonly lines: readonly StockLine[];
  /** Whether it was short of stock once, which raised an alert. */
  readonly wasShort?: boolean | undefined;
  readonly version: number;
  readonly updatedAt: string;
  /** When it reserved, released and deducted stock. Missing in old rows. */
  readonly reservedAt?: string | undefined;
  readonly releasedAt?: string | undefined;
  readonly deductedAt?: string | undefined;
  /** The lines that were reserved before the release or deduction. Missing when nothing was reserved. */
  readonly heldLines?: readonly StockLine[] | undefined;
  readonly fact: ReservationFact & Cause;
};

/** The stock that an order needs. Names are for the error text of a product that inventory does not know. */
export type StockRequest = {
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

/** A row of the reservations table, with the tenant in its key. It also parses stream images. */
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

/** Throws when the row does not match the schema. */
export const reservationFromRow = (item: unknown): Reservation => {
  const { orderId: key, ...rest } = ReservationRow.parse(item);
  const { tenant, id: orderId } = parseTenantKey(key);
  return { ...rest, tenant, orderId };
};

/** The fields of a stock row that a shortage reports. Invalid values count as missing. */
export const StockRow = z.object({
  stock: z.int().nonnegative().catch(0),
  reservedQuantity: z.int().nonnegative().catch(0),
  productName: recordedLine(200).optional().catch(undefined),
});
