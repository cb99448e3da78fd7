import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isTransactionConflict } from '../../kernel/dynamodb/dynamodb';
import { type Backoff, jitteredBackoff, retry } from '../../kernel/retry';
import type { Tenant } from '../../kernel/tenant';
import type { Cause, Reservation, Shortage, Wanted } from '../reservations/reservation';
import { type ReserveOutcome, totals } from '../reservations/reserve-stock';
import { deduct, release } from '../reservations/settle-reservation.store';
import {
  type Actions,
  conditionFailed,
  failedOf,
  getReservation,
  isNew,
  isNewOrBackordered,
  moveStock,
  type OrderKey,
  replayResult,
  reserving,
  type Stock,
  toState,
  transact,
} from './stock-writes.store';

const shortOf = (failed: ReturnType<typeof failedOf>) =>
  new Map(
    [...failed].map(([productId, { stock, productName }]) => [productId, { available: stock, name: productName }]),
  );

const tryReserve = async (stock: Stock, orders: readonly Wanted[]): Promise<ReserveOutcome> => {
  const moved = totals(orders);
  const [, ...others] = orders.map(({ orderId }) => orderId);
  const rows: Actions = orders.map((order, index) => ({
    Update: toState(stock, order, {
      state: 'RESERVED',
      fact: { type: 'StockReserved', ...order.cause },
      from: isNewOrBackordered,
      ...(index === 0 && others.length > 0 ? { changedWith: others } : {}),
      isFoundWithAnother: index > 0, // one entry of the index for all of them
    }),
  }));
  const tenant = orders[0]?.tenant as Tenant;
  try {
    await transact(stock, [...rows, ...moved.map((line) => moveStock(stock, { ...line, tenant }, reserving(line)))]);
    return { reserved: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || isTransactionConflict(error)) throw error;
    const reasons = error.CancellationReasons ?? [];
    const settled = orders.filter((_, index) => reasons[index]?.Code === 'ConditionalCheckFailed');
    const short = shortOf(failedOf(moved, reasons.slice(orders.length)));
    if (settled.length === 0 && short.size === 0) throw error;
    await Promise.all(settled.map((order) => replayResult(stock, order)));
    return { reserved: false, settled: settled.map(({ orderId }) => orderId), short };
  }
};

const markShort = async (stock: Stock, wanted: Wanted, shortage: Shortage): Promise<void> => {
  const fact = { type: 'StockShort', shortage, ...wanted.cause } as const;
  try {
    const write = new UpdateCommand(toState(stock, wanted, { state: 'BACKORDERED', fact, from: isNew }));
    await retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
  } catch (error) {
    if (!conditionFailed(error)) throw error;
    await replayResult(stock, wanted); // it has a reservation by now, a tombstone, or is backordered already
  }
};

const settleTries = 3;

/**
 * The tables of the inventory service: stock by product, and one reservation row per order. What is asked for a second
 * time changes no stock, and is answered again.
 */
export const stockStore = (
  tables: { readonly inventory: string; readonly reservations: string },
  db: DynamoDBDocumentClient,
  { now, backoff = jitteredBackoff }: { readonly now: () => Date; readonly backoff?: Backoff },
) => {
  const stock: Stock = { ...tables, db, now, backoff };
  /** A reservation that changed between the read and the write fails the condition: read again. */
  const settling = (attempt: () => Promise<void>) =>
    retry(attempt, conditionFailed, { ...backoff, attempts: settleTries });

  return {
    /** Reserves all lines of all of the orders, which belong to one tenant, or nothing at all. */
    tryReserve: (orders: readonly Wanted[]): Promise<ReserveOutcome> => tryReserve(stock, orders),

    /** Notes that an order waits for a restock, unless it has a reservation or a tombstone. */
    markShort: (wanted: Wanted, shortage: Shortage): Promise<void> => markShort(stock, wanted, shortage),

    /** Gives back whatever the order holds and leaves a tombstone, so that a reservation that comes later is refused. */
    release: (key: OrderKey, cause: Cause): Promise<void> => settling(() => release(stock, key, cause)),

    /** Takes what was shipped out of the stock: what the order holds or, if it holds nothing, what is available. */
    deduct: (wanted: Wanted): Promise<void> => settling(() => deduct(stock, wanted)),

    get: (key: OrderKey): Promise<Reservation | undefined> => getReservation(stock, key),
  };
};

export type StockStore = ReturnType<typeof stockStore>;
