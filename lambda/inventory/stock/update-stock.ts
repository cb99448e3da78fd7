import { accept, type Decision, reject } from '../../kernel/decision';
import { type Backoff, retry } from '../../kernel/retry';
import { type Claim, type Moved, type Movement, type MovementType, movementIdOf } from './movement';
import { changed, isDeleted, type ProductKey, type StockItem } from './stock-item';

export type MovementRequest = Pick<Movement, 'quantity' | 'reason' | 'orderId' | 'by'> & {
  readonly type: MovementType;
  /** The version that the caller read. @default any version */
  readonly expectedVersion?: number | undefined;
  /** The version in the header If-Match. */
  readonly onlyIf?: number | undefined;
  /** The caller's network. */
  readonly network?: string | undefined;
  readonly at: Date;
};

export type Refusal =
  | { readonly kind: 'unknown-product' }
  | { readonly kind: 'version-mismatch'; readonly currentVersion: number }
  | { readonly kind: 'short'; readonly requested: number; readonly available: number }
  | { readonly kind: 'precondition-failed' }
  | { readonly kind: 'not-empty' };

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
      const released = Math.min(quantity, reservedByHand); // never what an order has reserved
      return accept({ available: released, reserved: -released });
    }
    case 'deduct':
      return reservedByHand < quantity
        ? short(quantity, reservedByHand)
        : accept({ available: 0, reserved: -quantity });
  }
};

/** Whether the movement adds goods, which also restores a deleted stock. */
const bringsGoods = (type: MovementType) => type === 'receive' || type === 'return';

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

/** Decides the effect of one movement on a product's stock. */
export const decideMovement = (item: StockItem | undefined, request: MovementRequest): Decision<Moved, Refusal> => {
  if (item === undefined || (isDeleted(item) && !bringsGoods(request.type))) return reject({ kind: 'unknown-product' });
  const { onlyIf = item.version, expectedVersion = item.version } = request;
  if (onlyIf !== item.version) return reject({ kind: 'precondition-failed' });
  if (expectedVersion !== item.version) return reject({ kind: 'version-mismatch', currentVersion: item.version });
  const effect = effectOf(request, item);
  return effect.accepted ? accept(move(item, request, effect.fact)) : effect;
};

/** Decides whether a product's stock may be deleted: only when it is empty. Its movements stay. */
const decideDelete = (
  item: StockItem | undefined,
  { at, onlyIf }: Pick<MovementRequest, 'at' | 'onlyIf'>,
): Decision<StockItem, Refusal> => {
  if (item === undefined || isDeleted(item)) return reject({ kind: 'unknown-product' });
  if (onlyIf !== undefined && onlyIf !== item.version) return reject({ kind: 'precondition-failed' });
  if (item.stock !== 0 || item.reservedQuantity !== 0) return reject({ kind: 'not-empty' });
  return accept(changed(item, { deletedAt: at.toISOString() }, at));
};

/** Thrown when another writer changed the stock between the read and the write. */
class StockChangedError extends Error {
  override readonly name = 'StockChangedError';

  constructor(readonly currentVersion: number) {
    super('the stock changed between the read and the write');
  }
}

const isChanged = (error: unknown) => error instanceof StockChangedError;

export type UpdateOutcome = Decision<Moved, Refusal> | { readonly replayed: Moved } | { readonly keyTaken: true };

/** The stored stock and its movements. A write returns false when another writer was faster. */
type Ledger = {
  readonly get: (key: ProductKey) => Promise<StockItem | undefined>;
  readonly save: (item: StockItem) => Promise<boolean>;
  readonly record: (moved: Moved, claim?: Claim) => Promise<boolean>;
  readonly claimed: (
    key: ProductKey,
    claim: string,
  ) => Promise<{ requestHash: string; movement: Movement } | undefined>;
};

export type UpdateDeps = {
  readonly ledger: Ledger;
  readonly backoff: Backoff;
};

/** Retries while other writers are faster. After the last attempt it refuses with a version mismatch. */
const retryOnChange = async <Outcome>(attempt: () => Promise<Outcome>, backoff: Backoff) => {
  try {
    return await retry(attempt, isChanged, backoff);
  } catch (error) {
    if (!(error instanceof StockChangedError)) throw error;
    return reject<Refusal>({ kind: 'version-mismatch', currentVersion: error.currentVersion });
  }
};

const replay = async ({ ledger }: UpdateDeps, key: ProductKey, claim: Claim): Promise<UpdateOutcome | undefined> => {
  const before = await ledger.claimed(key, claim.key);
  if (before === undefined) return undefined;
  if (before.requestHash !== claim.requestHash) return { keyTaken: true };
  const item = await ledger.get(key);
  if (item === undefined) throw new Error(`product ${key.productId} has movements but no stock row`);
  return { replayed: { item, movement: before.movement } };
};

/**
 * Writes one movement with the resulting stock. Refuses when the caller names a version and the stock has another. The
 * same claim makes one movement, however often it is sent.
 */
export const updateStock =
  (deps: UpdateDeps) =>
  (key: ProductKey, request: MovementRequest, claim?: Claim): Promise<UpdateOutcome> =>
    retryOnChange<UpdateOutcome>(async () => {
      const replayed = claim && (await replay(deps, key, claim));
      if (replayed !== undefined) return replayed;
      const item = await deps.ledger.get(key);
      const decision = decideMovement(item, request);
      if (!decision.accepted) return decision;
      if (await deps.ledger.record(decision.fact, claim)) return decision;
      throw new StockChangedError(decision.fact.item.version);
    }, deps.backoff);

/** Deletes the empty stock of a product. */
export const deleteStock =
  ({ ledger, backoff }: UpdateDeps) =>
  (key: ProductKey, request: Pick<MovementRequest, 'at' | 'onlyIf'>): Promise<Decision<StockItem, Refusal>> =>
    retryOnChange<Decision<StockItem, Refusal>>(async () => {
      const item = await ledger.get(key);
      const decision = decideDelete(item, request);
      if (!decision.accepted || (await ledger.save(decision.fact))) return decision;
      throw new StockChangedError(decision.fact.version);
    }, backoff);
