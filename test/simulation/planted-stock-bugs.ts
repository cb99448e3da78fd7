import type { StockRequest } from '../../lambda/inventory/reservations/reservation';
import { tenantKey } from '../../lambda/kernel/tenant';
import { moveStock, type StockTables, writeReservation } from '../stores/memory-stock';
import { soundParts } from './parts';

type StockStoreOf = typeof soundParts.stockStore;

const lacking = (tables: StockTables, orders: readonly StockRequest[]) =>
  new Map(
    orders.flatMap(({ tenant, lines }) =>
      lines.flatMap(({ productId, quantity }) => {
        const { stock = 0, productName } = tables.products.get(tenantKey(tenant, productId)) ?? {};
        return stock >= quantity ? [] : [[productId, { available: stock, name: productName }] as const];
      }),
    ),
  );

const take = (tables: StockTables, order: StockRequest) => {
  for (const line of order.lines) moveStock(tables, order.tenant, line);
  const fact = { type: 'StockReserved', ...order.cause } as const;
  writeReservation(tables, order, { state: 'RESERVED', lines: order.lines, fact });
};

/** Reserves whenever it is asked, whether the order has its stock already or not. */
export const dedupeOff: StockStoreOf = (tables, io) => ({
  ...soundParts.stockStore(tables, io),
  tryReserve: (orders) =>
    io('stock.tryReserve', () => {
      const short = lacking(tables, orders);
      if (short.size > 0) return { reserved: false, settled: [], short };
      for (const order of orders) take(tables, order);
      return { reserved: true };
    }),
});

/** Looks whether there is enough, and takes it later. */
export const readThenWrite: StockStoreOf = (tables, io) => ({
  ...soundParts.stockStore(tables, io),
  tryReserve: async (orders) => {
    const isNew = ({ tenant, orderId }: StockRequest) =>
      tables.reservations.get(`${tenant}#${orderId}`)?.state !== 'RESERVED';
    const open = orders.filter(isNew);
    const short = await io('stock.read', () => lacking(tables, open));
    if (short.size > 0) return { reserved: false, settled: [], short };
    await io('stock.write', () => {
      for (const order of open) take(tables, order);
    });
    return { reserved: true };
  },
});

/** Reserves for an order that was cancelled before. */
export const tombstoneIgnored: StockStoreOf = (tables, io) => {
  const sound = soundParts.stockStore(tables, io);
  const state = ({ tenant, orderId }: StockRequest) => tables.reservations.get(tenantKey(tenant, orderId))?.state;
  return {
    ...sound,
    tryReserve: async (orders) => {
      if (orders.every((order) => state(order) !== 'RELEASED')) return sound.tryReserve(orders);
      return io('stock.tryReserve', () => {
        const open = orders.filter((order) => state(order) !== 'RESERVED');
        const short = lacking(tables, open);
        if (short.size > 0) return { reserved: false, settled: [], short };
        for (const order of open) take(tables, order);
        return { reserved: true };
      });
    },
  };
};

/** Releases what is held, and leaves no trace where nothing is. */
export const releaseWithoutTombstone: StockStoreOf = (tables, io) => {
  const sound = soundParts.stockStore(tables, io);
  return {
    ...sound,
    release: async (key, cause) => {
      if (tables.reservations.has(tenantKey(key.tenant, key.orderId))) await sound.release(key, cause);
    },
  };
};

/** Does nothing when it is asked again: an answer that was lost stays lost. */
export const answersOnce: StockStoreOf = (tables, io) =>
  soundParts.stockStore(tables, (call, effect, conflict) =>
    call === 'stock.replayResult' ? Promise.resolve(undefined as never) : io(call, effect, conflict),
  );
