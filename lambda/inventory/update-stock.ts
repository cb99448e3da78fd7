import { type Decision, reject } from '../kernel/decision';
import { type Backoff, retry } from '../kernel/retry';
import type { Claim, LedgerStore } from './ledger.store';
import { decideDelete, decideMovement, type Moved, type MovementRequest, type Refusal } from './movement';
import type { ProductKey, StockItem } from './stock-item';

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
