import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Tables } from '../system/tables';

const StockRow = z.object({
  productId: z.string(),
  productName: z.string(),
  stock: z.int(),
  reservedQuantity: z.int(),
  warehouseCode: z.string(),
  lastOrderId: z.string().optional(),
  updatedAt: z.iso.datetime(),
  version: z.int(),
});

/** A row of the inventory table, without its tenant. */
export type StockRow = z.infer<typeof StockRow>;

type Key = { readonly productId: string };

const batchSize = 100;

const readBatch = async (tables: Tables, keys: readonly Key[]): Promise<Record<string, unknown>[]> => {
  const table = tables.called('inventory');
  const { Responses, UnprocessedKeys } = await tables.db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: [...keys], ConsistentRead: true } } }),
  );
  const left = (UnprocessedKeys?.[table]?.Keys ?? []) as Key[];
  return [...(Responses?.[table] ?? []), ...(left.length > 0 ? await readBatch(tables, left) : [])];
};

/** The stock as it is now, by product ID; a product without a row is missing. */
export const readStock = async (
  tables: Tables,
  tenant: string,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, StockRow>> => {
  const keys = productIds.map((productId) => ({ productId: `${tenant}#${productId}` }));
  const stock = new Map<string, StockRow>();
  for (let at = 0; at < keys.length; at += batchSize) {
    for (const item of await readBatch(tables, keys.slice(at, at + batchSize))) {
      const row = StockRow.parse(item);
      const productId = row.productId.slice(tenant.length + 1);
      stock.set(productId, { ...row, productId });
    }
  }
  return stock;
};
