import {
  type AuditProgress,
  addMovement,
  addReservation,
  asItIs,
  type Checkpoint,
  type Judged,
  keyOf,
  productOf,
  productsOf,
  type Sums,
} from './audit';
import type { AuditStore } from './audit.store';

/** What one look at some products has found. */
export type Look = {
  /** The products that nobody changed meanwhile. */
  readonly judged: ReadonlyMap<string, Judged>;
  readonly busy: number;
  /** The checkpoints that have moved on. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
};

type Adding = { readonly before: Checkpoint; readonly now: Sums; readonly settled: Sums; upTo: string };

const atOnce = 20;

const inGroups = async <One>(all: readonly One[], work: (one: One) => Promise<void>): Promise<void> => {
  for (let at = 0; at < all.length; at += atOnce) await Promise.all(all.slice(at, at + atOnce).map(work));
};

const addReservations = async (audit: AuditStore, since: string, until: string, all: Map<string, Adding>) => {
  for await (const reservation of audit.changedReservations(since)) {
    for (const key of productsOf(reservation)) {
      const adding = all.get(key);
      if (adding === undefined) continue;
      const { at: from } = adding.before;
      const { productId } = productOf(key);
      addReservation(adding.now, reservation, productId, { from, to: asItIs });
      addReservation(adding.settled, reservation, productId, { from, to: from > until ? from : until });
    }
  }
};

const addMovements = (audit: AuditStore, all: ReadonlyMap<string, Adding>) =>
  inGroups([...all], async ([key, adding]) => {
    for await (const movement of audit.movements(key, adding.upTo)) {
      addMovement(adding.now, movement);
      addMovement(adding.settled, movement);
      adding.upTo = movement.movementId;
    }
  });

const movedOn = ({ before, settled, upTo }: Adding, until: string): Checkpoint[] => {
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

/** Compares products with what they come from: their checkpoints and all that was done since, as it was `until` then. */
export const look = async (
  audit: AuditStore,
  progress: AuditProgress,
  keys: readonly string[],
  until: string,
): Promise<Look> => {
  const versions = new Map((await audit.items(keys)).map((item) => [keyOf(item), item.version]));
  const all = new Map<string, Adding>();
  for (const [key, before] of await audit.checkpoints(keys, progress))
    all.set(key, { before, now: sumsOf(before), settled: sumsOf(before), upTo: before.upTo });
  await addReservations(audit, progress.at, until, all);
  await addMovements(audit, all);
  const judged = new Map<string, Judged>();
  let busy = 0;
  for (const item of await audit.items(keys)) {
    const sums = all.get(keyOf(item))?.now;
    if (sums !== undefined && versions.get(keyOf(item)) === item.version) judged.set(keyOf(item), { item, sums });
    else busy += 1;
  }
  const checkpoints = [...all].flatMap(([key, adding]) => movedOn(adding, until).map((one) => [key, one] as const));
  return { judged, busy, checkpoints: new Map(checkpoints) };
};
