/**
 * How an in-memory store talks to its table: each call is one moment at which the table changes or is read.
 * `conflict` is what the caller sees when a transaction's conflicts outlast its retries.
 */
export type Io = <T>(call: string, effect: () => T, conflict?: () => T) => Promise<T>;

/** Every call works, at once. */
export const directly: Io = async (_call, effect) => effect();

/** The value as a table gives it back: a copy, without undefined fields. */
export const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A condition of a write did not hold. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
}

/** Other transactions held the same items for as long as the store tried. */
class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

export const conflicts = (): never => {
  throw new ConflictError('TransactionConflict');
};

/** Tells whoever reads a table's stream of one change of an item. */
export type OnChange = (before: unknown, after: unknown) => void;
