import type { StockShort } from '../contracts/inventory-events';
import { RefusalError } from '../kernel/refusal-error';
import type { Tenant } from '../kernel/tenant';

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
