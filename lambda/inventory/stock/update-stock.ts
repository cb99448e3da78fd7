import { accept, type Decision, reject } from '../../kernel/decision';
import { type Backoff, retry } from '../../kernel/retry';
import type { Claim, LedgerStore } from './ledger.store';
import { changed, isDeleted, type ProductKey, type StockItem } from './stock-item';

/** Goods that come back by a `return` are on hand again as those that are received; nobody asks for one by hand. */
export type MovementType = 'receive' | 'return' | 'adjust' | 'reserve' | 'release' | 'deduct';

/** One entry of the ledger. Nobody changes it, and what is on hand is the sum of them all, less what orders took. */
export type Movement = ProductKey & {
  /** The version of the stock that it made, with leading zeros: movements are sorted by it. */
  readonly movementId: string;
  readonly type: MovementType | 'repair';
  /** As it was asked. */
  readonly quantity: number;
  /** How many more are on hand. */
  readonly change: number;
  /** How many more are reserved by hand. */
  readonly reservedChange: number;
  readonly reason: string;
  readonly orderId?: string | undefined;
  /** Who did it. */
  readonly by: string;
  readonly at: string;
  readonly version: number;
};

export type MovementRequest = Pick<Movement, 'quantity' | 'reason' | 'orderId' | 'by'> & {
  readonly type: MovementType;
  /** The version that the caller has seen; whatever it is when missing. */
  readonly expectedVersion?: number | undefined;
  /** The version that the header If-Match names. */
  readonly onlyIf?: number | undefined;
  /** Where it is done from. */
  readonly network?: string | undefined;
  readonly at: Date;
};

export type Refusal =
  | { readonly kind: 'unknown-product' }
  | { readonly kind: 'version-mismatch'; readonly currentVersion: number }
  | { readonly kind: 'short'; readonly requested: number; readonly available: number }
  | { readonly kind: 'precondition-failed' }
  | { readonly kind: 'not-empty' };

/** A movement and the stock that comes of it: written together or not at all. */
export type Moved = { readonly item: StockItem; readonly movement: Movement };

type Effect = { readonly available: number; readonly reserved: number };

const short = (requested: number, available: number) => reject<Refusal>({ kind: 'short', requested, available });

const effectOf = ({ type, quantity }: MovementRequest, item: StockItem): Decision<Effect, Refusal> => {
  const { stock, reservedByHand } = item;
  switch (type) {
    case 'receive':
    case 'return':
      return accept({ available: quantity, reserved: 0 });
    case 'adjust':
      return stock + quantity < 0 ? short(-quantity, stock) : accept({ available: quantity, reserved: 0 });
    case 'reserve':
      return stock < quantity ? short(quantity, stock) : accept({ available: -quantity, reserved: quantity });
    case 'release': {
      const held = Math.min(quantity, reservedByHand); // never below 0, and never what an order holds
      return accept({ available: held, reserved: -held });
    }
    case 'deduct':
      return reservedByHand < quantity
        ? short(quantity, reservedByHand)
        : accept({ available: 0, reserved: -quantity });
  }
};

/** Goods that come into the house begin a deleted stock anew. */
const bringsGoods = (type: MovementType) => type === 'receive' || type === 'return';

export const movementIdOf = (version: number): string => String(version).padStart(12, '0');

const move = (item: StockItem, request: MovementRequest, { available, reserved }: Effect): Moved => {
  const { type, quantity, reason, orderId, by, network, at } = request;
  const next = changed(
    item,
    {
      stock: item.stock + available,
      reservedQuantity: item.reservedQuantity + reserved,
      reservedByHand: item.reservedByHand + reserved,
      ...(type === 'receive' ? { lastRestockedAt: at.toISOString() } : {}),
      ...(bringsGoods(type) ? { deletedAt: undefined } : {}),
      movedBy: { actor: by, network, version: item.version + 1 },
    },
    at,
  );
  const { tenant, productId, version } = next;
  const movement: Movement = {
    tenant,
    productId,
    movementId: movementIdOf(version),
    type,
    quantity,
    change: available + reserved,
    reservedChange: reserved,
    reason,
    orderId,
    by,
    at: at.toISOString(),
    version,
  };
  return { item: next, movement };
};

