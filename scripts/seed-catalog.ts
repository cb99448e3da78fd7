import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CommandError } from './command';
import type { Product } from './product';
import type { Tables } from './tables';

const Row = z.looseObject({
  life: z.enum(['active', 'retired', 'deleted']),
  name: z.string(),
  price: z.int(),
  currency: z.string(),
  taxRateBps: z.int(),
  status: z.boolean(),
  categories: z.array(z.string()),
  offSaleBy: z.string().optional(),
  stockVersion: z.int(),
  createdAt: z.string(),
  version: z.int(),
});
type Row = z.infer<typeof Row>;

type Loaded = {
  readonly tenant: string;
  readonly product: Product;
  /** The version of its stock: what inventory says of an older one is old news to the catalog. */
  readonly stockVersion: number;
  readonly at: string;
  readonly correlationId: string;
};

const isRight = (row: Row, { product, stockVersion }: Loaded) =>
  row.life === 'active' &&
  row.name === product.name &&
  row.price === product.price &&
  row.currency === product.currency &&
  row.taxRateBps === product.taxRateBps &&
  row.status &&
  (product.stock > 0 || row.stockVersion >= stockVersion);

const nextRow = ({ tenant, product, stockVersion, at, correlationId }: Loaded, before: Row | undefined) => {
  const known = before?.life === 'active' ? before : undefined;
  const fresh = { offSaleBy: undefined, categories: [], images: [], ordered: false, createdAt: at };
  const { offSaleBy: _, ...kept } = known ?? fresh;
  const { productId, name, price, currency, taxRateBps } = product;
  const version = (before?.version ?? 0) + 1;
  return {
    ...kept,
    productId: `${tenant}#${productId}`,
    name,
    price,
    currency,
    taxRateBps,
    status: true,
    life: 'active',
    stockVersion: Math.max(stockVersion, before?.stockVersion ?? 0),
    list: `${tenant}#PRODUCTS`,
    place: `4#${known?.createdAt ?? at}`, // on sale
    updatedAt: at,
    version,
    fact: { type: known === undefined ? 'ProductCreated' : 'ProductUpdated', correlationId },
  };
};

const read = async ({ db, called }: Tables, { tenant, product }: Loaded): Promise<Row | undefined> => {
  const Key = { productId: `${tenant}#${product.productId}` };
  const { Item } = await db.send(new GetCommand({ TableName: called('products'), Key, ConsistentRead: true }));
  return Item === undefined ? undefined : Row.parse(Item);
};

type NextRow = ReturnType<typeof nextRow>;

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
 * Puts one product on sale in the catalog, whose relay tells the others of it. One that is as given already is written
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
