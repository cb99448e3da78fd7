import { asError } from '../../kernel/error';
import { InsufficientStockError, type Shortage, type StockLine, type StockRequest } from './reservation';

/** The outcome of one transaction for several orders: all are reserved, or none. */
export type ReserveOutcome =
  | { readonly reserved: true }
  | {
      readonly reserved: false;
      /** The orders that need nothing more: they are reserved already, or were cancelled first. */
      readonly settled: readonly string[];
      /** The products with too little stock for all orders. `name` is missing for an unknown product. */
      readonly short: ReadonlyMap<string, { readonly available: number; readonly name?: string | undefined }>;
    };

/** Tries to reserve for all orders in one transaction. They belong to one tenant. */
export type TryReserve = (orders: readonly StockRequest[]) => Promise<ReserveOutcome>;

type Refused = Extract<ReserveOutcome, { reserved: false }>;

const maxActions = 100; // of one transaction

/** Returns one line per product with the total quantity of all orders. */
export const totals = (orders: readonly StockRequest[]): (StockLine & { orderId: string })[] => {
  const byProduct = new Map<string, StockLine & { orderId: string }>();
  for (const { orderId, lines } of orders) {
    for (const { productId, quantity } of lines) {
      byProduct.set(productId, { productId, orderId, quantity: (byProduct.get(productId)?.quantity ?? 0) + quantity });
    }
  }
  return [...byProduct.values()];
};

const actionsOf = (orders: readonly StockRequest[]) =>
  orders.length + new Set(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId))).size;

/** Splits the orders into groups that each fit into one transaction. */
const groups = (orders: readonly StockRequest[]): StockRequest[][] => {
  const all: StockRequest[][] = [];
  for (const order of orders) {
    const last = all.at(-1);
    const fits = last?.[0]?.tenant === order.tenant && actionsOf([...last, order]) <= maxActions;
    if (last !== undefined && fits) last.push(order);
    else all.push([order]);
  }
  return all;
};

/** How many of the orders, from the first on, the available stock covers. */
const fittingPrefix = (orders: readonly StockRequest[], short: Refused['short']): number => {
  const left = new Map([...short].map(([productId, { available }]) => [productId, available]));
  const index = orders.findIndex(({ lines }) =>
    lines.some(({ productId, quantity }) => {
      const remaining = (left.get(productId) ?? Number.POSITIVE_INFINITY) - quantity;
      left.set(productId, remaining);
      return remaining < 0;
    }),
  );
  return index === -1 ? orders.length : index;
};

const shortageOf = (order: StockRequest, short: Refused['short']): Shortage => {
  const line = order.lines.find(({ productId }) => short.has(productId)) ?? order.lines[0];
  if (line === undefined) throw new Error(`order ${order.orderId} has no lines`);
  const { available = 0, name = line.name } = short.get(line.productId) ?? {};
  return { productId: line.productId, name, available, requested: line.quantity };
};

type Outcomes = Map<StockRequest, Error | undefined>;

const sameOutcome = (orders: readonly StockRequest[], error: Error | undefined): Outcomes =>
  new Map(orders.map((order) => [order, error]));

const inTurn = async (tryReserve: TryReserve, parts: readonly (readonly StockRequest[])[]): Promise<Outcomes> => {
  const outcomes: Outcomes = new Map();
  for (const part of parts) {
    for (const [order, outcome] of await reserveGroup(tryReserve, part)) outcomes.set(order, outcome);
  }
  return outcomes;
};

const afterRefusal = async (
  tryReserve: TryReserve,
  orders: readonly StockRequest[],
  refused: Refused,
): Promise<Outcomes> => {
  const settled = orders.filter(({ orderId }) => refused.settled.includes(orderId));
  const open = orders.filter(({ orderId }) => !refused.settled.includes(orderId));
  const done = sameOutcome(settled, undefined);
  if (settled.length > 0) return new Map([...done, ...(await inTurn(tryReserve, [open]))]);
  if (orders.length === 1 && orders[0] !== undefined) {
    return sameOutcome(orders, new InsufficientStockError(shortageOf(orders[0], refused.short)));
  }
  const fitting = Math.min(fittingPrefix(open, refused.short), open.length - 1); // always smaller than the refused group
  return inTurn(tryReserve, [open.slice(0, fitting), ...open.slice(fitting).map((order) => [order])]);
};

const reserveGroup = async (tryReserve: TryReserve, orders: readonly StockRequest[]): Promise<Outcomes> => {
  if (orders.length === 0) return new Map();
  try {
    const outcome = await tryReserve(orders);
    return outcome.reserved ? sameOutcome(orders, undefined) : await afterRefusal(tryReserve, orders, outcome);
  } catch (error) {
    return sameOutcome(orders, asError(error));
  }
};

/**
 * Reserves for the orders of a batch together, with one write per product. When stock is short, the orders that fit are
 * reserved together and the rest one by one, so that a short order fails no other. Returns one outcome per order, in
 * the same order. All lines of an order are reserved, or none.
 */
export const reserveStock =
  (tryReserve: TryReserve) =>
  async (orders: readonly StockRequest[]): Promise<(Error | undefined)[]> => {
    const unique = [...new Map(orders.map((order) => [`${order.tenant}#${order.orderId}`, order])).values()];
    const byTenant = [...unique].sort((one, other) => one.tenant.localeCompare(other.tenant));
    const outcomes = await inTurn(tryReserve, groups(byTenant));
    const byOrder = new Map([...outcomes].map(([{ tenant, orderId }, outcome]) => [`${tenant}#${orderId}`, outcome]));
    return orders.map(({ tenant, orderId }) => byOrder.get(`${tenant}#${orderId}`));
  };
