import type { Movement } from '../stock/movement';
import {
  type AuditProgress,
  addReservation,
  type Checkpoint,
  type Comparison,
  keyOf,
  productOf,
  productsOf,
  type Sums,
} from './audit';
import type { AuditStore } from './audit.store';

/** The result of comparing some products. */
export type ComparisonResult = {
  /** The products that did not change during the comparison. */
  readonly compared: ReadonlyMap<string, Comparison>;
  readonly busy: number;
  /** The checkpoints that have advanced. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
};

const addMovement = (sums: Sums, movement: Movement): void => {
  sums.onHand += movement.change;
  sums.reserved += movement.reservedChange;
  sums.reservedByHand += movement.reservedChange;
  sums.hadGoods ||= movement.change > 0;
};

/** Sorts after every time. */
const endOfTime = '~';

type RunningSums = { readonly before: Checkpoint; readonly now: Sums; readonly settled: Sums; upTo: string };

const atOnce = 20;

const inGroups = async <One>(all: readonly One[], work: (one: One) => Promise<void>): Promise<void> => {
  for (let at = 0; at < all.length; at += atOnce) await Promise.all(all.slice(at, at + atOnce).map(work));
};

const addReservations = async (audit: AuditStore, since: string, until: string, all: Map<string, RunningSums>) => {
  for await (const reservation of audit.changedReservations(since)) {
    for (const key of productsOf(reservation)) {
      const running = all.get(key);
      if (running === undefined) continue;
      const { at: from } = running.before;
      const { productId } = productOf(key);
      addReservation(running.now, reservation, productId, { from, to: endOfTime });
      addReservation(running.settled, reservation, productId, { from, to: from > until ? from : until });
    }
  }
};

const addMovements = (audit: AuditStore, all: ReadonlyMap<string, RunningSums>) =>
  inGroups([...all], async ([key, running]) => {
    for await (const movement of audit.movements(key, running.upTo)) {
      addMovement(running.now, movement);
      addMovement(running.settled, movement);
      running.upTo = movement.movementId;
    }
  });

const advancedCheckpoint = ({ before, settled, upTo }: RunningSums, until: string): Checkpoint[] => {
  const next = { ...before, ...settled, upTo, at: before.at > until ? before.at : until };
  const isSame = (Object.keys(settled) as (keyof Sums)[]).every((name) => before[name] === next[name]);
  return isSame && upTo === before.upTo ? [] : [next];
};

const sumsOf = ({ onHand, reserved, reservedByHand, hadGoods }: Sums): Sums => ({
  onHand,
  reserved,
  reservedByHand,
  hadGoods,
});

/**
 * Compares products with their checkpoints and all later changes. The new checkpoints include changes up to `until`.
 */
export const compareProducts = async (
  audit: AuditStore,
  progress: AuditProgress,
  keys: readonly string[],
  until: string,
): Promise<ComparisonResult> => {
  const versions = new Map((await audit.items(keys)).map((item) => [keyOf(item), item.version]));
  const all = new Map<string, RunningSums>();
  for (const [key, before] of await audit.checkpoints(keys, progress))
    all.set(key, { before, now: sumsOf(before), settled: sumsOf(before), upTo: before.upTo });
  await addReservations(audit, progress.at, until, all);
  await addMovements(audit, all);
  const compared = new Map<string, Comparison>();
  let busy = 0;
  for (const item of await audit.items(keys)) {
    const sums = all.get(keyOf(item))?.now;
    if (sums !== undefined && versions.get(keyOf(item)) === item.version) compared.set(keyOf(item), { item, sums });
    else busy += 1;
  }
  const checkpoints = [...all].flatMap(([key, running]) =>
    advancedCheckpoint(running, until).map((one) => [key, one] as const),
  );
  return { compared, busy, checkpoints: new Map(checkpoints) };
};
