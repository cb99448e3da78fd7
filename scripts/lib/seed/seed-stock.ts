import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Tables } from '../system/tables';
import type { Product } from './product';

const Row = z.object({
  stock: z.int(),
  reservedQuantity: z.int().default(0),
  productName: z.string().optional(),
  deletedAt: z.string().optional(),
  listedIn: z.string().optional(),
  version: z.int(),
});
type Row = z.infer<typeof Row>;

type Loaded = {
  readonly tenant: string;
  readonly product: Product & { readonly stock: number };
  readonly at: string;
  /** Whether the system keeps a ledger of stock. The core alone has none. */
  readonly ledger: boolean;
};

const keyOf = ({ tenant, product }: Loaded) => `${tenant}#${product.productId}`;

/** The stock row as it is to be, if its version is still the one that was read. */
const stockWrite = (TableName: string, loaded: Loaded, before: Row | undefined, change: number) => ({
  Update: {
    TableName,
    Key: { productId: keyOf(loaded) },
    UpdateExpression:
      'SET productName = :name, stock = :stock, reservedQuantity = if_not_exists(reservedQuantity, :none), ' +
      'reservedByHand = if_not_exists(reservedByHand, :none), productVersion = if_not_exists(productVersion, :none), ' +
      'discontinued = :no, warehouseCode = if_not_exists(warehouseCode, :main), listedIn = :list, updatedAt = :at, ' +
      `#version = :next${change > 0 ? ', lastRestockedAt = :at' : ''} REMOVE deletedAt`,
    ConditionExpression: before === undefined ? 'attribute_not_exists(productId)' : '#version = :before',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: {
      ':name': loaded.product.name,
      ':stock': loaded.product.stock,
      ':none': 0,
      ':no': false,
      ':main': 'MAIN',
      ':list': `${loaded.tenant}#STOCK`,
      ':at': loaded.at,
      ':next': (before?.version ?? 0) + 1,
      ...(before === undefined ? {} : { ':before': before.version }),
    },
  },
});

/** The ledger's entry of it: what is on hand is what its movements add up to. */
const movementWrite = (TableName: string, loaded: Loaded, before: Row | undefined, change: number) => {
  const version = (before?.version ?? 0) + 1;
  const Item = {
    productId: keyOf(loaded),
    movementId: String(version).padStart(12, '0'),
    type: change > 0 ? 'receive' : 'adjust',
    quantity: change,
    change,
    reservedChange: 0,
    reason: 'seed data',
    by: 'seed-data',
    at: loaded.at,
    version,
  };
  return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(productId)' } };
};

const read = async ({ db, called }: Tables, loaded: Loaded): Promise<Row | undefined> => {
  const Key = { productId: keyOf(loaded) };
  const { Item } = await db.send(new GetCommand({ TableName: called('inventory'), Key, ConsistentRead: true }));
  return Item === undefined ? undefined : Row.parse(Item);
};

/** Whether the ledger knows nothing of stock that is there: the core alone was deployed before, which keeps none. */
const isUnrecorded = async ({ db, called }: Tables, loaded: Loaded): Promise<boolean> => {
  const { Count } = await db.send(
    new QueryCommand({
      TableName: called('stock-movements'),
      KeyConditionExpression: 'productId = :product',
      ExpressionAttributeValues: { ':product': keyOf(loaded) },
      Limit: 1,
    }),
  );
  return Count === 0;
};

/** What is available by the ledger, or by the stock itself where there is none to keep. */
const recordedStock = async (tables: Tables, loaded: Loaded, before: Row | undefined): Promise<number> => {
  if (before === undefined) return 0;
  const unrecorded = loaded.ledger && (await isUnrecorded(tables, loaded));
  return unrecorded ? -before.reservedQuantity : before.stock;
};

const isRight = ({ product }: Loaded, { stock, productName, deletedAt, listedIn }: Row) =>
  stock === product.stock && productName === product.name && deletedAt === undefined && listedIn !== undefined;

const tries = 20;
const pause = (tried: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** Math.min(tried, 6)));

/** The version of the stock, once it is as given; nothing when somebody ordered at the same time. */
const attempt = async (tables: Tables, loaded: Loaded): Promise<number | undefined> => {
  const before = await read(tables, loaded);
  const recorded = await recordedStock(tables, loaded, before);
  if (before !== undefined && isRight(loaded, before) && recorded === before.stock) return before.version;
  const change = loaded.product.stock - recorded;
  const movement =
    change === 0 || !loaded.ledger ? [] : [movementWrite(tables.called('stock-movements'), loaded, before, change)];
  try {
    const TransactItems = [stockWrite(tables.called('inventory'), loaded, before, change), ...movement];
    await tables.db.send(new TransactWriteCommand({ TransactItems }));
    return (before?.version ?? 0) + 1;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return undefined;
    throw error;
  }
};

/**
 * Makes what is available of one product as given, by a movement of the ledger. What orders have reserved stays reserved
 * on top of it. Answers with the version that the stock has now.
 */
export const loadStock = async (tables: Tables, loaded: Loaded): Promise<number> => {
  for (let tried = 1; tried <= tries; tried += 1) {
    const version = await attempt(tables, loaded);
    if (version !== undefined) return version;
    await pause(tried);
  }
  throw new Error(`${loaded.product.productId}: its stock changed ${tries} times while it was being loaded`);
};
