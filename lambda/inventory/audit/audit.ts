import { parseTenantKey, tenantKey } from '../../kernel/tenant';
import type { Reservation, StockLine } from '../reservations/reservation';
import { changed, type Discrepancy, type ProductKey, type StockItem } from '../stock/stock-item';
import { type Moved, type Movement, movementIdOf } from '../stock/update-stock';
import type { AuditStore } from './audit.store';

/** What the ledger and the reservations say of one product. */
export type Sums = {
  /** What all movements brought, less what all orders took. */
  onHand: number;
  /** What orders hold, and what is reserved by hand. */
  reserved: number;
  reservedByHand: number;
  hadGoods: boolean;
};

export const noSums: Readonly<Sums> = { onHand: 0, reserved: 0, reservedByHand: 0, hadGoods: false };

/** The sums of one product that an audit goes on from, so that it reads only what has changed since. */
export type Checkpoint = Readonly<Sums> & {
  /** The count of all reservations that it goes back to; one of another count is void. */
  readonly count: string;
  /** Reservations are in it as they were at this moment. */
  readonly at: string;
  /** The newest movement that is in it. */
  readonly upTo: string;
};

/** How far the audit has come. */
export type AuditProgress = {
  readonly version: number;
  /** Names the count of all reservations that the checkpoints go back to. */
  readonly count: string;
  /** What reservations did after this moment is in no checkpoint yet. */
  readonly at: string;
  /** Where the count goes on; missing once it is done. */
  readonly counting?: { readonly after?: string | undefined } | undefined;
  /** The product after which the next audit looks at some that nobody has changed. */
  readonly lookedUpTo?: string | undefined;
};

export const keyOf = ({ tenant, productId }: ProductKey): string => tenantKey(tenant, productId);

export const productOf = (key: string): ProductKey => {
  const { tenant, id: productId } = parseTenantKey(key);
  return { tenant, productId };
};

export const addMovement = (sums: Sums, movement: Movement): void => {
  sums.onHand += movement.change;
  sums.reserved += movement.reservedChange;
  sums.reservedByHand += movement.reservedChange;
  sums.hadGoods ||= movement.change > 0;
};

/** Sorts behind every moment. */
export const asItIs = '~';

const beforeAll = ''; // rows from before the moments were kept

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

/** The products that a reservation has, or had, to do with. */
export const productsOf = ({ tenant, lines, heldLines = [] }: Reservation): string[] => [
  ...new Set([...lines, ...heldLines].map(({ productId }) => tenantKey(tenant, productId))),
];

type Span = {
  /** @default from before it was made */
  readonly from?: string | undefined;
  readonly to: string;
};

/** Adds what a reservation did to one product after `from`, up to and with `to`. */
export const addReservation = (sums: Sums, reservation: Reservation, productId: string, { from, to }: Span): void => {
  const moved = (linesAt: typeof heldAt) =>
    quantityOf(linesAt(reservation, to), productId) -
    (from === undefined ? 0 : quantityOf(linesAt(reservation, from), productId));
  sums.reserved += moved(heldAt);
  sums.onHand -= moved(takenAt);
};

/** A stock row beside what it should be. */
export type Judged = { readonly item: StockItem; readonly sums: Readonly<Sums> };

/** How far the row is from what it should be, in both figures. */
const gapOf = ({ onHand, expectedOnHand, reserved, expectedReserved }: Discrepancy) =>
  `${onHand - expectedOnHand} ${reserved - expectedReserved}`;

/** What is wrong with the row; nothing when it adds up. */
export const discrepancyOf = ({ item, sums }: Judged): Discrepancy | undefined => {
  const found = {
    onHand: item.stock + item.reservedQuantity,
    expectedOnHand: sums.onHand,
    reserved: item.reservedQuantity,
    expectedReserved: sums.reserved,
  };
  return gapOf(found) === '0 0' ? undefined : found;
};

/** Whether both say the same: a product may go on being sold while it is wrong by the same number. */
export const isSameGap = (one: Discrepancy | undefined, other: Discrepancy | undefined): boolean =>
  (one === undefined ? undefined : gapOf(one)) === (other === undefined ? undefined : gapOf(other));

/** The row with what was found noted on it, or taken off; nothing when that is noted already. */
export const decideNote = (judged: Judged, at: Date): StockItem | undefined => {
  const discrepancy = discrepancyOf(judged);
  return isSameGap(discrepancy, judged.item.discrepancy) ? undefined : changed(judged.item, { discrepancy }, at);
};

/**
 * A movement that explains the row to the ledger: what is on hand stays, what is reserved becomes what orders and hands
 * really hold. Nothing when more is held than is there: then somebody must count, and adjust.
 */
export const decideRepair = (
  { item, sums }: Judged,
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

const recently = 3 * 60 * 60 * 1000; // three audits: one that fails, or runs late, loses nothing

const changedRecently = ({ updatedAt }: StockItem, at: Date) => Date.parse(updatedAt) >= at.getTime() - recently;

/** Whether the catalog must be told of the product's availability again, since the first telling may be lost. */
export const toTellAgain = ({ item, sums }: Judged, at: Date): boolean =>
  changedRecently(item, at) && (sums.hadGoods || item.lastOrderId !== undefined);

/** Whether the next audit need not look at the product unless somebody changes it. */
export const isAtRest = (judged: Judged, at: Date): boolean =>
  !changedRecently(judged.item, at) && judged.item.discrepancy === undefined && discrepancyOf(judged) === undefined;

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
