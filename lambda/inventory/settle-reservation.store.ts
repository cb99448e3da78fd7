import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type Cause, InsufficientStockError, type Reservation, type Wanted } from './inventory';
import {
  type Actions,
  answerAgain,
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
  type Stock,
  taking,
  toState,
  transact,
} from './stock-writes.store';

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

/** Writes the reservation with all that it gives up of what is reserved. */
const giveUpReserved = async (stock: Stock, key: OrderKey, row: Row, moves: readonly Move[]): Promise<void> => {
  try {
    await transact(stock, [row, ...moves.map((move) => moveStock(stock, key, move))]);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !conditionFailed(error) || rowFailed(error)) throw error;
    await transact(stock, [row, ...possible(moves, error).map((move) => moveStock(stock, key, move))]);
  }
};

const held = ({ state }: Reservation) => state === 'RESERVED';

/** Gives back whatever the order holds, and leaves a tombstone. What was shipped stays shipped. */
export const release = async (stock: Stock, key: OrderKey, cause: Cause): Promise<void> => {
  const reservation = await getReservation(stock, key);
  if (reservation?.state === 'RELEASED' || reservation?.state === 'DEDUCTED') return answerAgain(stock, key);
  const fact = { type: 'StockReleased', ...cause } as const;
  const lines = reservation?.lines ?? [];
  const from = reservation !== undefined && held(reservation) ? isReserved : isNewOrBackordered;
  const Update = toState(stock, { ...key, lines }, { state: 'RELEASED', fact, from });
  await giveUpReserved(stock, key, { Update }, from === isReserved ? lines.map(releasing) : []);
};

/** What was shipped has left the house, whether it was reserved or not: it is taken from what is available. */
const takeUnreserved = async (stock: Stock, wanted: Wanted, row: Row, lines: Wanted['lines']): Promise<void> => {
  const moves = lines.map(taking);
  try {
    await transact(stock, [row, ...moves.map((move) => moveStock(stock, wanted, move))]);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !conditionFailed(error) || rowFailed(error)) throw error;
    const failed = failedOf(moves, error.CancellationReasons?.slice(1) ?? []);
    const short = lines.find(({ productId }) => failed.get(productId)?.known);
    if (short !== undefined) {
      const { stock: available = 0, productName: name = short.name } = failed.get(short.productId) ?? {};
      throw new InsufficientStockError({ productId: short.productId, name, available, requested: short.quantity });
    }
    const known = lines.filter(({ productId }) => !failed.has(productId));
    await takeUnreserved(stock, wanted, row, known);
  }
};

/** Takes what a shipped order holds out of the stock, once. */
export const deduct = async (stock: Stock, wanted: Wanted): Promise<void> => {
  const reservation = await getReservation(stock, wanted);
  if (reservation?.state === 'DEDUCTED') return answerAgain(stock, wanted);
  const fact = { type: 'StockDeducted', ...wanted.cause } as const;
  if (reservation !== undefined && held(reservation)) {
    const { lines } = reservation;
    const Update = toState(stock, { ...wanted, lines }, { state: 'DEDUCTED', fact, from: isReserved });
    return giveUpReserved(stock, wanted, { Update }, lines.map(deducting));
  }
  const Update = toState(stock, wanted, { state: 'DEDUCTED', fact, from: holdsNothing });
  return takeUnreserved(stock, wanted, { Update }, wanted.lines);
};
