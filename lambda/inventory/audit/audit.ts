import { parseTenantKey, tenantKey } from '../../kernel/tenant';
import type { Reservation, StockLine } from '../reservations/reservation';
import { changed, type Discrepancy, type ProductKey, type StockItem } from '../stock/stock-item';
import { type Moved, type Movement, movementIdOf } from '../stock/update-stock';
import type { AuditStore } from './audit.store';

/** The sums of one product's movements and reservations. */
export type Sums = {
  /** The sum of all movements minus all deductions. */
  onHand: number;
  /** What orders and staff have reserved. */
  reserved: number;
  reservedByHand: number;
  hadGoods: boolean;
};

export const noSums: Readonly<Sums> = { onHand: 0, reserved: 0, reservedByHand: 0, hadGoods: false };

/** The stored sums of one product. The next audit starts from them and reads only later changes. */
export type Checkpoint = Readonly<Sums> & {
  /** The ID of the full count that it is based on. A checkpoint of another count is void. */
  readonly count: string;
  /** It includes all changes of reservations up to this time. */
  readonly at: string;
  /** The newest movement that it includes. */
  readonly upTo: string;
};

/** The progress of the audit. */
export type AuditProgress = {
  readonly version: number;
  /** The ID of the full count that the checkpoints are based on. */
  readonly count: string;
  /** No checkpoint includes changes of reservations after this time. */
  readonly at: string;
  /** Where the full count continues. Missing once it is done. */
  readonly counting?: { readonly after?: string | undefined } | undefined;
  /** The next audit also checks some unchanged products after this one. */
  readonly lookedUpTo?: string | undefined;
};

export const keyOf = ({ tenant, productId }: ProductKey): string => tenantKey(tenant, productId);

export const productOf = (key: string): ProductKey => {
  const { tenant, id: productId } = parseTenantKey(key);
  return { tenant, productId };
};

const addMovement = (sums: Sums, movement: Movement): void => {
  sums.onHand += movement.change;
  sums.reserved += movement.reservedChange;
  sums.reservedByHand += movement.reservedChange;
  sums.hadGoods ||= movement.change > 0;
};

/** Sorts after every time. */
const endOfTime = '~';

const beforeAll = ''; // for old rows without times

const heldAt = (reservation: Reservation, at: string): readonly StockLine[] => {
  const { state, lines, heldLines = [], reservedAt = beforeAll, releasedAt, deductedAt } = reservation;
  if (reservedAt > at) return [];
  if (state === 'RESERVED') return lines;
  return (releasedAt ?? deductedAt ?? beforeAll) > at ? heldLines : [];
};

const takenAt = ({ state, lines, deductedAt = beforeAll }: Reservation, at: string): readonly StockLine[] =>
  state === 'DEDUCTED' && deductedAt <= at ? lines : [];

const quantityOf = (lines: readonly StockLine[], productId: string): number =>
  lines.reduce((sum, line) => sum + (line.productId === productId ? line.quantity : 0), 0);

/** Returns the keys of the products that a reservation holds or held. */
export const productsOf = ({ tenant, lines, heldLines = [] }: Reservation): string[] => [
  ...new Set([...lines, ...heldLines].map(({ productId }) => tenantKey(tenant, productId))),
];

type Span = {
  /** @default before the reservation existed */
  readonly from?: string | undefined;
  readonly to: string;
};

/** Adds a reservation's changes to one product after `from`, up to and including `to`. */
export const addReservation = (sums: Sums, reservation: Reservation, productId: string, { from, to }: Span): void => {
  const moved = (linesAt: typeof heldAt) =>
    quantityOf(linesAt(reservation, to), productId) -
    (from === undefined ? 0 : quantityOf(linesAt(reservation, from), productId));
  sums.reserved += moved(heldAt);
  sums.onHand -= moved(takenAt);
};

/** A stock row and the sums that it must match. */
export type Comparison = { readonly item: StockItem; readonly sums: Readonly<Sums> };

/** The differences of both figures. */
const gapOf = ({ onHand, expectedOnHand, reserved, expectedReserved }: Discrepancy) =>
  `${onHand - expectedOnHand} ${reserved - expectedReserved}`;

/** Returns the discrepancy of a row, or undefined when it adds up. */
export const discrepancyOf = ({ item, sums }: Comparison): Discrepancy | undefined => {
  const found = {
    onHand: item.stock + item.reservedQuantity,
    expectedOnHand: sums.onHand,
    reserved: item.reservedQuantity,
    expectedReserved: sums.reserved,
  };
  return gapOf(found) === '0 0' ? undefined : found;
};

/** Whether both have the same differences: sales change the figures but not the differences. */
export const isSameGap = (one: Discrepancy | undefined, other: Discrepancy | undefined): boolean =>
  (one === undefined ? undefined : gapOf(one)) === (other === undefined ? undefined : gapOf(other));

/** Returns the row with its discrepancy set or removed, or undefined when the row has it already. */
export const decideDiscrepancy = (comparison: Comparison, at: Date): StockItem | undefined => {
  const discrepancy = discrepancyOf(comparison);
  return isSameGap(discrepancy, comparison.item.discrepancy)
    ? undefined
    : changed(comparison.item, { discrepancy }, at);
};

/**
 * Returns a movement that makes the ledger match the row: the on-hand quantity stays, and the reserved quantity becomes
 * the sum. Returns undefined when more is reserved than on hand: then somebody must count the goods and adjust.
 */
export const decideRepair = (
  { item, sums }: Comparison,
  { reason, by, at }: { readonly reason: string; readonly by: string; readonly at: Date },
): Moved | undefined => {
  const onHand = item.stock + item.reservedQuantity;
  const change = onHand - sums.onHand;
  const figures = {
    stock: onHand - sums.reserved,
    reservedQuantity: sums.reserved,
    reservedByHand: sums.reservedByHand,
  };
  if (figures.stock < 0) return undefined;
  const next = changed(item, { ...figures, discrepancy: undefined }, at);
  const { tenant, productId, version } = next;
  const entry = { type: 'repair', quantity: change, change, reservedChange: 0, reason, by } as const;
  const movement = { ...entry, tenant, productId, movementId: movementIdOf(version), at: at.toISOString(), version };
  return { item: next, movement };
};

const recentMs = 3 * 60 * 60 * 1000; // three audits, so that a failed or late one loses nothing

const changedRecently = ({ updatedAt }: StockItem, at: Date) => Date.parse(updatedAt) >= at.getTime() - recentMs;

/** Whether the product's availability is published again, because its event may be lost. */
export const needsRepublish = ({ item, sums }: Comparison, at: Date): boolean =>
  changedRecently(item, at) && (sums.hadGoods || item.lastOrderId !== undefined);

/** Whether the next audit may skip the product unless it changes. */
export const isAtRest = (comparison: Comparison, at: Date): boolean =>
  !changedRecently(comparison.item, at) &&
  comparison.item.discrepancy === undefined &&
  discrepancyOf(comparison) === undefined;

/** The result of comparing some products. */
export type ComparisonResult = {
  /** The products that did not change during the comparison. */
  readonly compared: ReadonlyMap<string, Comparison>;
  readonly busy: number;
  /** The checkpoints that have advanced. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
};

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
