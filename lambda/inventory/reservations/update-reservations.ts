import type { OrderCancelled, OrderPlaced, OrderShipped } from '../../contracts/events/order-events';
import { asError } from '../../kernel/error';
import { trustedTenant } from '../../kernel/tenant';
import type { StockStore } from '../stock/stock.store';
import { type Cause, InsufficientStockError, type Shortage, type StockRequest } from './reservation';
import { reserveStock } from './reserve-stock';

/** The order events that change stock. */
export type StockCommand = OrderPlaced | OrderCancelled | OrderShipped;

type Outcome = Error | undefined;

const causeOf = ({ id, correlationid, traceparent }: StockCommand): Cause => ({
  correlationId: correlationid,
  causationId: id,
  traceparent,
});

const requestOf = (event: StockCommand): StockRequest => ({
  tenant: trustedTenant(event.tenantid),
  orderId: event.data.orderId,
  lines: event.data.lines.map(({ productId, quantity, name }) => ({ productId, quantity, name })),
  cause: causeOf(event),
});

const isPlaced = (event: StockCommand): event is OrderPlaced => event.type === 'OrderPlaced.v2';

/** Which of an order's events decides: a shipment over a cancellation, and both over the placing. */
const precedence = { 'OrderPlaced.v2': 1, 'OrderCancelled.v2': 2, 'OrderShipped.v2': 3 } as const;

const orderOf = ({ tenantid, data: { orderId } }: StockCommand) => `${tenantid}#${orderId}`;

/** Returns the deciding event of each order in the batch. It makes the order's other events unnecessary. */
const decidingEvents = (events: readonly StockCommand[]): Map<string, StockCommand> => {
  const byOrder = new Map<string, StockCommand>();
  for (const event of events) {
    const other = byOrder.get(orderOf(event));
    if (other === undefined || precedence[event.type] > precedence[other.type]) byOrder.set(orderOf(event), event);
  }
  return byOrder;
};

/**
 * Reserves stock for the placed orders of a batch together, releases it for cancelled ones and deducts it for shipped
 * ones. Returns one outcome for each event. Copies of an event are handled once.
 */
export const updateReservations = (stock: Pick<StockStore, 'tryReserve' | 'release' | 'deduct'>) => {
  const reserve = reserveStock(stock.tryReserve);

  const releaseOrDeduct = (event: OrderCancelled | OrderShipped): Promise<Outcome> => {
    const request = requestOf(event);
    const done = event.type === 'OrderShipped.v2' ? stock.deduct(request) : stock.release(request, request.cause);
    return done.then(() => undefined, asError);
  };

  return async (events: readonly StockCommand[]): Promise<Outcome[]> => {
    const commands = [...decidingEvents(events).values()];
    const placed = commands.filter(isPlaced);
    const reserved = await reserve(placed.map(requestOf));
    const outcomes = new Map<string, Outcome>(placed.map((event, index) => [orderOf(event), reserved[index]]));
    for (const event of commands) if (!isPlaced(event)) outcomes.set(orderOf(event), await releaseOrDeduct(event));
    return events.map((event) => outcomes.get(orderOf(event)));
  };
};

/**
 * Runs after the last attempt: backorders an order that is short of stock. Any other error changes nothing. Copies of
 * an event in one batch share one error, and are handled once.
 */
export const onStockExhausted = (
  stock: Pick<StockStore, 'markShort'>,
  onShort: (shortage: Shortage) => void,
): ((event: StockCommand, error: Error) => Promise<void>) => {
  const backorders = new WeakMap<Error, Promise<void>>();

  const backorder = async (event: StockCommand, { shortage }: InsufficientStockError) => {
    await stock.markShort(requestOf(event), shortage);
    onShort(shortage);
  };

  return async (event, error) => {
    if (!(error instanceof InsufficientStockError) || !isPlaced(event)) return;
    const backordered = backorders.get(error) ?? backorder(event, error);
    backorders.set(error, backordered);
    await backordered;
  };
};
