import type { Request } from '../../lambda/kernel/http/route';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { DeliveredOrder, Return } from '../../lambda/return/return';
import { directly } from '../stores/io';
import { itemOf } from '../stores/memory-ledger';
import { writeReservation } from '../stores/memory-stock';
import { type Parts, soundParts } from './parts';

/** Takes a shipped order's lines out of what is available, each time that it is asked. */
export const deductTwice: Parts['stockStore'] = (tables, io) => {
  const sound = soundParts.stockStore(tables, io);
  return {
    ...sound,
    deduct: (wanted) =>
      io('stock.deduct', () => {
        for (const { productId, quantity } of wanted.lines) {
          const key = tenantKey(wanted.tenant, productId);
          const row = tables.products.get(key);
          const version = (row?.version ?? 1) + 1;
          if (row !== undefined) tables.products.set(key, { ...row, stock: row.stock - quantity, version });
        }
        const fact = { type: 'StockDeducted', ...wanted.cause } as const;
        writeReservation(tables, wanted, { state: 'DEDUCTED', lines: wanted.lines, fact });
      }),
  };
};

/** Writes that nothing is held any more, and gives nothing back. */
export const releaseForgotten: Parts['stockStore'] = (tables, io) => ({
  ...soundParts.stockStore(tables, io),
  release: (key, cause) =>
    io('stock.release', () => {
      const lines = tables.reservations.get(tenantKey(key.tenant, key.orderId))?.lines ?? [];
      writeReservation(tables, key, { state: 'RELEASED', lines, fact: { type: 'StockReleased', ...cause } });
    }),
});

/** Changes the stock, and notes no movement. */
export const unledgered: Parts['ledgerStore'] = (tables, io) => {
  const sound = soundParts.ledgerStore(tables, io);
  return { ...sound, record: ({ item }) => sound.save(item) };
};

/** Writes the stock that it has read and decided upon, whatever is there by now. */
export const overwritten: Parts['ledgerStore'] = (tables, io) => {
  const sound = soundParts.ledgerStore(tables, io);
  return {
    ...sound,
    record: ({ item, movement }, claim) =>
      io('ledger.record', () => {
        const key = tenantKey(item.tenant, item.productId);
        const version = (itemOf(tables, key)?.version ?? 0) + 1;
        tables.products.set(key, { ...item, version });
        tables.movements.set(key, [...(tables.movements.get(key) ?? []), { ...movement, version }]);
        if (claim !== undefined) tables.claims.set(`${key} ${claim.key}`, { ...claim, movement });
        return true;
      }),
  };
};

/** Does not know a request again that was sent before. */
export const unclaimed: Parts['ledgerStore'] = (tables, io) => {
  const sound = soundParts.ledgerStore(tables, io);
  return { ...sound, claimed: async () => undefined, record: (moved) => sound.record(moved) };
};

const without = (request: Request, name: string): Request => {
  const { [name]: _, ...body } = JSON.parse(request.body || '{}') as Record<string, unknown>;
  return { ...request, body: JSON.stringify(body) };
};

/** Makes a movement, whatever version the caller has seen. */
export const expectingNothing: Parts['updateStockRoute'] = (deps) => (request) =>
  soundParts.updateStockRoute(deps)(without(request, 'expectedVersion'));

/** Changes an order's status, whatever version the caller has seen. */
export const versionIgnored: Parts['updateOrderStatusRoute'] = (deps) => (request) =>
  soundParts.updateOrderStatusRoute(deps)(without(request, 'version'));

/** Counts goods of a return in or out of its order, whatever others have counted meanwhile. */
export const returnsOverwritten: Parts['returnStore'] = (table, io) => {
  const atOnce = soundParts.returnStore(table, directly);
  const versionOf = ({ tenant, orderId }: DeliveredOrder) =>
    table.orders.get(tenantKey(tenant, `ORDER#${orderId}`))?.version ?? 0;
  const forced = (order: DeliveredOrder): DeliveredOrder => ({ ...order, version: versionOf(order) + 1 });
  const renumbered = (given: Return): Return => {
    const { length } = [...table.returns.values()];
    return { ...given, returnId: given.returnId.replace(/\d+$/, String(length + 1)) };
  };
  return {
    ...soundParts.returnStore(table, io),
    request: async (given, order, claim) =>
      io('returns.request', () => atOnce.request(renumbered(given), forced(order), claim)),
    save: async (next, order) => io('returns.save', () => atOnce.save(next, order && forced(order))),
  };
};
