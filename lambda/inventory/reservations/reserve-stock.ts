import { asError } from '../../kernel/http/http';
import { InsufficientStockError, type Shortage, type StockLine, type Wanted } from './reservation';

/** What became of a reservation that was tried for several orders at once: all or none of them. */
export type ReserveOutcome =
  | { readonly reserved: true }
  | {
      readonly reserved: false;
      /** Orders that need nothing more: reserved before, or cancelled before they came. */
      readonly settled: readonly string[];
      /** Products whose stock does not cover all that was asked. `name` is missing when inventory has no such product. */
      readonly short: ReadonlyMap<string, { readonly available: number; readonly name?: string | undefined }>;
    };

/** Tries to reserve for all of the orders in one transaction. They belong to one tenant. */
export type TryReserve = (orders: readonly Wanted[]) => Promise<ReserveOutcome>;

type Refused = Extract<ReserveOutcome, { reserved: false }>;

export const maxActions = 100; // of one transaction

/** One line per product: what all of the orders want of it together. */
export const totals = (orders: readonly Wanted[]): (StockLine & { orderId: string })[] => {
  const byProduct = new Map<string, StockLine & { orderId: string }>();
  for (const { orderId, lines } of orders) {
    for (const { productId, quantity } of lines) {
      byProduct.set(productId, { productId, orderId, quantity: (byProduct.get(productId)?.quantity ?? 0) + quantity });
    }
  }
  return [...byProduct.values()];
};

const actionsOf = (orders: readonly Wanted[]) =>
  orders.length + new Set(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId))).size;

/** Splits into groups that one transaction can take. */
const groups = (orders: readonly Wanted[]): Wanted[][] => {
  const all: Wanted[][] = [];
  for (const order of orders) {
    const last = all.at(-1);
    const fits = last?.[0]?.tenant === order.tenant && actionsOf([...last, order]) <= maxActions;
    if (last !== undefined && fits) last.push(order);
    else all.push([order]);
  }
  return all;
};

/** How many of the orders, from the first on, what is left can serve. */
const fittingPrefix = (orders: readonly Wanted[], short: Refused['short']): number => {
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

const shortageOf = (order: Wanted, short: Refused['short']): Shortage => {
  const line = order.lines.find(({ productId }) => short.has(productId)) ?? order.lines[0];
  if (line === undefined) throw new Error(`order ${order.orderId} has no lines`);
  const { available = 0, name = line.name } = short.get(line.productId) ?? {};
  return { productId: line.productId, name, available, requested: line.quantity };
};

type Outcomes = Map<Wanted, Error | undefined>;

const settleAll = (orders: readonly Wanted[], error: Error | undefined): Outcomes =>
  new Map(orders.map((order) => [order, error]));

const inTurn = async (tryReserve: TryReserve, parts: readonly (readonly Wanted[])[]): Promise<Outcomes> => {
  const outcomes: Outcomes = new Map();
  for (const part of parts) {
    for (const [order, outcome] of await reserveGroup(tryReserve, part)) outcomes.set(order, outcome);
  }
  return outcomes;
};

const afterRefusal = async (tryReserve: TryReserve, orders: readonly Wanted[], refused: Refused): Promise<Outcomes> => {
  const settled = orders.filter(({ orderId }) => refused.settled.includes(orderId));
  const open = orders.filter(({ orderId }) => !refused.settled.includes(orderId));
  const done = settleAll(settled, undefined);
  if (settled.length > 0) return new Map([...done, ...(await inTurn(tryReserve, [open]))]);
  if (orders.length === 1 && orders[0] !== undefined) {
    return settleAll(orders, new InsufficientStockError(shortageOf(orders[0], refused.short)));
  }
  const fitting = Math.min(fittingPrefix(open, refused.short), open.length - 1); // always smaller than what was refused
  return inTurn(tryReserve, [open.slice(0, fitting), ...open.slice(fitting).map((order) => [order])]);
};

const reserveGroup = async (tryReserve: TryReserve, orders: readonly Wanted[]): Promise<Outcomes> => {
  if (orders.length === 0) return new Map();
  try {
    const outcome = await tryReserve(orders);
    return outcome.reserved ? settleAll(orders, undefined) : await afterRefusal(tryReserve, orders, outcome);
  } catch (error) {
    return settleAll(orders, asError(error));
  }
};

/**
 * Reserves for the orders of one batch together: one write per product. When that does not fit, the orders that do are
 * reserved together and the rest one by one, so a short order never costs its neighbours their stock.
 * Answers with one outcome per order, in their order; all lines of an order are reserved or none.
 */
export const reserveStock =
  (tryReserve: TryReserve) =>
  async (orders: readonly Wanted[]): Promise<(Error | undefined)[]> => {
    const unique = [...new Map(orders.map((order) => [`${order.tenant}#${order.orderId}`, order])).values()];
    const byTenant = [...unique].sort((one, other) => one.tenant.localeCompare(other.tenant));
    const outcomes = await inTurn(tryReserve, groups(byTenant));
    const byOrder = new Map([...outcomes].map(([{ tenant, orderId }, outcome]) => [`${tenant}#${orderId}`, outcome]));
    return orders.map(({ tenant, orderId }) => byOrder.get(`${tenant}#${orderId}`));
  };
