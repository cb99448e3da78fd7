import type { StockRequest } from '../../lambda/inventory/reservations/reservation';
import { type ReserveOutcome, reserveStock } from '../../lambda/inventory/reservations/reserve-stock';
import { trustedTenant } from '../../lambda/kernel/tenant';

const tenant = trustedTenant('default');

const wants = (orderId: string, ...lines: [productId: string, quantity: number][]): StockRequest => ({
  tenant,
  orderId,
  lines: lines.map(([productId, quantity]) => ({ productId, quantity, name: `name of ${productId}` })),
  cause: { correlationId: 'c', causationId: 'e' },
});

const askedOf = (orders: readonly StockRequest[]) => {
  const asked: Record<string, number> = {};
  for (const { productId, quantity } of orders.flatMap(({ lines }) => lines)) {
    asked[productId] = (asked[productId] ?? 0) + quantity;
  }
  return asked;
};

/** A stock of one warehouse that counts its transactions. */
const warehouse = (stock: Record<string, number>, settledBefore: string[] = []) => {
  const settledOrders = new Set(settledBefore);
  const calls: string[][] = [];
  const tryReserve = async (orders: readonly StockRequest[]): Promise<ReserveOutcome> => {
    calls.push(orders.map(({ orderId }) => orderId));
    const settled = orders.map(({ orderId }) => orderId).filter((orderId) => settledOrders.has(orderId));
    const asked = askedOf(orders);
    const known = (productId: string) => (productId in stock ? productId : undefined);
    const short = new Map(
      Object.entries(asked)
        .filter(([productId, quantity]) => (stock[productId] ?? 0) < quantity)
        .map(([productId]) => [productId, { available: stock[productId] ?? 0, name: known(productId) }]),
    );
    if (settled.length > 0 || short.size > 0) return { reserved: false, settled, short };
    for (const [productId, quantity] of Object.entries(asked)) stock[productId] = (stock[productId] ?? 0) - quantity;
    for (const { orderId } of orders) settledOrders.add(orderId);
    return { reserved: true };
  };
  return { stock, calls, reserve: reserveStock(tryReserve) };
};

const messages = (outcomes: (Error | undefined)[]) => outcomes.map((outcome) => outcome?.message);

describe('reserving for a batch of orders', () => {
  test('G7 takes the stock of ten orders for one product in one transaction', async () => {
    const { reserve, stock, calls } = warehouse({ mouse: 50 });
    const orders = Array.from({ length: 10 }, (_, n) => wants(`ORD-${n}`, ['mouse', 2]));
    expect(await reserve(orders)).toEqual(Array(10).fill(undefined));
    expect([stock.mouse, calls.length]).toEqual([30, 1]);
  });

  test('S0-26 says what is available and what was asked, and takes nothing', async () => {
    const { reserve, stock } = warehouse({ '人気商品（在庫切れ）': 0 });
    const outcomes = await reserve([wants('ORD-1', ['人気商品（在庫切れ）', 1])]);
    expect(messages(outcomes)).toEqual(['Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1']);
    expect(stock).toEqual({ '人気商品（在庫切れ）': 0 });
  });

  test('names a product that inventory does not know by the name in the order', async () => {
    const { reserve } = warehouse({});
    expect(messages(await reserve([wants('ORD-1', ['ghost', 3])]))).toEqual([
      'Insufficient stock for name of ghost. Available: 0, Requested: 3',
    ]);
  });

  test('S0-40 serves the first orders that fit, and each of the rest that still does', async () => {
    const { reserve, stock } = warehouse({ mouse: 5 });
    const outcomes = await reserve([
      wants('ORD-1', ['mouse', 2]),
      wants('ORD-2', ['mouse', 2]),
      wants('ORD-3', ['mouse', 2]),
      wants('ORD-4', ['mouse', 1]),
    ]);
    expect(messages(outcomes)).toEqual([
      undefined,
      undefined,
      'Insufficient stock for mouse. Available: 1, Requested: 2',
      undefined,
    ]);
    expect(stock.mouse).toBe(0);
  });

  test('S2-11 takes all lines of an order or none', async () => {
    const { reserve, stock } = warehouse({ mouse: 5, laptop: 0 });
    await reserve([wants('ORD-1', ['mouse', 1], ['laptop', 1])]);
    expect(stock).toEqual({ mouse: 5, laptop: 0 });
  });

  test('S0-42 a short order does not cost its neighbours their stock', async () => {
    const { reserve, stock } = warehouse({ mouse: 5, laptop: 0 });
    const outcomes = await reserve([wants('ORD-1', ['laptop', 1]), wants('ORD-2', ['mouse', 1])]);
    expect(outcomes.map((outcome) => outcome === undefined)).toEqual([false, true]);
    expect(stock).toEqual({ mouse: 4, laptop: 0 });
  });

  test('P2 an order that is in the batch twice, or was reserved before, is reserved once', async () => {
    const { reserve, stock } = warehouse({ mouse: 5 }, ['ORD-0']);
    const twice = wants('ORD-1', ['mouse', 1]);
    expect(await reserve([wants('ORD-0', ['mouse', 1]), twice, twice])).toEqual([undefined, undefined, undefined]);
    expect(stock.mouse).toBe(4);
  });

  test('never asks for more than 100 actions in one transaction', async () => {
    const { reserve, calls } = warehouse({ mouse: 1000 });
    await reserve(Array.from({ length: 150 }, (_, n) => wants(`ORD-${n}`, ['mouse', 1])));
    expect(calls.map(({ length }) => length)).toEqual([99, 51]);
  });

  test('never mixes tenants in one transaction', async () => {
    const { reserve, calls } = warehouse({ mouse: 10 });
    const other = { ...wants('ORD-2', ['mouse', 1]), tenant: trustedTenant('shop-a') };
    await reserve([wants('ORD-1', ['mouse', 1]), other, wants('ORD-3', ['mouse', 1])]);
    expect(calls).toEqual([['ORD-1', 'ORD-3'], ['ORD-2']]);
  });

  test('a fault fails the orders of that transaction and is reported as it is', async () => {
    const reserve = reserveStock(async () => {
      throw new Error('DynamoDB is down');
    });
    expect(messages(await reserve([wants('ORD-1', ['mouse', 1])]))).toEqual(['DynamoDB is down']);
  });
});
