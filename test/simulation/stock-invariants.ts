import type { Reservation } from '../../lambda/inventory/reservations/reservation';
import type { Movement } from '../../lambda/inventory/stock/movement';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { tenantKey } from '../../lambda/kernel/tenant';
import { broken } from './promises';
import type { World } from './world';

type Sums = { onHand: number; reserved: number; reservedByHand: number };

const sumsOf = (all: Map<string, Sums>, key: string): Sums => {
  const sums = all.get(key) ?? { onHand: 0, reserved: 0, reservedByHand: 0 };
  all.set(key, sums);
  return sums;
};

const addMovement = (sums: Sums, { change, reservedChange }: Movement) => {
  sums.onHand += change;
  sums.reserved += reservedChange;
  sums.reservedByHand += reservedChange;
};

const addReservation = (all: Map<string, Sums>, { tenant, state, lines }: Reservation) => {
  for (const { productId, quantity } of lines) {
    const sums = sumsOf(all, tenantKey(tenant, productId));
    if (state === 'RESERVED') sums.reserved += quantity;
    if (state === 'DEDUCTED') sums.onHand -= quantity;
  }
};

/** What the ledger and the reservations say that there is of each product. */
const accountsOf = ({ movements, reservations }: World): Map<string, Sums> => {
  const all = new Map<string, Sums>();
  for (const [key, one] of movements) addMovement(sumsOf(all, key), one);
  for (const reservation of reservations.values()) addReservation(all, reservation);
  return all;
};

const checkProduct = (key: string, row: StockItem, sums: Sums) => {
  const { stock, reservedQuantity, reservedByHand } = row;
  const has = `${stock} in stock, ${reservedQuantity} reserved, ${reservedByHand} of it by hand`;
  if (stock < 0 || reservedQuantity < 0 || reservedByHand < 0) broken('P4', `${key} has ${has}`);
  if (stock + reservedQuantity !== sums.onHand) broken('P4', `${key} has ${has}, and ${sums.onHand} by its ledger`);
  if (reservedQuantity !== sums.reserved) broken('P4', `${key} has ${has}, and ${sums.reserved} are held`);
  if (reservedByHand !== sums.reservedByHand) broken('P4', `${key} has ${has}, not ${sums.reservedByHand}`);
};

const byNobody = ['opening', 'at once']; // what the simulation itself puts on the partitions

const checkLedger = (key: string, movements: readonly Movement[], row: StockItem) => {
  const reasons = new Set<string>();
  let last = 0;
  for (const { reason, version } of movements) {
    if (reasons.has(reason) && !byNobody.includes(reason)) broken('P3', `${reason} moved ${key} twice`);
    if (version <= last || version > row.version) broken('S4-24', `${key} has a movement ${version} after ${last}`);
    reasons.add(reason);
    last = version;
  }
};

/** What must hold of every product's stock, at every moment. */
export const stockWatcher = (world: World): (() => void) => {
  const seen = new Map<string, StockItem>();
  const watch = (key: string, row: StockItem) => {
    const before = seen.get(key);
    if (before !== undefined && before !== row && before.version >= row.version) {
      broken('S4-24', `${key} was changed and keeps version ${row.version}`);
    }
    seen.set(key, row);
    checkLedger(key, world.movements.all(key), row);
  };
  return () => {
    const accounts = accountsOf(world);
    for (const [key, row] of world.stock) {
      checkProduct(key, row, sumsOf(accounts, key));
      watch(key, row);
    }
  };
};

/** Once nothing goes on any more, all goods that came back are in stock, once. */
export const checkGoodsBack = ({ returns, movements }: World): void => {
  for (const { tenant, returnId, lines, status } of returns.values()) {
    for (const { productId, quantity } of lines) {
      const ledger = movements.all(tenantKey(tenant, productId));
      const back = ledger.filter(({ reason }) => reason === `Return ${returnId}`);
      const pieces = back.reduce((sum, { change }) => sum + change, 0);
      const expected = status === 'COMPLETED' ? quantity : 0;
      if (pieces !== expected) broken('P4', `${returnId} is ${status} and brought back ${pieces} of ${productId}`);
    }
  }
};