/** Decides what one movement by hand does to the stock of a product. */
export const decideMovement = (item: StockItem | undefined, request: MovementRequest): Decision<Moved, Refusal> => {
  if (item === undefined || (isDeleted(item) && !bringsGoods(request.type))) return reject({ kind: 'unknown-product' });
  const { onlyIf = item.version, expectedVersion = item.version } = request;
  if (onlyIf !== item.version) return reject({ kind: 'precondition-failed' });
  if (expectedVersion !== item.version) return reject({ kind: 'version-mismatch', currentVersion: item.version });
  const effect = effectOf(request, item);
  return effect.accepted ? accept(move(item, request, effect.fact)) : effect;
};

/** Decides whether the stock of a product may be forgotten: only when nothing is there. Its movements stay. */
export const decideDelete = (
  item: StockItem | undefined,
  { at, onlyIf }: Pick<MovementRequest, 'at' | 'onlyIf'>,
): Decision<StockItem, Refusal> => {
  if (item === undefined || isDeleted(item)) return reject({ kind: 'unknown-product' });
  if (onlyIf !== undefined && onlyIf !== item.version) return reject({ kind: 'precondition-failed' });
  if (item.stock !== 0 || item.reservedQuantity !== 0) return reject({ kind: 'not-empty' });
  return accept(changed(item, { deletedAt: at.toISOString() }, at));
};

/** Somebody else changed the stock between the read and the write. */
class ChangedMeanwhileError extends Error {
  override readonly name = 'ChangedMeanwhileError';

  constructor(readonly currentVersion: number) {
    super('the stock changed meanwhile');
  }
}

const isChanged = (error: unknown) => error instanceof ChangedMeanwhileError;

export type UpdateOutcome = Decision<Moved, Refusal> | { readonly replayed: Moved } | { readonly keyTaken: true };

export type UpdateDeps = {
  readonly ledger: Pick<LedgerStore, 'get' | 'record' | 'claimed' | 'save'>;
  readonly backoff: Backoff;
};

/** Runs again while others are faster; gives up as if the caller had seen an older version, which is true by then. */
const whileOthersAreFaster = async <Outcome>(attempt: () => Promise<Outcome>, backoff: Backoff) => {
  try {
    return await retry(attempt, isChanged, backoff);
  } catch (error) {
    if (!(error instanceof ChangedMeanwhileError)) throw error;
    return reject<Refusal>({ kind: 'version-mismatch', currentVersion: error.currentVersion });
  }
};

const replay = async ({ ledger }: UpdateDeps, key: ProductKey, claim: Claim): Promise<UpdateOutcome | undefined> => {
  const before = await ledger.claimed(key, claim.key);
  if (before === undefined) return undefined;
  if (before.requestHash !== claim.requestHash) return { keyTaken: true };
  const item = await ledger.get(key);
  if (item === undefined) throw new Error(`product ${key.productId} has movements and no stock`);
  return { replayed: { item, movement: before.movement } };
};

/**
 * Writes one movement and the stock that comes of it. A caller that names no version does not care who comes first; one
 * that does is refused when somebody has come between. The same claim makes one movement, however often it comes.
 */
export const updateStock =
  (deps: UpdateDeps) =>
  (key: ProductKey, request: MovementRequest, claim?: Claim): Promise<UpdateOutcome> =>
    whileOthersAreFaster<UpdateOutcome>(async () => {
      const again = claim && (await replay(deps, key, claim));
      if (again !== undefined) return again;
      const item = await deps.ledger.get(key);
      const decision = decideMovement(item, request);
      if (!decision.accepted) return decision;
      if (await deps.ledger.record(decision.fact, claim)) return decision;
      throw new ChangedMeanwhileError(decision.fact.item.version);
    }, deps.backoff);

/** Forgets the stock of a product of which nothing is there. */
export const deleteStock =
  ({ ledger, backoff }: UpdateDeps) =>
  (key: ProductKey, request: Pick<MovementRequest, 'at' | 'onlyIf'>): Promise<Decision<StockItem, Refusal>> =>
    whileOthersAreFaster<Decision<StockItem, Refusal>>(async () => {
      const item = await ledger.get(key);
      const decision = decideDelete(item, request);
      if (!decision.accepted || (await ledger.save(decision.fact))) return decision;
      throw new ChangedMeanwhileError(decision.fact.version);
    }, backoff);
