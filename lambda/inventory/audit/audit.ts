import { parseTenantKey, tenantKey } from '../../kernel/tenant';
import type { Reservation, StockLine } from '../reservations/reservation';
import { type Moved, movementIdOf } from '../stock/movement';
import { changed, type Discrepancy, type ProductKey, type StockItem } from '../stock/stock-item';

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
