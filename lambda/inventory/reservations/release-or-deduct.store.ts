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
} from '../stock/stock-transaction.store';
import {
  type Cause,
  InsufficientStockError,
  type Reservation,
  type Shortage,
  type StockLine,
  type StockRequest,
} from './reservation';

type Row = Actions[number];

const rowFailed = (error: TransactionCanceledException) =>
  error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed';

const limitMove = (move: Move, reserved: number): Move => ({
  ...move,
  stock: Math.min(move.stock, reserved),
  reserved: -reserved,
});

/** Leaves out unknown products and limits each move to the reserved quantity. */
const possibleMoves = (moves: readonly Move[], error: TransactionCanceledException): Move[] => {
  const failed = failedOf(moves, error.CancellationReasons?.slice(1) ?? []);
  return moves.flatMap((move) => {
    const { known = true, reservedQuantity = -move.reserved } = failed.get(move.productId) ?? {};
    return known && reservedQuantity > 0 ? [limitMove(move, reservedQuantity)] : [];
  });
};

type RowOf = (lines: readonly StockLine[]) => Row;

const write = (stock: Stock, key: OrderKey, row: Row, moves: readonly Move[]) =>
  transact(stock, [row, ...moves.map((move) => moveStock(stock, key, move))]);

const linesOf = (moves: readonly Move[]): StockLine[] =>
  moves.map(({ productId, stock, reserved }) => ({ productId, quantity: Math.max(-stock, -reserved) }));

/** Writes the reservation and removes its reserved quantities. Its lines become the removed ones. */
const removeReserved = async (stock: Stock, key: OrderKey, rowOf: RowOf, moves: readonly Move[]): Promise<void> => {
  try {
    await write(stock, key, rowOf(linesOf(moves)), moves);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !conditionFailed(error) || rowFailed(error)) throw error;
    const left = possibleMoves(moves, error);
    await write(stock, key, rowOf(linesOf(left)), left);
  }
};

const hasStock = ({ state }: Reservation) => state === 'RESERVED';

/** Releases the order's stock and leaves a tombstone. A shipped order stays deducted. */
export const release = async (stock: Stock, key: OrderKey, cause: Cause): Promise<void> => {
  const reservation = await getReservation(stock, key);
  if (reservation?.state === 'RELEASED' || reservation?.state === 'DEDUCTED') return replayResult(stock, key);
  const lines = reservation?.lines ?? [];
  const fact = { type: 'StockReleased', ...cause } as const;
  const from = reservation !== undefined && hasStock(reservation) ? isReserved : isNewOrBackordered;
  const Update = toState(stock, { ...key, lines }, { state: 'RELEASED', fact, from });
  await removeReserved(stock, key, () => ({ Update }), from === isReserved ? lines.map(releasing) : []);
};

const shortageOf = (lines: StockRequest['lines'], failed: ReturnType<typeof failedOf>): Shortage | undefined => {
  const line = lines.find(({ productId }) => failed.get(productId)?.known);
  if (line === undefined) return undefined;
  const { stock: available = 0, productName: name = line.name } = failed.get(line.productId) ?? {};
  return { productId: line.productId, name, available, requested: line.quantity };
};

/** Deducts a shipped order without a reservation from the available stock, since the goods have left. */
const takeAvailable = async (stock: Stock, request: StockRequest, rowOf: RowOf): Promise<void> => {
  const { lines } = request;
  const moves = lines.map(taking);
  try {
    await write(stock, request, rowOf(lines), moves);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException) || !conditionFailed(error) || rowFailed(error)) throw error;
    const failed = failedOf(moves, error.CancellationReasons?.slice(1) ?? []);
    const shortage = shortageOf(lines, failed);
    if (shortage !== undefined) throw new InsufficientStockError(shortage);
    const known = lines.filter(({ productId }) => !failed.has(productId));
    await takeAvailable(stock, { ...request, lines: known }, rowOf);
  }
};

/** Deducts a shipped order's stock, once. */
export const deduct = async (stock: Stock, request: StockRequest): Promise<void> => {
  const reservation = await getReservation(stock, request);
  if (reservation?.state === 'DEDUCTED') return replayResult(stock, request);
  const fact = { type: 'StockDeducted', ...request.cause } as const;
  const from = reservation !== undefined && hasStock(reservation) ? isReserved : holdsNothing;
  const rowOf: RowOf = (lines) => ({
    Update: toState(stock, { ...request, lines }, { state: 'DEDUCTED', fact, from }),
  });
  if (from === holdsNothing) return takeAvailable(stock, request, rowOf);
  return removeReserved(stock, request, rowOf, reservation?.lines.map(deducting) ?? []);
};
