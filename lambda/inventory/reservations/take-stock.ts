import type { OrderCancelled, OrderPlaced, OrderShipped } from '../../contracts/order-events';
import type { ReturnCompleted } from '../../contracts/return-events';
import { asError } from '../../kernel/http/http';
import { trustedTenant } from '../../kernel/tenant';
import type { StockStore } from '../stock/stock.store';
import { type UpdateDeps, updateStock } from '../stock/update-stock';
import { type Cause, InsufficientStockError, type Shortage, type Wanted } from './reservation';
import { reserveStock } from './reserve-stock';

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
export const onStockExhausted = (
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

export type TakeReturnsDeps = UpdateDeps & {
  readonly now: () => Date;
  /** Tells of a product that inventory does not know: its pieces are in no stock. */
  readonly onUnknown: (productId: string, event: ReturnCompleted) => void;
};

type Line = ReturnCompleted['data']['lines'][number];

const takeLine = async (deps: TakeReturnsDeps, event: ReturnCompleted, { productId, quantity }: Line) => {
  const { orderId, returnId } = event.data;
  const outcome = await updateStock(deps)(
    { tenant: trustedTenant(event.tenantid), productId },
    { type: 'return', quantity, reason: `Return ${returnId}`, orderId, by: 'returns', at: deps.now() },
    { key: event.id, requestHash: event.id, kept: true },
  );
  if (!('accepted' in outcome) || outcome.accepted) return;
  if (outcome.reason.kind !== 'unknown-product')
    throw new Error(`${quantity} of ${productId} are not back in stock: ${outcome.reason.kind}`);
  deps.onUnknown(productId, event);
};

/**
 * Puts what came back into stock again: one movement of each product, once for one event, whenever it comes again. A
 * throw in the middle leaves the products before it done, and the next try does the rest.
 */
export const takeReturns =
  (deps: TakeReturnsDeps) =>
  async (event: ReturnCompleted): Promise<void> => {
    for (const line of event.data.lines) await takeLine(deps, event, line);
  };
