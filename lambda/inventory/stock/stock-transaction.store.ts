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
import { isTransactionConflict } from '../../kernel/dynamodb/dynamodb';
import { type Backoff, retry } from '../../kernel/retry';
import { tenantKey } from '../../kernel/tenant';
import type { Cause, Reservation, ReservationFact, ReservationState, StockLine } from '../reservations/reservation';
import { reservationFromRow, StockRow } from '../reservations/reservation';
import { changedProducts, changeShardOf } from './stock-changes';

/** The two tables of orders' stock, with their client. */
export type Stock = {
  readonly inventory: string;
  readonly reservations: string;
  readonly db: DynamoDBDocumentClient;
  readonly now: () => Date;
  readonly backoff: Backoff;
};

export type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;
export type OrderKey = Pick<Reservation, 'tenant' | 'orderId'>;

type NextState = {
  readonly state: ReservationState;
  readonly fact: ReservationFact & Cause;
  /** The condition on the previous state. */
  readonly from: string;
  /** The orders in the same transaction. The audit finds them through this order's index entry. */
  readonly changedWith?: readonly string[] | undefined;
  /** Whether the index entry of another order covers this one. @default false */
  readonly sharesIndexEntry?: boolean;
};

const states = { ':reserved': 'RESERVED', ':backordered': 'BACKORDERED', ':released': 'RELEASED' };

export const isNew = 'attribute_not_exists(orderId)';
export const isNewOrBackordered = `${isNew} OR #state = :backordered`;
export const holdsNothing = `${isNewOrBackordered} OR #state = :released`;
export const isReserved = '#state = :reserved';

const timeColumns = { RESERVED: 'reservedAt', RELEASED: 'releasedAt', DEDUCTED: 'deductedAt' } as const;

/** The columns for the audit of a change that moves stock: its time, the previous lines and the index entry. */
const auditColumns = ({ state, from, changedWith, sharesIndexEntry = false }: NextState): string => {
  const movesStock = state === 'RESERVED' || state === 'DEDUCTED' || from === isReserved;
  if (state === 'BACKORDERED' || !movesStock) return '';
  const previousLines = from === isReserved ? ', heldLines = #lines' : '';
  const entry = sharesIndexEntry ? '' : ', changedIn = :shard, changedAt = :now';
  const together = changedWith === undefined ? '' : ', changedWith = :others';
  return `, ${timeColumns[state]} = :now${previousLines}${entry}${together}`;
};

const auditValues = (columns: string, orderId: string, { changedWith }: NextState): Record<string, unknown> => ({
  ...(columns.includes(':shard') ? { ':shard': changeShardOf(orderId) } : {}),
  ...(columns.includes(':others') ? { ':others': changedWith } : {}),
});

const shortColumn = (state: ReservationState) => (state === 'BACKORDERED' ? ', wasShort = :yes' : '');

/** Returns the update to the next state, with the condition on the previous one. */
export const toState = (
  stock: Stock,
  { tenant, orderId, lines }: OrderKey & { lines: readonly StockLine[] },
  next: NextState,
) => {
  const { state, fact, from } = next;
  const columns = `${shortColumn(state)}${auditColumns(next)}`;
  return {
    TableName: stock.reservations,
    Key: { orderId: tenantKey(tenant, orderId) },
    UpdateExpression: `SET #state = :state, #lines = :lines, #fact = :fact, updatedAt = :now${columns} ADD #version :one`,
    ConditionExpression: from,
    ExpressionAttributeNames: { '#state': 'state', '#lines': 'lines', '#fact': 'fact', '#version': 'version' },
    ExpressionAttributeValues: {
      ':state': state,
      ':lines': lines.map(({ productId, quantity }) => ({ productId, quantity })),
      ':fact': fact,
      ':now': stock.now().toISOString(),
      ':one': 1,
      ...(columns.includes(':yes') ? { ':yes': true } : {}),
      ...auditValues(columns, orderId, next),
      ...Object.fromEntries(Object.entries(states).filter(([name]) => from.includes(name))),
    },
  };
};

/** An order's change to one product: of the available and of the reserved quantity. */
export type Move = { readonly productId: string; readonly stock: number; readonly reserved: number };

export const reserving = ({ productId, quantity }: StockLine): Move => ({
  productId,
  stock: -quantity,
  reserved: quantity,
});
export const releasing = ({ productId, quantity }: StockLine): Move => ({
  productId,
  stock: quantity,
  reserved: -quantity,
});
export const deducting = ({ productId, quantity }: StockLine): Move => ({ productId, stock: 0, reserved: -quantity });
export const taking = ({ productId, quantity }: StockLine): Move => ({ productId, stock: -quantity, reserved: 0 });

/** Returns one product's update of an order's transaction. Its condition keeps quantities from going below 0. */
export const moveStock = (
  stock: Stock,
  { tenant, orderId }: OrderKey,
  { productId, stock: available, reserved }: Move,
): Actions[number] => ({
  Update: {
    TableName: stock.inventory,
    Key: { productId: tenantKey(tenant, productId) },
    UpdateExpression:
      'SET stock = stock + :available, reservedQuantity = reservedQuantity + :reserved, lastOrderId = :order, updatedAt = :now, changedIn = :changed ADD #version :one',
    ConditionExpression: available < 0 ? 'stock >= :taken' : 'reservedQuantity >= :taken',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: {
      ':available': available,
      ':reserved': reserved,
      ':taken': available < 0 ? -available : -reserved,
      ':order': orderId,
      ':changed': changedProducts,
      ':now': stock.now().toISOString(),
      ':one': 1,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

/** Returns the products whose condition failed, with their stock. `known` is false for an unknown product. */
export const failedOf = (moves: readonly { productId: string }[], reasons: readonly CancellationReason[]) =>
  new Map(
    moves.flatMap(({ productId }, index) => {
      const reason = reasons[index];
      if (reason?.Code !== 'ConditionalCheckFailed') return [];
      const row = StockRow.parse(reason.Item === undefined ? {} : unmarshall(reason.Item));
      return [[productId, { ...row, known: reason.Item !== undefined }] as const];
    }),
  );

/** Increases only the version, so that the relay publishes the fact again: the first event may be lost. */
export const replayResult = async (stock: Stock, { tenant, orderId }: OrderKey): Promise<void> => {
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

/** Writes all or nothing. Retries conflicts with other transactions. Throws when a condition fails. */
export const transact = (stock: Stock, TransactItems: Actions): Promise<unknown> => {
  const write = new TransactWriteCommand({ TransactItems });
  return retry(() => stock.db.send(write), isTransactionConflict, stock.backoff);
};

export const getReservation = async (
  { reservations, db }: Stock,
  { tenant, orderId }: OrderKey,
): Promise<Reservation | undefined> => {
  const { Item } = await db.send(
    new GetCommand({ TableName: reservations, Key: { orderId: tenantKey(tenant, orderId) }, ConsistentRead: true }),
  );
  return Item === undefined ? undefined : reservationFromRow(Item);
};

export const conditionFailed = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException ||
  (error instanceof TransactionCanceledException && !isTransactionConflict(error));
