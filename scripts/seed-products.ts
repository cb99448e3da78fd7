import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Product } from './product';

export type SeedOptions = {
  /** @default `default` */
  readonly tenant?: string;
  readonly now?: () => Date;
  readonly onProgress?: (done: number, of: number) => void;
};

const batchSize = 25;
const patience = { tries: 8, baseMs: 50 };

const copyRow = (tenant: string, { productId, name, price, currency, taxRateBps }: Product) => ({
  productId: `${tenant}#${productId}`,
  name,
  price,
  currency,
  taxRateBps,
  onSale: true,
});

const pause = (tried: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * patience.baseMs * 2 ** tried));

const writeCopies = async (db: DynamoDBDocumentClient, tenant: string, products: readonly Product[]): Promise<void> => {
  let left = products.map((product) => ({ PutRequest: { Item: copyRow(tenant, product) } }));
  for (let tried = 1; left.length > 0; tried += 1) {
    const { UnprocessedItems } = await db.send(new BatchWriteCommand({ RequestItems: { 'order-products': left } }));
    left = (UnprocessedItems?.['order-products'] ?? []) as typeof left;
    if (left.length > 0 && tried === patience.tries) throw new Error(`order-products did not take ${left.length} rows`);
    if (left.length > 0) await pause(tried);
  }
};

/** One write, without reading: an order that takes stock at the same time is before it or after it, never lost in it. */
const setStock = (tenant: string, { productId, name, stock }: Product, now: Date) =>
  new UpdateCommand({
    TableName: 'inventory',
    Key: { productId: `${tenant}#${productId}` },
    UpdateExpression:
      'SET productName = :name, stock = :stock, reservedQuantity = if_not_exists(reservedQuantity, :none), ' +
      'warehouseCode = if_not_exists(warehouseCode, :main), lastRestockedAt = :now, updatedAt = :now ADD #version :one',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: {
      ':name': name,
      ':stock': stock,
      ':none': 0,
      ':main': 'MAIN',
      ':now': now.toISOString(),
      ':one': 1,
    },
  });

/**
 * Loads products: the order service's copy (name, price, tax) and the inventory's stock. Repeatable. What is available
 * becomes `stock`, whatever it was; what earlier orders have reserved stays reserved on top of it, so that each of them
 * can still be released or shipped. On hand, which is both together, changes by as much as `stock` does.
 */
export const seedProducts = async (
  client: DynamoDBClient,
  products: readonly Product[],
  { tenant = 'default', now = () => new Date(), onProgress = () => {} }: SeedOptions = {},
): Promise<void> => {
  const db = DynamoDBDocumentClient.from(client);
  for (let at = 0; at < products.length; at += batchSize) {
    const batch = products.slice(at, at + batchSize);
    await Promise.all(batch.map((product) => db.send(setStock(tenant, product, now()))));
    await writeCopies(db, tenant, batch); // last, so that nobody orders what has no stock row yet
    onProgress(at + batch.length, products.length);
  }
};
