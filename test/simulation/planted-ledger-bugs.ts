import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { movementIdOf } from '../../lambda/inventory/stock/movement';
import { moveStock, type Stock, taking, toState } from '../../lambda/inventory/stock/stock-transaction.store';
import type { Request } from '../../lambda/kernel/http/route';
import { tenantKey } from '../../lambda/kernel/tenant';
import type { Site } from './client';
import { noWait, type Parts, soundParts, stockTables } from './parts';
import { type Write, withCondition, withoutConditions } from './rewrites';
import { clockOf, reservationOf } from './world';

const stockOf = ({ world, db }: Site): Stock => ({ ...stockTables, db, now: clockOf(world), backoff: noWait });

const unconditional = <Action extends object>(action: Action): Action =>
  Object.fromEntries(Object.entries(action).map(([verb, write]) => [verb, withCondition(write, undefined)])) as Action;

/** Takes a shipped order's lines out of what is available, each time that it is asked. */
export const deductTwice: Parts['stockStore'] = (site) => ({
  ...soundParts.stockStore(site),
  deduct: async (wanted) => {
    const stock = stockOf(site);
    const fact = { type: 'StockDeducted', ...wanted.cause } as const;
    const Update = toState(stock, wanted, { state: 'DEDUCTED', fact, from: '' });
    const known = wanted.lines.filter(({ productId }) => site.world.stock.has(tenantKey(wanted.tenant, productId)));
    const moves = known.map((line) => moveStock(stock, wanted, taking(line)));
    await site.db.send(new TransactWriteCommand({ TransactItems: [{ Update }, ...moves].map(unconditional) }));
  },
});

/** Writes that nothing is held any more, and gives nothing back. */
export const releaseForgotten: Parts['stockStore'] = (site) => ({
  ...soundParts.stockStore(site),
  release: async (key, cause) => {
    const lines = reservationOf(site.world, key)?.lines ?? [];
    const fact = { type: 'StockReleased', ...cause } as const;
    const update = toState(stockOf(site), { ...key, lines }, { state: 'RELEASED', fact, from: '' });
    await site.db.send(new UpdateCommand(withCondition(update, undefined) as typeof update));
  },
});

/** Changes the stock, and notes no movement. */
export const unledgered: Parts['ledgerStore'] = (site) => {
  const sound = soundParts.ledgerStore(site);
  return { ...sound, record: ({ item }) => sound.save(item) };
};

/** Writes the stock that it has read and decided upon, whatever is there by now. */
export const overwritten: Parts['ledgerStore'] = (site) => ({
  ...soundParts.ledgerStore(site),
  record: ({ item, movement }, claim) => {
    const version = (site.world.stock.get(tenantKey(item.tenant, item.productId))?.version ?? 0) + 1;
    const renumbered = { ...movement, version, movementId: movementIdOf(version) };
    const unchecked = soundParts.ledgerStore(withoutConditions(site, ({ TableName }) => TableName === 'inventory'));
    return unchecked.record({ item: { ...item, version }, movement: renumbered }, claim);
  },
});

/** Does not know a request again that was sent before. */
export const unclaimed: Parts['ledgerStore'] = (site) => {
  const sound = soundParts.ledgerStore(site);
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

let requested = 0; // in all processes: no two returns have the same number

/** Counts goods of a return in or out of its order, whatever others have counted meanwhile. */
export const returnsOverwritten: Parts['returnStore'] = (site) => {
  const isOrder = ({ Item }: Write) => String(Item?.returnId).includes('#ORDER#');
  const forced = soundParts.returnStore(withoutConditions(site, isOrder));
  return {
    ...soundParts.returnStore(site),
    request: (given, order, claim) => {
      requested += 1;
      return forced.request({ ...given, returnId: given.returnId.replace(/\d+$/, String(requested)) }, order, claim);
    },
    save: forced.save,
  };
};
