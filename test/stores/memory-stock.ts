import type { AuditProgress, Checkpoint } from '../../lambda/inventory/audit/audit';
import {
  type Cause,
  InsufficientStockError,
  type Reservation,
  type Shortage,
  type StockLine,
  type StockRequest,
} from '../../lambda/inventory/reservations/reservation';
import { maxActions, type ReserveOutcome } from '../../lambda/inventory/reservations/reserve-stock';
import type { Movement } from '../../lambda/inventory/stock/movement';
import type { StockStore } from '../../lambda/inventory/stock/stock.store';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { ConditionError, conflicts, type Io, type OnChange, stored } from './io';

/** A stock row; what it lacks is as in a row that was loaded before there was a ledger. */
export type ProductStock = Pick<StockItem, 'productName' | 'stock' | 'reservedQuantity'> &
  Partial<Omit<StockItem, 'tenant' | 'productId'>>;

/** What is in the tables of the inventory service. */
export type StockTables = {
  readonly products: Map<string, ProductStock>;
  readonly reservations: Map<string, Reservation>;
  /** By product, in the order of their versions. */
  readonly movements: Map<string, Movement[]>;
  readonly claims: Map<string, { readonly requestHash: string; readonly movement: Movement }>;
  /** The products that were changed since the audit found them at rest. */
  readonly changed: Set<string>;
  readonly audit: { progress?: AuditProgress; readonly checkpoints: Map<string, Checkpoint> };
  readonly onChange: OnChange;
  readonly now: () => Date;
};

export const stockTables = (now: () => Date, onChange: OnChange = () => undefined): StockTables => ({
  products: new Map(),
  reservations: new Map(),
  movements: new Map(),
  claims: new Map(),
  changed: new Set(),
  audit: { checkpoints: new Map() },
  onChange,
  now,
});

type OrderKey = Pick<Reservation, 'tenant' | 'orderId'>;
type NextState = Pick<Reservation, 'state' | 'fact' | 'lines'>;

const keyOf = ({ tenant, orderId }: OrderKey) => tenantKey(tenant, orderId);

const imageOf = (reservation: Reservation | undefined) => {
  if (reservation === undefined) return undefined;
  const { tenant: _, ...rest } = reservation;
  return { ...rest, orderId: keyOf(reservation) };
};

const momentOf = { RESERVED: 'reservedAt', RELEASED: 'releasedAt', DEDUCTED: 'deductedAt' } as const;

/** When a reservation moved stock, and what it held before: the audit reads it. */
const movedOf = (before: Reservation | undefined, { state, fact, lines: _ }: NextState, at: string) => {
  const { reservedAt, releasedAt, deductedAt, heldLines } = before ?? {};
  const kept = { reservedAt, releasedAt, deductedAt, heldLines };
  if (state === 'BACKORDERED' || before?.state === state || fact.type === 'StockShort') return kept;
  const wasHeld = before?.state === 'RESERVED';
  if (state === 'RELEASED' && !wasHeld) return kept;
  return { ...kept, [momentOf[state]]: at, ...(wasHeld ? { heldLines: before.lines } : {}) };
};

/** Writes the next state of a reservation; its version follows from the row. */
export const writeReservation = (tables: StockTables, key: OrderKey, next: NextState): void => {
  const before = tables.reservations.get(keyOf(key));
  const after: Reservation = stored({
    tenant: key.tenant,
    orderId: key.orderId,
    state: next.state,
    lines: next.lines.map(({ productId, quantity }) => ({ productId, quantity })),
    fact: next.fact,
    ...(before?.wasShort || next.state === 'BACKORDERED' ? { wasShort: true } : {}),
    ...movedOf(before, next, tables.now().toISOString()),
    version: (before?.version ?? 0) + 1,
    updatedAt: tables.now().toISOString(),
  });
  tables.reservations.set(keyOf(key), after);
  tables.onChange(imageOf(before), imageOf(after));
};

