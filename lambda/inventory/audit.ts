import { tenantKey } from '../kernel/tenant';
import type { Reservation } from './inventory';
import { type Moved, type Movement, movementIdOf } from './movement';
import { changed, type Discrepancy, type ProductKey, type StockItem } from './stock-item';

/** What the ledger and the reservations say of one product. */
export type Sums = {
  /** What all movements brought, less what all orders took. */
  onHand: number;
  /** What orders hold, and what is reserved by hand. */
  reserved: number;
  reservedByHand: number;
  hadGoods: boolean;
};

export type SumsByProduct = Map<string, Sums>;

export const keyOf = ({ tenant, productId }: ProductKey): string => tenantKey(tenant, productId);

const sumsOf = (all: SumsByProduct, key: ProductKey): Sums => {
  const sums = all.get(keyOf(key)) ?? { onHand: 0, reserved: 0, reservedByHand: 0, hadGoods: false };
  all.set(keyOf(key), sums);
  return sums;
};

export const addMovement = (all: SumsByProduct, movement: Movement): void => {
  const sums = sumsOf(all, movement);
  sums.onHand += movement.change;
  sums.reserved += movement.reservedChange;
  sums.reservedByHand += movement.reservedChange;
  sums.hadGoods ||= movement.change > 0;
};

export const addReservation = (all: SumsByProduct, { tenant, state, lines }: Reservation): void => {
  for (const { productId, quantity } of lines) {
    const sums = sumsOf(all, { tenant, productId });
    if (state === 'DEDUCTED') sums.onHand -= quantity;
    if (state === 'RESERVED') sums.reserved += quantity;
  }
};

/** A stock row beside what it should be. */
export type Judged = { readonly item: StockItem; readonly sums: Sums };

export const judge = (item: StockItem, all: SumsByProduct): Judged => ({
  item,
  sums: { ...sumsOf(all, item) },
});

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

/** Whether the catalog must be told of the product's availability again, since the first telling may be lost. */
export const toTellAgain = ({ item, sums }: Judged, at: Date): boolean =>
  Date.parse(item.updatedAt) >= at.getTime() - recently && (sums.hadGoods || item.lastOrderId !== undefined);
