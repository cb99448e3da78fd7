import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { isTransactionConflict } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { type Backoff, jitteredBackoff, retry } from '../../kernel/retry';
import { type Tenant, tenantKey } from '../../kernel/tenant';
import { changedProducts } from './stock-changes';
import {
  ClaimRow,
  isDeleted,
  movementFromRow,
  movementRow,
  type ProductKey,
  type StockItem,
  stockFromRow,
} from './stock-item';
import type { Moved, Movement } from './update-stock';

type Ledger = {
  readonly inventory: string;
  readonly movements: string;
  readonly db: DynamoDBDocumentClient;
  readonly backoff: Backoff;
};
type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** Names a request that may be sent twice, and what it asks. */
export type Claim = {
  readonly key: string;
  readonly requestHash: string;
  /** Whether it counts for ever instead of for a day: events may be delivered again after weeks. @default false */
  readonly kept?: boolean;
};

export type Page = { readonly limit: number; readonly after?: string | undefined };

const claimSeconds = 24 * 60 * 60;

const claimId = (key: string) => `#KEY#${key}`;

/** The index partition of a tenant's products; what is deleted is in none. */
const listOf = (tenant: Tenant) => tenantKey(tenant, 'STOCK');

const columnsOf = (item: StockItem): Record<string, unknown> => {
  const { tenant, productId: _, version: _v, ...columns } = item;
  return { ...columns, listedIn: isDeleted(item) ? undefined : listOf(tenant), changedIn: changedProducts };
};

/** Writes the whole item, if its version is still the one before. A new item must not exist. */
const writeItem = (table: string, item: StockItem): Actions[number] => {
  const columns = Object.entries({ ...columnsOf(item), version: item.version });
  const set = columns.filter(([, value]) => value !== undefined);
  const unset = columns.filter(([, value]) => value === undefined).map(([name]) => `#${name}`);
  return {
    Update: {
      TableName: table,
      Key: { productId: tenantKey(item.tenant, item.productId) },
      UpdateExpression: `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}${unset.length > 0 ? ` REMOVE ${unset.join(', ')}` : ''}`,
      ConditionExpression: item.version === 1 ? 'attribute_not_exists(productId)' : '#version = :before',
      ExpressionAttributeNames: Object.fromEntries(columns.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
        ...(item.version === 1 ? {} : { ':before': item.version - 1 }),
      },
    },
  };
};

const put = (table: string, Item: Record<string, unknown>): Actions[number] => ({
  Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(productId)' },
});

const claimRow = ({ tenant, productId, movementId, at }: Movement, { key, requestHash, kept = false }: Claim) => ({
  productId: tenantKey(tenant, productId),
  movementId: claimId(key),
  requestHash,
  made: movementId,
  ...(kept ? {} : { expiresAt: Math.floor(Date.parse(at) / 1000) + claimSeconds }),
});

const get = async ({ db, inventory }: Ledger, { tenant, productId }: ProductKey): Promise<StockItem | undefined> => {
  const Key = { productId: tenantKey(tenant, productId) };
  const { Item } = await db.send(new GetCommand({ TableName: inventory, Key, ConsistentRead: true }));
  return Item === undefined ? undefined : stockFromRow(Item);
};

const getAll = async ({ db, inventory }: Ledger, keys: readonly string[]): Promise<StockItem[]> => {
  const items: StockItem[] = [];
  let left = [...new Set(keys)].map((productId) => ({ productId }));
  while (left.length > 0) {
    const RequestItems = { [inventory]: { Keys: left.slice(0, 100) } };
    const { Responses, UnprocessedKeys } = await db.send(new BatchGetCommand({ RequestItems }));
    items.push(...readableRows(Responses?.[inventory] ?? [], stockFromRow));
    left = [...((UnprocessedKeys?.[inventory]?.Keys ?? []) as typeof left), ...left.slice(100)];
  }
  return items;
};