type Change = { readonly stock: number; readonly reserved: number };

const changeStock = (tables: StockTables, key: string, { stock, reserved }: Change): void => {
  const product = tables.products.get(key);
  if (product === undefined) throw new ConditionError(key);
  tables.changed.add(key);
  tables.products.set(key, {
    ...product,
    stock: product.stock + stock,
    reservedQuantity: product.reservedQuantity + reserved,
    version: (product.version ?? 1) + 1,
    updatedAt: tables.now().toISOString(),
  });
};

/** Moves `quantity` of one product from available to reserved. */
export const moveStock = (tables: StockTables, tenant: Tenant, { productId, quantity }: StockLine): void =>
  changeStock(tables, tenantKey(tenant, productId), { stock: -quantity, reserved: quantity });

/** Takes what is reserved for a line, and says how much: no more than there is, nothing of what nobody knows. */
const onExhausted = (
  tables: StockTables,
  tenant: Tenant,
  { productId, quantity }: StockLine,
  back: 0 | 1,
): StockLine => {
  const key = tenantKey(tenant, productId);
  const given = Math.min(quantity, tables.products.get(key)?.reservedQuantity ?? 0);
  if (given > 0) changeStock(tables, key, { stock: back * given, reserved: -given });
  return { productId, quantity: given };
};

const totals = (orders: readonly StockRequest[]): Map<string, number> => {
  const byProduct = new Map<string, number>();
  for (const { productId, quantity } of orders.flatMap(({ lines }) => lines)) {
    byProduct.set(productId, (byProduct.get(productId) ?? 0) + quantity);
  }
  return byProduct;
};

/** Somebody asks again: only the version rises, so that the stream tells the fact once more. */
const replayResult = (tables: StockTables, key: OrderKey): void => {
  const held = tables.reservations.get(keyOf(key));
  if (held === undefined) throw new ConditionError(keyOf(key));
  writeReservation(tables, key, held);
};

const checkTransaction = (orders: readonly StockRequest[], products: number) => {
  if (new Set(orders.map(keyOf)).size !== orders.length) throw new Error('the same item twice in one transaction');
  if (orders.length + products > maxActions) throw new Error('too many actions in one transaction');
};

const tryReserve = (tables: StockTables, orders: readonly StockRequest[]): ReserveOutcome => {
  const tenant = orders[0]?.tenant as Tenant;
  const wanted = totals(orders);
  checkTransaction(orders, wanted.size);
  const isSettled = (order: StockRequest) =>
    (tables.reservations.get(keyOf(order))?.state ?? 'BACKORDERED') !== 'BACKORDERED';
  const settled = orders.filter(isSettled).map(({ orderId }) => orderId);
  const short = new Map(
    [...wanted].flatMap(([productId, quantity]) => {
      const { stock, productName } = tables.products.get(tenantKey(tenant, productId)) ?? { stock: 0 };
      return stock >= quantity && productName !== undefined
        ? []
        : [[productId, { available: stock, name: productName }] as const];
    }),
  );
  if (settled.length + short.size > 0) return { reserved: false, settled, short };
  for (const order of orders) {
    const fact = { type: 'StockReserved', ...order.cause } as const;
    writeReservation(tables, order, { state: 'RESERVED', lines: order.lines, fact });
  }
  for (const [productId, quantity] of wanted) moveStock(tables, tenant, { productId, quantity });
  return { reserved: true };
};

const markShort = (tables: StockTables, wanted: StockRequest, shortage: Shortage) => {
  if (tables.reservations.has(keyOf(wanted))) return false;
  const fact = { type: 'StockShort', shortage, ...wanted.cause } as const;
  writeReservation(tables, wanted, { state: 'BACKORDERED', lines: wanted.lines, fact });
  return true;
};

