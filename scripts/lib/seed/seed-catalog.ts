import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { CommandError } from '../command';
import type { Tables } from '../system/tables';
import { CatalogRow, isRight, type Loaded, type NextRow, nextRow } from './seed-row';

const read = async ({ db, called }: Tables, { tenant, product }: Loaded): Promise<CatalogRow | undefined> => {
  const Key = { productId: `${tenant}#${product.productId}` };
  const { Item } = await db.send(new GetCommand({ TableName: called('products'), Key, ConsistentRead: true }));
  return Item === undefined ? undefined : CatalogRow.parse(Item);
};

/** In the lists of its categories it stands where it stands in the list of all. */
const memberWrites = (TableName: string, { tenant, product }: Loaded, { categories, place }: NextRow) =>
  categories.map((categoryId) => ({
    Update: {
      TableName,
      Key: { productId: `${tenant}#CATEGORY#${categoryId}#${product.productId}` },
      UpdateExpression: 'SET place = :place',
      ExpressionAttributeValues: { ':place': place },
    },
  }));

const write = async ({ db, called }: Tables, loaded: Loaded, Item: NextRow): Promise<boolean> => {
  const TableName = called('products');
  const isNew = { ConditionExpression: 'attribute_not_exists(productId)' };
  const isNext = {
    ConditionExpression: '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':before': Item.version - 1 },
  };
  const put = { Put: { TableName, Item, ...(Item.version === 1 ? isNew : isNext) } };
  try {
    await db.send(new TransactWriteCommand({ TransactItems: [put, ...memberWrites(TableName, loaded, Item)] }));
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
};

const tries = 10;

/**
 * Puts one product into the catalog, whose relay tells the others of it. One that is as given already is written
 * only when `toldVersion`, the newest that they have heard of, is an older one. Answers with its version.
 */
export const loadProduct = async (tables: Tables, loaded: Loaded, toldVersion: number | undefined): Promise<number> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const before = await read(tables, loaded);
    if (before?.life === 'retired')
      throw new CommandError(`${loaded.product.productId} was retired for ever: choose another ID for it.`);
    if (before !== undefined && isRight(before, loaded) && toldVersion === before.version) return before.version;
    const next = nextRow(loaded, before);
    if (await write(tables, loaded, next)) return next.version;
  }
  throw new Error(`${loaded.product.productId} changed ${tries} times while it was being loaded`);
};
