import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isTransactionConflict } from '../../kernel/dynamodb/dynamodb';
import { type Backoff, jitteredBackoff, retry } from '../../kernel/retry';
import type { Tenant } from '../../kernel/tenant';
import { deduct, release } from '../reservations/release-or-deduct.store';
import type { Cause, Reservation, Shortage, StockRequest } from '../reservations/reservation';
import { type ReserveOutcome, totals } from '../reservations/reserve-stock';
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
} from './stock-transaction.store';

const shortOf = (failed: ReturnType<typeof failedOf>) =>
  new Map(
    [...failed].map(([productId, { stock, productName }]) => [productId, { available: stock, name: productName }]),
  );

const tryReserve = async (stock: Stock, orders: readonly StockRequest[]): Promise<ReserveOutcome> => {
  const moved = totals(orders);
  const [, ...changedWith] = orders.map(({ orderId }) => orderId);
  const rows: Actions = orders.map((order, index) => ({
    Update: toState(stock, order, {
      state: 'RESERVED',
      fact: { type: 'StockReserved', ...order.cause },
      from: isNewOrBackordered,
      ...(index === 0 && changedWith.length > 0 ? { changedWith } : {}),
      sharesIndexEntry: index > 0, // they share one index entry
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

const markShort = async (stock: Stock, request: StockRequest, shortage: Shortage): Promise<void> => {
  const fact = { type: 'StockShort', shortage, ...request.cause } as const;
  try {
    const write = new UpdateCommand(toState(stock, request, { state: 'BACKORDERED', fact, from: isNew }));
    await retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
  } catch (error) {
    if (!conditionFailed(error)) throw error;
    await replayResult(stock, request); // it already has a reservation, a tombstone or a backorder
  }
};

const changeAttempts = 3;

/**
 * The tables of the inventory service: stock by product, and one reservation row per order. A repeated request changes
 * no stock and publishes the stored result again.
 */
export const stockStore = (
  tables: { readonly inventory: string; readonly reservations: string },
  db: DynamoDBDocumentClient,
  { now, backoff = jitteredBackoff }: { readonly now: () => Date; readonly backoff?: Backoff },
) => {
  const stock: Stock = { ...tables, db, now, backoff };
  /** Reads and writes again when the reservation changed in between. */
  const retryOnChange = (attempt: () => Promise<void>) =>
    retry(attempt, conditionFailed, { ...backoff, attempts: changeAttempts });

  return {
    /** Reserves all lines of all orders, which belong to one tenant, or nothing. */
    tryReserve: (orders: readonly StockRequest[]): Promise<ReserveOutcome> => tryReserve(stock, orders),

    /** Backorders an order, unless it has a reservation or a tombstone. */
    markShort: (request: StockRequest, shortage: Shortage): Promise<void> => markShort(stock, request, shortage),

    /** Releases the order's stock and leaves a tombstone that refuses a later reservation. */
    release: (key: OrderKey, cause: Cause): Promise<void> => retryOnChange(() => release(stock, key, cause)),

    /** Deducts a shipped order: its reserved stock or, without a reservation, available stock. */
    deduct: (request: StockRequest): Promise<void> => retryOnChange(() => deduct(stock, request)),

    get: (key: OrderKey): Promise<Reservation | undefined> => getReservation(stock, key),
  };
};

export type StockStore = ReturnType<typeof stockStore>;
