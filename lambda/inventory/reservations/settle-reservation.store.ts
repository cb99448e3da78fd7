import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type Actions,
  conditionFailed,
  deducting,
  failedOf,
  getReservation,
  holdsNothing,
  isNewOrBackordered,
  isReserved,
  type Move,
  moveStock,
  type OrderKey,
  releasing,
  replayResult,
  type Stock,
  taking,
  toState,
  transact,
} from '../stock/stock-writes.store';
import {
  type Cause,
  InsufficientStockError,
  type Reservation,
  type Shortage,
  type StockLine,
  type Wanted,
} from './reservation';

type Row = Actions[number];

const rowFailed = (error: TransactionCanceledException) =>
  error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';

const lesser = (move: Move, reserved: number): Move => ({
  ...move,
  stock: Math.min(move.stock, reserved),
  reserved: -reserved,
});

/** Leaves out products that inventory does not know, and takes no more from reserved than there is. */
const possible = (moves: readonly Move[], error: TransactionCanceledException): Move[] => {
  const failed = failedOf(moves, error.CancellationReasons?.slice(1) ?? []);
  return moves.flatMap((move) => {
    const { known = true, reservedQuantity = -move.reserved } = failed.get(move.productId) ?? {};
    return known && reservedQuantity > 0 ? [lesser(move, reservedQuantity)] : [];
  });
};

type RowOf = (lines: readonly StockLine[]) => Row;

const write = (stock: Stock, key: OrderKey, row: Row, moves: readonly Move[]) =>
  transact(stock, [row, ...moves.map((move) => moveStock(stock, key, move))]);

const linesOf = (moves: readonly Move[]): StockLine[] =>
  moves.map(({ productId, stock, reserved }) => ({ productId, quantity: Math.max(-stock, -reserved) }));

/** Writes the reservation with all that it gives up of what is reserved; its lines are what was given up. */
const giveUpReserved = async (stock: Stock, key: OrderKey, rowOf: RowOf, moves: readonly Move[]): Promise<void> => {
  try {
    await write(stock, key, rowOf(linesOf(moves)), moves);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !conditionFailed(error) || rowFailed(error)) throw error;
    const left = possible(moves, error);
    await write(stock, key, rowOf(linesOf(left)), left);
  }
};

const isHeld = ({ state }: Reservation) => state === 'RESERVED';

/** Gives back whatever the order holds, and leaves a tombstone. What was shipped stays shipped. */
export const release = async (stock: Stock, key: OrderKey, cause: Cause): Promise<void> => {
  const reservation = await getReservation(stock, key);
  if (reservation?.state === 'RELEASED' || reservation?.state === 'DEDUCTED') return replayResult(stock, key);
  const lines = reservation?.lines ?? [];
  const fact = { type: 'StockReleased', ...cause } as const;
  const from = reservation !== undefined && isHeld(reservation) ? isReserved : isNewOrBackordered;
  const Update = toState(stock, { ...key, lines }, { state: 'RELEASED', fact, from });
  await giveUpReserved(stock, key, () => ({ Update }), from === isReserved ? lines.map(releasing) : []);
};

const shortageOf = (lines: Wanted['lines'], failed: ReturnType<typeof failedOf>): Shortage | undefined => {
  const line = lines.find(({ productId }) => failed.get(productId)?.known);
  if (line === undefined) return undefined;
  const { stock: available = 0, productName: name = line.name } = failed.get(line.productId) ?? {};
  return { productId: line.productId, name, available, requested: line.quantity };
};

/** What was shipped has left the house, whether it was reserved or not: it is taken from what is available. */
const takeAvailable = async (stock: Stock, wanted: Wanted, rowOf: RowOf): Promise<void> => {
  const { lines } = wanted;
  const moves = lines.map(taking);
  try {
    await write(stock, wanted, rowOf(lines), moves);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !conditionFailed(error) || rowFailed(error)) throw error;
    const failed = failedOf(moves, error.CancellationReasons?.slice(1) ?? []);
    const shortage = shortageOf(lines, failed);
    if (shortage !== undefined) throw new InsufficientStockError(shortage);
    const known = lines.filter(({ productId }) => !failed.has(productId));
    await takeAvailable(stock, { ...wanted, lines: known }, rowOf);
  }
};

/** Takes what a shipped order holds out of the stock, once. */
export const deduct = async (stock: Stock, wanted: Wanted): Promise<void> => {
  const reservation = await getReservation(stock, wanted);
  if (reservation?.state === 'DEDUCTED') return replayResult(stock, wanted);
  const fact = { type: 'StockDeducted', ...wanted.cause } as const;
  const from = reservation !== undefined && isHeld(reservation) ? isReserved : holdsNothing;
  const rowOf: RowOf = (lines) => ({ Update: toState(stock, { ...wanted, lines }, { state: 'DEDUCTED', fact, from }) });
  if (from === holdsNothing) return takeAvailable(stock, wanted, rowOf);
  return giveUpReserved(stock, wanted, rowOf, reservation?.lines.map(deducting) ?? []);
};