const releaseHeld = (tables: StockTables, key: OrderKey, held: Reservation | undefined, cause: Cause) => {
  const state = tables.reservations.get(keyOf(key))?.state;
  const mayFollow = held?.state === 'RESERVED' ? state === 'RESERVED' : state === undefined || state === 'BACKORDERED';
  if (!mayFollow) throw new ConditionError(keyOf(key));
  const lines = held?.lines ?? [];
  writeReservation(tables, key, { state: 'RELEASED', lines, fact: { type: 'StockReleased', ...cause } });
  if (held?.state !== 'RESERVED') return;
  for (const line of lines) onExhausted(tables, key.tenant, line, 1);
};

const takeAvailable = (tables: StockTables, { tenant, lines }: StockRequest): readonly StockLine[] => {
  const known = lines.filter(({ productId }) => tables.products.has(tenantKey(tenant, productId)));
  const stockOf = ({ productId }: StockLine) => tables.products.get(tenantKey(tenant, productId))?.stock ?? 0;
  const short = known.find((line) => stockOf(line) < line.quantity);
  if (short !== undefined) {
    const { productId, quantity: requested, name } = short;
    throw new InsufficientStockError({ productId, name, available: stockOf(short), requested });
  }
  for (const { productId, quantity } of known)
    changeStock(tables, tenantKey(tenant, productId), { stock: -quantity, reserved: 0 });
  return known;
};

const deductHeld = (tables: StockTables, wanted: StockRequest, held: Reservation | undefined): void => {
  const state = tables.reservations.get(keyOf(wanted))?.state;
  const isHeld = held?.state === 'RESERVED';
  if (isHeld ? state !== 'RESERVED' : state === 'RESERVED' || state === 'DEDUCTED') throw new ConditionError('state');
  const lines = isHeld
    ? held.lines.map((line) => onExhausted(tables, wanted.tenant, line, 0)).filter(({ quantity }) => quantity > 0)
    : takeAvailable(tables, wanted);
  writeReservation(tables, wanted, { state: 'DEDUCTED', lines, fact: { type: 'StockDeducted', ...wanted.cause } });
};

const release = async (tables: StockTables, io: Io, key: OrderKey, cause: Cause): Promise<void> => {
  const held = await io('stock.get', () => tables.reservations.get(keyOf(key)));
  if (held?.state === 'RELEASED' || held?.state === 'DEDUCTED')
    return io('stock.replayResult', () => replayResult(tables, key));
  await io('stock.release', () => releaseHeld(tables, key, held, cause), conflicts);
};

const deduct = async (tables: StockTables, io: Io, wanted: StockRequest): Promise<void> => {
  const held = await io('stock.get', () => tables.reservations.get(keyOf(wanted)));
  if (held?.state === 'DEDUCTED') return io('stock.replayResult', () => replayResult(tables, wanted));
  await io('stock.deduct', () => deductHeld(tables, wanted, held), conflicts);
};

const settleTries = 3;

const settling = async (attempt: () => Promise<void>): Promise<void> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConditionError) || tried === settleTries) throw error;
    }
  }
};

/** The stock store over tables in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryStockStore = (tables: StockTables, io: Io): StockStore => ({
  tryReserve: async (orders) => {
    const outcome = await io('stock.tryReserve', () => tryReserve(tables, orders), conflicts);
    if (outcome.reserved) return outcome;
    const settled = orders.filter(({ orderId }) => outcome.settled.includes(orderId));
    await Promise.all(settled.map((order) => io('stock.replayResult', () => replayResult(tables, order))));
    return outcome;
  },
  markShort: async (wanted, shortage) => {
    if (await io('stock.markShort', () => markShort(tables, wanted, shortage))) return;
    await io('stock.replayResult', () => replayResult(tables, wanted));
  },
  release: (key, cause) => settling(() => release(tables, io, key, cause)),
  deduct: (wanted) => settling(() => deduct(tables, io, wanted)),
  get: (key) => io('stock.get', () => tables.reservations.get(keyOf(key))),
});
