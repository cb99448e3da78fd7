import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { StockRequest } from '../../lambda/inventory/reservations/reservation';
import { totals } from '../../lambda/inventory/reservations/reserve-stock';
import { holdsNothing } from '../../lambda/inventory/stock/stock-transaction.store';
import { rewriting, type Site } from './client';
import { soundParts, stockTables } from './parts';
import { rewritingWrites, withoutConditions } from './rewrites';
import { reservationOf } from './world';

type StockStoreOf = typeof soundParts.stockStore;

const { inventory, reservations } = stockTables;

/** Reserves whenever it is asked, whether the order has its stock already or not. */
export const dedupeOff: StockStoreOf = (site) => ({
  ...soundParts.stockStore(site),
  tryReserve: soundParts.stockStore(withoutConditions(site, ({ TableName }) => TableName === reservations)).tryReserve,
});

type Row = { readonly productId: string; readonly stock: number; readonly productName?: string };

/** What of the orders' products is not there at this moment. */
const lacking = async ({ db }: Site, orders: readonly StockRequest[]) => {
  const tenant = orders[0]?.tenant ?? '';
  const wanted = totals(orders);
  const Keys = wanted.map(({ productId }) => ({ productId: `${tenant}#${productId}` }));
  const { Responses = {} } = await db.send(new BatchGetCommand({ RequestItems: { [inventory]: { Keys } } }));
  const rows = (Responses[inventory] ?? []) as Row[];
  return new Map(
    wanted.flatMap(({ productId, quantity }) => {
      const { stock = 0, productName } = rows.find((row) => row.productId === `${tenant}#${productId}`) ?? {};
      return stock >= quantity ? [] : [[productId, { available: stock, name: productName }] as const];
    }),
  );
};

/** Looks whether there is enough, and takes it later. */
export const readThenWrite: StockStoreOf = (site) => {
  const unchecked = soundParts.stockStore(withoutConditions(site, ({ TableName }) => TableName === inventory));
  return {
    ...soundParts.stockStore(site),
    tryReserve: async (orders) => {
      const short = await lacking(site, orders);
      return short.size > 0 ? { reserved: false, settled: [], short } : unchecked.tryReserve(orders);
    },
  };
};

/** Reserves for an order that was cancelled before. */
export const tombstoneIgnored: StockStoreOf = (site) => {
  const overTombstones = rewritingWrites((write) =>
    write.TableName !== reservations
      ? write
      : {
          ...write,
          ConditionExpression: holdsNothing,
          ExpressionAttributeValues: { ...write.ExpressionAttributeValues, ':released': 'RELEASED' },
        },
  );
  return {
    ...soundParts.stockStore(site),
    tryReserve: soundParts.stockStore(rewriting(site, overTombstones)).tryReserve,
  };
};

/** Releases what is held, and leaves no trace where nothing is. */
export const releaseWithoutTombstone: StockStoreOf = (site) => {
  const sound = soundParts.stockStore(site);
  return {
    ...sound,
    release: async (key, cause) => {
      if (reservationOf(site.world, key) !== undefined) await sound.release(key, cause);
    },
  };
};

const tellsAgain = 'SET updatedAt = :now ADD #version :one';

/** Does nothing when it is asked again: an answer that was lost stays lost. */
export const answersOnce: StockStoreOf = (site) =>
  soundParts.stockStore(
    rewriting(site, (command) => {
      const { UpdateExpression } = command.input as { UpdateExpression?: string };
      return UpdateExpression === tellsAgain ? undefined : command;
    }),
  );
