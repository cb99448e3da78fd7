import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isTransactionConflict } from '../kernel/dynamodb';
import { type Backoff, jitteredBackoff, retry } from '../kernel/retry';
import { type Tenant, tenantKey } from '../kernel/tenant';
import type { Cause, Reservation, ReservationFact, ReservationState, Shortage, StockLine, Wanted } from './inventory';
import { reservationFromRow, StockRow } from './reservation-row';
import { type ReserveOutcome, totals } from './reserve-stock';

type Stock = {
  readonly inventory: string;
  readonly reservations: string;
  readonly db: DynamoDBDocumentClient;
  readonly now: () => Date;
  readonly backoff: Backoff;
};

type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;
type OrderKey = Pick<Reservation, 'tenant' | 'orderId'>;

/** The next state of a reservation, written only from one of the states that it may follow. */
const toState = (
  stock: Stock,
  { tenant, orderId, lines }: OrderKey & { lines: readonly StockLine[] },
  { state, fact, from }: { state: ReservationState; fact: ReservationFact & Cause; from: string },
) => ({
  TableName: stock.reservations,
  Key: { orderId: tenantKey(tenant, orderId) },
  UpdateExpression: 'SET #state = :state, #lines = :lines, #fact = :fact, updatedAt = :now ADD #version :one',
  ConditionExpression: from,
  ExpressionAttributeNames: { '#state': 'state', '#lines': 'lines', '#fact': 'fact', '#version': 'version' },
  ExpressionAttributeValues: {
    ':state': state,
    ':lines': lines.map(({ productId, quantity }) => ({ productId, quantity })),
    ':fact': fact,
    ':now': stock.now().toISOString(),
    ':one': 1,
    ...(from.includes(':backordered') ? { ':backordered': 'BACKORDERED' } : {}),
    ...(from.includes(':reserved') ? { ':reserved': 'RESERVED' } : {}),
  },
});

const isNew = 'attribute_not_exists(orderId)';
const isNewOrBackordered = `${isNew} OR #state = :backordered`;
const isReserved = '#state = :reserved';

