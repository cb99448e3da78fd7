import { type DynamoDBDocumentClient, GetCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { batchGet, isTransactionConflict, queryPage, transact } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { type Backoff, jitteredBackoff } from '../../kernel/retry';
import { type Tenant, tenantKey } from '../../kernel/tenant';
import { type Claim, ClaimRow, type Moved, type Movement, movementFromRow, movementRow } from './movement';
import { changedProducts } from './stock-changes';
import { isDeleted, type ProductKey, type StockItem, stockFromRow } from './stock-item';

type Ledger = {
  readonly inventory: string;
  readonly movements: string;
  readonly db: DynamoDBDocumentClient;
  readonly backoff: Backoff;
};
type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

export type Page = { readonly limit: number; readonly after?: string | undefined };

const claimSeconds = 24 * 60 * 60;

const claimId = (key: string) => `#KEY#${key}`;

/** The index partition of a tenant's products. Deleted ones are in none. */
const listOf = (tenant: Tenant) => tenantKey(tenant, 'STOCK');

const columnsOf = (item: StockItem): Record<string, unknown> => {
  const { tenant, productId: _, version: _v, ...columns } = item;
  return { ...columns, listedIn: isDeleted(item) ? undefined : listOf(tenant), changedIn: changedProducts };
};

/**
 * Writes the whole row on the condition that the stored version is the previous one, or that a new row does not exist.
 */
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

const claimRow = (
  { tenant, productId, movementId, at }: Movement,
  { key, requestHash, neverExpires = false }: Claim,
) => ({
  productId: tenantKey(tenant, productId),
  movementId: claimId(key),
  requestHash,
  made: movementId,
  ...(neverExpires ? {} : { expiresAt: Math.floor(Date.parse(at) / 1000) + claimSeconds }),
});

const get = async ({ db, inventory }: Ledger, { tenant, productId }: ProductKey): Promise<StockItem | undefined> => {
  const Key = { productId: tenantKey(tenant, productId) };
  const { Item } = await db.send(new GetCommand({ TableName: inventory, Key, ConsistentRead: true }));
  return Item === undefined ? undefined : stockFromRow(Item);
};

const getAll = async ({ db, inventory }: Ledger, keys: readonly string[]): Promise<StockItem[]> => {
  const wanted = [...new Set(keys)].map((productId) => ({ productId }));
  return readableRows(await batchGet(db, inventory, wanted), stockFromRow);
};

const list = async (ledger: Ledger, tenant: Tenant, { limit, after }: Page): Promise<StockItem[]> => {
  const { rows } = await queryPage(ledger.db, {
    TableName: ledger.inventory,
    IndexName: 'byTenant',
    KeyConditionExpression: `listedIn = :list${after === undefined ? '' : ' AND productId > :after'}`,
    ExpressionAttributeValues: {
      ':list': listOf(tenant),
      ...(after === undefined ? {} : { ':after': tenantKey(tenant, after) }),
    },
    Limit: limit,
  });
  const items = await getAll(
    ledger,
    rows.map(({ productId }) => String(productId)),
  );
  return items.sort((one, other) => (one.productId < other.productId ? -1 : 1));
};

const movementsOf = async (ledger: Ledger, key: ProductKey, { limit, after }: Page): Promise<Movement[]> => {
  const productId = tenantKey(key.tenant, key.productId);
  const { rows } = await queryPage(ledger.db, {
    TableName: ledger.movements,
    KeyConditionExpression: 'productId = :product AND movementId >= :first', // claims sort before them
    ExpressionAttributeValues: { ':product': productId, ':first': '0' },
    ...(after === undefined ? {} : { ExclusiveStartKey: { productId, movementId: after } }),
    ScanIndexForward: false,
    Limit: limit,
  });
  return readableRows(rows, movementFromRow);
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

/** Returns false when another writer was faster. */
const write = async ({ db, backoff }: Ledger, TransactItems: Actions): Promise<boolean> => {
  const cancelled = await transact(db, TransactItems, backoff);
  if (isTransactionConflict(cancelled)) throw cancelled;
  return cancelled === undefined;
};

/** The stock of each product and the ledger of its movements. Every change is one version. */
export const ledgerStore = (
  tables: { readonly inventory: string; readonly movements: string },
  db: DynamoDBDocumentClient,
  backoff: Backoff = jitteredBackoff,
) => {
  const ledger: Ledger = { ...tables, db, backoff };
  return {
    get: (key: ProductKey): Promise<StockItem | undefined> => get(ledger, key),

    /** Returns those of the products that exist. Reads eventually consistently. */
    find: async (tenant: Tenant, productIds: readonly string[]): Promise<StockItem[]> => {
      const keys = productIds.map((productId) => tenantKey(tenant, productId));
      return (await getAll(ledger, keys)).filter((item) => !isDeleted(item));
    },

    /** Writes the next version or a new row. Returns false when another writer was faster. */
    save: (item: StockItem): Promise<boolean> => write(ledger, [writeItem(ledger.inventory, item)]),

    /** Writes a movement, the resulting stock and the claim. Returns false when one of them exists or has changed. */
    record: ({ item, movement }: Moved, claim?: Claim): Promise<boolean> =>
      write(ledger, [
        writeItem(ledger.inventory, item),
        put(ledger.movements, movementRow(movement)),
        ...(claim === undefined ? [] : [put(ledger.movements, claimRow(movement, claim))]),
      ]),

    /** Returns the movement of a claimed request and the request's hash. */
    claimed: (key: ProductKey, claim: string): Promise<{ requestHash: string; movement: Movement } | undefined> =>
      claimed(ledger, key, claim),

    /** Returns a tenant's products after `after`, by ID. */
    list: (tenant: Tenant, page: Page): Promise<StockItem[]> => list(ledger, tenant, page),

    /** Returns the movements of a product before `after`, newest first. */
    movements: (key: ProductKey, page: Page): Promise<Movement[]> => movementsOf(ledger, key, page),
  };
};

export type LedgerStore = ReturnType<typeof ledgerStore>;
