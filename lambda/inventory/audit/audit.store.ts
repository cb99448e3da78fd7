import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet, isTransactionConflict, queryPages } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { type Reservation, reservationFromRow } from '../reservations/reservation';
import { type Movement, movementFromRow } from '../stock/movement';
import { type ChangeEntry, changedProducts, changeShards, ordersWith } from '../stock/stock-changes';
import { type StockItem, stockFromRow } from '../stock/stock-item';
import { type AuditProgress, type Checkpoint, keyOf, noSums } from './audit';

type Tables = {
  readonly inventory: string;
  readonly reservations: string;
  readonly movements: string;
  readonly db: DynamoDBDocumentClient;
};

/** A part of a table scan. `next` is missing on the last part. */
export type AuditPart<Item> = { readonly items: readonly Item[]; readonly next?: string | undefined };

/** A row of the full count. `reservation` is missing when the row is unreadable. */
type CountedRow = { readonly key: string; readonly reservation: Reservation | undefined };

const progressKey = { productId: '#AUDIT', movementId: '#PROGRESS' }; // no tenant ID starts with `#`
const checkpointId = '#CHECKPOINT'; // sorts before the movements, like claims

const int = z.int();
const ProgressRow = z.object({
  version: int.positive(),
  count: z.string(),
  at: z.string(),
  counting: z.object({ after: z.string().optional() }).optional(),
  lookedUpTo: z.string().optional(),
});
const CheckpointRow = z.object({
  productId: z.string(),
  onHand: int,
  reserved: int,
  reservedByHand: int,
  hadGoods: z.boolean(),
  count: z.string(),
  at: z.string(),
  upTo: z.string(),
});

const changedKeys = async ({ db, inventory }: Tables): Promise<string[]> => {
  const keys: string[] = [];
  const pages = queryPages(db, {
    TableName: inventory,
    IndexName: 'byChange',
    KeyConditionExpression: 'changedIn = :changed',
    ExpressionAttributeValues: { ':changed': changedProducts },
  });
  for await (const rows of pages) keys.push(...rows.map(({ productId }) => String(productId)));
  return keys;
};

const scanPart = async ({ db }: Tables, table: string, key: string, { after, limit }: Part) => {
  const { Items = [], LastEvaluatedKey } = await db.send(
    new ScanCommand({
      TableName: table,
      Limit: limit,
      ConsistentRead: true,
      ...(after === undefined ? {} : { ExclusiveStartKey: { [key]: after } }),
    }),
  );
  return { rows: Items, next: LastEvaluatedKey === undefined ? undefined : String(LastEvaluatedKey[key]) };
};

type Part = { readonly after?: string | undefined; readonly limit: number };

/** Returns the keys that are not in `visited` and adds them to it. */
const takeNew = (keys: readonly string[], visited: Set<string>): { orderId: string }[] => {
  const left = [...new Set(keys)].filter((key) => !visited.has(key));
  for (const key of left) visited.add(key);
  return left.map((orderId) => ({ orderId }));
};

async function* changedReservations({ db, reservations }: Tables, since: string): AsyncGenerator<Reservation> {
  const visited = new Set<string>(); // an order may also be found through one that was reserved with it
  for (const shard of changeShards) {
    const pages = queryPages(db, {
      TableName: reservations,
      IndexName: 'byChange',
      KeyConditionExpression: 'changedIn = :shard AND changedAt > :since',
      ExpressionAttributeValues: { ':shard': shard, ':since': since },
    });
    for await (const entries of pages) {
      const keys = entries.map(({ orderId }) => String(orderId));
      const rows = await batchGet(db, reservations, takeNew(keys, visited), { ConsistentRead: true });
      const together = readableRows(rows, (row) => ordersWith(row as ChangeEntry)).flat();
      const togetherRows = await batchGet(db, reservations, takeNew(together, visited), { ConsistentRead: true });
      yield* readableRows([...rows, ...togetherRows], reservationFromRow);
    }
  }
}

async function* movements({ db, movements: table }: Tables, key: string, after: string): AsyncGenerator<Movement> {
  const pages = queryPages(db, {
    TableName: table,
    KeyConditionExpression: 'productId = :product AND movementId > :after',
    ExpressionAttributeValues: { ':product': key, ':after': after === '' ? '/' : after }, // claims sort before them
    ConsistentRead: true,
  });
  for await (const rows of pages) yield* readableRows(rows, movementFromRow);
}

const checkpointsOf = async (
  { db, movements: table }: Tables,
  keys: readonly string[],
  { count, at }: AuditProgress,
) => {
  const wanted = keys.map((productId) => ({ productId, movementId: checkpointId }));
  const rows = readableRows(await batchGet(db, table, wanted, { ConsistentRead: true }), (row) =>
    CheckpointRow.parse(row),
  );
  const found = new Map<string, Checkpoint>(keys.map((key) => [key, { ...noSums, count, at, upTo: '' }]));
  for (const { productId, ...checkpoint } of rows)
    if (checkpoint.count === count) found.set(productId, checkpoint.at > at ? checkpoint : { ...checkpoint, at });
  return found;
};

