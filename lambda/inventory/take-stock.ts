import type { OrderCancelled, OrderPlaced, OrderShipped } from '../contracts/order-events';
import { asError } from '../kernel/as-error';
import { trustedTenant } from '../kernel/tenant';
import { type Cause, InsufficientStockError, type Shortage, type Wanted } from './inventory';
import { reserveStock } from './reserve-stock';
import type { StockStore } from './stock.store';

/** What inventory listens to. */
export type StockCommand = OrderPlaced | OrderCancelled | OrderShipped;

type Outcome = Error | undefined;

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

/** Which of two events of one order has the last word: what is shipped is gone, what is cancelled wants nothing. */
const weight = { 'OrderPlaced.v1': 1, 'OrderCancelled.v1': 2, 'OrderShipped.v1': 3 } as const;

const orderOf = ({ tenantid, data: { orderId } }: StockCommand) => `${tenantid}#${orderId}`;

/** One event for each order of the batch: whatever else it holds of the order is done or undone by that. */
const lastWords = (events: readonly StockCommand[]): Map<string, StockCommand> => {
  const byOrder = new Map<string, StockCommand>();
  for (const event of events) {
    const other = byOrder.get(orderOf(event));
    if (other === undefined || weight[event.type] > weight[other.type]) byOrder.set(orderOf(event), event);
  }
  return byOrder;
};

/**
 * Reserves for the placed orders of a batch together, releases what the cancelled ones hold, and takes out of the stock
 * what was shipped. Copies of one event are answered once.
 */
export const takeStock = (stock: Pick<StockStore, 'tryReserve' | 'release' | 'deduct'>) => {
  const reserve = reserveStock(stock.tryReserve);

  const settle = (event: OrderCancelled | OrderShipped): Promise<Outcome> => {
    const wanted = wantedBy(event);
    const settled = event.type === 'OrderShipped.v1' ? stock.deduct(wanted) : stock.release(wanted, wanted.cause);
    return settled.then(() => undefined, asError);
  };

  return async (events: readonly StockCommand[]): Promise<Outcome[]> => {
    const commands = [...lastWords(events).values()];
    const placed = commands.filter(isPlaced);
    const reserved = await reserve(placed.map(wantedBy));
    const outcomes = new Map<string, Outcome>(placed.map((event, index) => [orderOf(event), reserved[index]]));
    for (const event of commands) if (!isPlaced(event)) outcomes.set(orderOf(event), await settle(event));
    return events.map((event) => outcomes.get(orderOf(event)));
  };
};

/**
 * After the last try: an order that is short of stock is backordered. Any other error changes nothing. Copies of one
 * event that failed in one batch have one error, and are answered once.
 */
export const giveUpOnStock = (
  stock: Pick<StockStore, 'markShort'>,
  onShort: (shortage: Shortage) => void,
): ((event: StockCommand, error: Error) => Promise<void>) => {
  const given = new WeakMap<Error, Promise<void>>();

  const backorder = async (event: StockCommand, { shortage }: InsufficientStockError) => {
    await stock.markShort(wantedBy(event), shortage);
    onShort(shortage);
  };

  return async (event, error) => {
    if (!(error instanceof InsufficientStockError) || !isPlaced(event)) return;
    const giving = given.get(error) ?? backorder(event, error);
    given.set(error, giving);
    await giving;
  };
};