/** Moves `quantity` of one product from available to reserved; a negative one moves it back. */
const moveStock = (stock: Stock, tenant: Tenant, moved: StockLine & { orderId: string }): Actions[number] => ({
  Update: {
    TableName: stock.inventory,
    Key: { productId: tenantKey(tenant, moved.productId) },
    UpdateExpression:
      'SET stock = stock - :q, reservedQuantity = reservedQuantity + :q, lastOrderId = :order, updatedAt = :now ADD #version :one',
    ConditionExpression: moved.quantity > 0 ? 'stock >= :q' : 'reservedQuantity >= :back',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: {
      ':q': moved.quantity,
      ':order': moved.orderId,
      ':now': stock.now().toISOString(),
      ':one': 1,
      ...(moved.quantity > 0 ? {} : { ':back': -moved.quantity }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

const shortOf = (moved: readonly StockLine[], reasons: readonly CancellationReason[]) =>
  new Map(
    moved.flatMap(({ productId }, index) => {
      const reason = reasons[index];
      if (reason?.Code !== 'ConditionalCheckFailed') return [];
      const { stock, productName } = StockRow.parse(reason.Item === undefined ? {} : unmarshall(reason.Item));
      return [[productId, { available: stock, name: productName }] as const];
    }),
  );

/** Somebody asks again, so the first answer may be lost: only the version rises, and the relay tells the fact once more. */
const answerAgain = async (stock: Stock, { tenant, orderId }: OrderKey): Promise<void> => {
  const write = new UpdateCommand({
    TableName: stock.reservations,
    Key: { orderId: tenantKey(tenant, orderId) },
    UpdateExpression: 'SET updatedAt = :now ADD #version :one',
    ConditionExpression: 'attribute_exists(orderId)',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':now': stock.now().toISOString(), ':one': 1 },
  });
  await retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
};

const tryReserve = async (stock: Stock, orders: readonly Wanted[]): Promise<ReserveOutcome> => {
  const moved = totals(orders);
  const rows: Actions = orders.map((order) => ({
    Update: toState(stock, order, {
      state: 'RESERVED',
      fact: { type: 'StockReserved', ...order.cause },
      from: isNewOrBackordered,
    }),
  }));
  const tenant = orders[0]?.tenant as Tenant;
  const write = new TransactWriteCommand({
    TransactItems: [...rows, ...moved.map((line) => moveStock(stock, tenant, line))],
  });
  try {
    await retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
    return { reserved: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || isTransactionConflict(error)) throw error;
    const reasons = error.CancellationReasons ?? [];
    const settled = orders.filter((_, index) => reasons[index]?.Code === 'ConditionalCheckFailed');
    const short = shortOf(moved, reasons.slice(orders.length));
    if (settled.length === 0 && short.size === 0) throw error;
    await Promise.all(settled.map((order) => answerAgain(stock, order)));
    return { reserved: false, settled: settled.map(({ orderId }) => orderId), short };
  }
};

const get = async ({ reservations, db }: Stock, { tenant, orderId }: OrderKey): Promise<Reservation | undefined> => {
  const { Item } = await db.send(
    new GetCommand({ TableName: reservations, Key: { orderId: tenantKey(tenant, orderId) }, ConsistentRead: true }),
  );
  return Item === undefined ? undefined : reservationFromRow(Item);
};

const conditionFailed = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  (error instanceof TransactionCanceledException && !isTransactionConflict(error));

const markShort = async (stock: Stock, wanted: Wanted, shortage: Shortage): Promise<void> => {
  const fact = { type: 'StockShort', shortage, ...wanted.cause } as const;
  try {
    const write = new UpdateCommand(toState(stock, wanted, { state: 'BACKORDERED', fact, from: isNew }));
    await retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
  } catch (error) {
    if (!conditionFailed(error)) throw error;
    await answerAgain(stock, wanted); // it has a reservation by now, a tombstone, or is backordered already
  }
};

const release = async (stock: Stock, key: OrderKey, cause: Cause): Promise<void> => {
  const held = await get(stock, key);
  if (held?.state === 'RELEASED') return answerAgain(stock, key);
  const fact = { type: 'StockReleased', ...cause } as const;
  const from = held?.state === 'RESERVED' ? isReserved : isNewOrBackordered;
  const lines = held?.lines ?? [];
  const row = { Update: toState(stock, { ...key, lines }, { state: 'RELEASED', fact, from }) };
  const back = held?.state === 'RESERVED' ? lines : [];
  const moves = back.map(({ productId, quantity }) =>
    moveStock(stock, key.tenant, { productId, quantity: -quantity, orderId: key.orderId }),
  );
  const write = new TransactWriteCommand({ TransactItems: [row, ...moves] });
  await retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
};

const releaseTries = 3;

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
  return {
    /** Reserves all lines of all of the orders, which belong to one tenant, or nothing at all. */
    tryReserve: (orders: readonly Wanted[]): Promise<ReserveOutcome> => tryReserve(stock, orders),

    /** Notes that an order waits for a restock, unless it has a reservation or a tombstone. */
    markShort: (wanted: Wanted, shortage: Shortage): Promise<void> => markShort(stock, wanted, shortage),

    /** Gives back whatever the order holds and leaves a tombstone, so that a reservation that comes later is refused. */
    release: (key: OrderKey, cause: Cause): Promise<void> =>
      // a reservation that came between the read and the write fails the condition: read again
      retry(() => release(stock, key, cause), conditionFailed, { ...backoff, attempts: releaseTries }),

    get: (key: OrderKey): Promise<Reservation | undefined> => get(stock, key),
  };
};

export type StockStore = ReturnType<typeof stockStore>;