const checkpointRow = (key: string, checkpoint: Checkpoint) => ({
  ...checkpoint,
  productId: key,
  movementId: checkpointId,
});

const putProgress = (TableName: string, next: AuditProgress) => ({
  TableName,
  Item: { ...next, ...progressKey },
  ConditionExpression: next.version === 1 ? 'attribute_not_exists(productId)' : '#version = :before',
  ...(next.version === 1
    ? {}
    : {
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':before': next.version - 1 },
      }),
});

/** Returns false when a condition failed. */
const written = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (error instanceof TransactionCanceledException || isTransactionConflict(error)) return false;
    throw error;
  }
};

const saveCheckpoint = async ({ db, movements: table }: Tables, key: string, checkpoint: Checkpoint) => {
  const Item = checkpointRow(key, checkpoint);
  const write = new PutCommand({
    TableName: table,
    Item,
    ConditionExpression: 'attribute_not_exists(productId) OR #count <> :count OR #at <= :at',
    ExpressionAttributeNames: { '#count': 'count', '#at': 'at' },
    ExpressionAttributeValues: { ':count': checkpoint.count, ':at': checkpoint.at },
  });
  await written(() => db.send(write)); // another audit may have advanced it further
};

const saveCount = ({ db, movements: table }: Tables, next: AuditProgress, counted: ReadonlyMap<string, Checkpoint>) =>
  written(() =>
    db.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: putProgress(table, next) },
          ...[...counted].map(([key, one]) => ({ Put: { TableName: table, Item: checkpointRow(key, one) } })),
        ],
      }),
    ),
  );

const rest = ({ db, inventory }: Tables, item: StockItem) =>
  written(() =>
    db.send(
      new UpdateCommand({
        TableName: inventory,
        Key: { productId: keyOf(item) },
        UpdateExpression: 'REMOVE changedIn',
        ConditionExpression: '#version = :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': item.version },
      }),
    ),
  );

const readings = (tables: Tables) => ({
  progress: async (): Promise<AuditProgress | undefined> => {
    const { db, movements: TableName } = tables;
    const { Item } = await db.send(new GetCommand({ TableName, Key: progressKey, ConsistentRead: true }));
    return Item === undefined ? undefined : ProgressRow.parse(Item);
  },

  /** Returns the keys of the products that changed since an audit last found them at rest. */
  changedProducts: (): Promise<string[]> => changedKeys(tables),

  /** Returns a part of all product keys, unordered, after `after`. */
  products: async (part: Part): Promise<AuditPart<string>> => {
    const { rows, next } = await scanPart(tables, tables.inventory, 'productId', part);
    return { items: rows.map(({ productId }) => String(productId)), next };
  },

  /** Returns the stock rows in their current state. */
  items: async (keys: readonly string[]): Promise<StockItem[]> => {
    const wanted = keys.map((productId) => ({ productId }));
    return readableRows(await batchGet(tables.db, tables.inventory, wanted, { ConsistentRead: true }), stockFromRow);
  },

  /** Returns the checkpoint of each product, or an empty one when it has no valid checkpoint. */
  checkpoints: (keys: readonly string[], progress: AuditProgress): Promise<Map<string, Checkpoint>> =>
    checkpointsOf(tables, keys, progress),

  /** Returns the movements of a product after the given one, oldest first. */
  movements: (key: string, after: string): AsyncGenerator<Movement> => movements(tables, key, after),

  /** Returns the reservations that moved stock after that time, in their current state. */
  changedReservations: (since: string): AsyncGenerator<Reservation> => changedReservations(tables, since),

  /** Returns a part of all reservations, unordered, after `after`. */
  reservations: async (part: Part): Promise<AuditPart<CountedRow>> => {
    const { rows, next } = await scanPart(tables, tables.reservations, 'orderId', part);
    const items = rows.map((row) => ({
      key: String(row.orderId),
      reservation: readableRows([row], reservationFromRow)[0],
    }));
    return { items, next };
  },
});

const writings = (tables: Tables) => ({
  /** Writes the next version. Returns false when another audit was faster. */
  saveProgress: (next: AuditProgress): Promise<boolean> =>
    written(() => tables.db.send(new PutCommand(putProgress(tables.movements, next)))),

  saveCheckpoint: (key: string, checkpoint: Checkpoint): Promise<void> => saveCheckpoint(tables, key, checkpoint),

  /** Writes the sums of a part of the count and the progress. Returns false when another audit was faster. */
  saveCount: (next: AuditProgress, counted: ReadonlyMap<string, Checkpoint>): Promise<boolean> =>
    saveCount(tables, next, counted),

  /** Takes a product off the list of changed ones. Returns false when it has changed since. */
  rest: (item: StockItem): Promise<boolean> => rest(tables, item),
});

/** Reads the changes of all tenants since the last audit, and stores the checkpoints and the progress. */
export const auditStore = (names: Omit<Tables, 'db'>, db: DynamoDBDocumentClient) => {
  const tables: Tables = { ...names, db };
  return { ...readings(tables), ...writings(tables) };
};

export type AuditStore = ReturnType<typeof auditStore>;
