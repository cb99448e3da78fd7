import type { OrderCancelled, OrderPlaced } from '../contracts/order-events';
import { asError } from '../kernel/as-error';
import { trustedTenant } from '../kernel/tenant';
import { type Cause, InsufficientStockError, type Shortage, type Wanted } from './inventory';
import { reserveStock } from './reserve-stock';
import type { StockStore } from './stock.store';

/** What inventory listens to. */
export type StockCommand = OrderPlaced | OrderCancelled;

const causeOf = ({ id, correlationid, traceparent }: StockCommand): Cause => ({
  correlationId: correlationid,
  causationId: id,
  traceparent,
});

const wantedBy = (event: StockCommand): Wanted => ({
  tenant: trustedTenant(event.tenantid),
  orderId: event.data.orderId,
  lines: event.data.lines.map(({ productId, quantity, name }) => ({ productId, quantity, name })),
  cause: causeOf(event),
});

const isPlaced = (event: StockCommand): event is OrderPlaced => event.type === 'OrderPlaced.v1';

/** Reserves for the placed orders of a batch together, and releases what the cancelled ones hold. */
export const takeStock = (stock: Pick<StockStore, 'tryReserve' | 'release'>) => {
  const reserve = reserveStock(stock.tryReserve);
  const releaseFor = (event: StockCommand) =>
    stock
      .release({ tenant: trustedTenant(event.tenantid), orderId: event.data.orderId }, causeOf(event))
      .then(() => undefined, asError);

  return async (events: readonly StockCommand[]): Promise<(Error | undefined)[]> => {
    const placed = events.filter(isPlaced);
    const reserved = await reserve(placed.map(wantedBy));
    const outcomes = new Map<StockCommand, Error | undefined>(placed.map((event, index) => [event, reserved[index]]));
    for (const event of events) if (!isPlaced(event)) outcomes.set(event, await releaseFor(event));
    return events.map((event) => outcomes.get(event));
  };
};

/** After the last try: an order that is short of stock is backordered. Any other error changes nothing. */
export const giveUpOnStock =
  (stock: Pick<StockStore, 'markShort'>, onShort: (shortage: Shortage) => void) =>
  async (event: StockCommand, error: Error): Promise<void> => {
    if (!(error instanceof InsufficientStockError)) return;
    await stock.markShort(wantedBy(event), error.shortage);
    onShort(error.shortage);
  };