const list = async (ledger: Ledger, tenant: Tenant, { limit, after }: Page): Promise<StockItem[]> => {
  const { Items = [] } = await ledger.db.send(
    new QueryCommand({
      TableName: ledger.inventory,
      IndexName: 'byTenant',
      KeyConditionExpression: `listedIn = :list${after === undefined ? '' : ' AND productId > :after'}`,
      ExpressionAttributeValues: {
        ':list': listOf(tenant),
        ...(after === undefined ? {} : { ':after': tenantKey(tenant, after) }),
      },
      Limit: limit,
    }),
  );
  const items = await getAll(
    ledger,
    Items.map(({ productId }) => String(productId)),
  );
  return items.sort((one, other) => (one.productId < other.productId ? -1 : 1));
};

const movementsOf = async (ledger: Ledger, key: ProductKey, { limit, after }: Page): Promise<Movement[]> => {
  const productId = tenantKey(key.tenant, key.productId);
  const { Items = [] } = await ledger.db.send(
    new QueryCommand({
      TableName: ledger.movements,
      KeyConditionExpression: 'productId = :product AND movementId >= :first', // claims sort before them
      ExpressionAttributeValues: { ':product': productId, ':first': '0' },
      ...(after === undefined ? {} : { ExclusiveStartKey: { productId, movementId: after } }),
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return readableRows(Items, movementFromRow);
};

const claimed = async ({ db, movements }: Ledger, { tenant, productId }: ProductKey, claim: string) => {
  const read = async (movementId: string) => {
    const Key = { productId: tenantKey(tenant, productId), movementId };
    return (await db.send(new GetCommand({ TableName: movements, Key, ConsistentRead: true }))).Item;
  };
  const row = await read(claimId(claim));
  if (row === undefined) return undefined;
  const { requestHash, made } = ClaimRow.parse(row);
  return { requestHash, movement: movementFromRow(await read(made)) };
};

/** False when somebody else was faster. */
const write = async ({ db, backoff }: Ledger, TransactItems: Actions): Promise<boolean> => {
  try {
    await retry(() => db.send(new TransactWriteCommand({ TransactItems })), isTransactionConflict, backoff);
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException && !isTransactionConflict(error)) return false;
    throw error;
  }
};

/** The stock of each product and the ledger of what was done to it by hand. Every change is one version. */
export const ledgerStore = (
  tables: { readonly inventory: string; readonly movements: string },
  db: DynamoDBDocumentClient,
  backoff: Backoff = jitteredBackoff,
) => {
  const ledger: Ledger = { ...tables, db, backoff };
  return {
    get: (key: ProductKey): Promise<StockItem | undefined> => get(ledger, key),

    /** Those of the products that inventory knows, as they were a moment ago. */
    find: async (tenant: Tenant, productIds: readonly string[]): Promise<StockItem[]> => {
      const keys = productIds.map((productId) => tenantKey(tenant, productId));
      return (await getAll(ledger, keys)).filter((item) => !isDeleted(item));
    },

    /** Writes the next version of an item, or a new one; false when somebody else was faster. */
    save: (item: StockItem): Promise<boolean> => write(ledger, [writeItem(ledger.inventory, item)]),

    /** Writes a movement with the stock that comes of it and the claim of its request; false when one was there. */
    record: ({ item, movement }: Moved, claim?: Claim): Promise<boolean> =>
      write(ledger, [
        writeItem(ledger.inventory, item),
        put(ledger.movements, movementRow(movement)),
        ...(claim === undefined ? [] : [put(ledger.movements, claimRow(movement, claim))]),
      ]),

    /** The movement that a request has made before, and what it had asked. */
    claimed: (key: ProductKey, claim: string): Promise<{ requestHash: string; movement: Movement } | undefined> =>
      claimed(ledger, key, claim),

    /** A tenant's products by their IDs, those after `after`. */
    list: (tenant: Tenant, page: Page): Promise<StockItem[]> => list(ledger, tenant, page),

    /** The movements of a product, newest first, those before `after`. */
    movements: (key: ProductKey, page: Page): Promise<Movement[]> => movementsOf(ledger, key, page),
  };
};

export type LedgerStore = ReturnType<typeof ledgerStore>;
