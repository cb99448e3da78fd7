import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet, isTransactionConflict } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import type { Reservation } from '../reservations/reservation';
import { reservationFromRow } from '../reservations/reservation';
import { type ChangeEntry, changedProducts, changeShards, ordersWith } from '../stock/stock-changes';
import type { StockItem } from '../stock/stock-item';
import { movementFromRow, stockFromRow } from '../stock/stock-item';
import type { Movement } from '../stock/update-stock';
import { type AuditProgress, type Checkpoint, keyOf, noSums } from './audit';

type Row = Record<string, unknown>;

type Tables = {
  readonly inventory: string;
  readonly reservations: string;
  readonly movements: string;
  readonly db: DynamoDBDocumentClient;
};

/** Rows of a table that is read in parts. `next` is missing with the last part. */
export type AuditPart<Item> = { readonly items: readonly Item[]; readonly next?: string | undefined };

/** A row of the count; `reservation` is missing when it cannot be read. */
type CountedRow = { readonly key: string; readonly reservation: Reservation | undefined };

const progressKey = { productId: '#AUDIT', movementId: '#PROGRESS' }; // no tenant has a `#` in front
const checkpointId = '#CHECKPOINT'; // sorts before the movements, as claims do

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

async function* query(client: DynamoDBDocumentClient, input: QueryCommandInput): AsyncGenerator<Row[]> {
  for await (const { Items = [] } of paginateQuery({ client }, input)) yield Items;
}

const changedKeys = async ({ db, inventory }: Tables): Promise<string[]> => {
  const keys: string[] = [];
  const pages = query(db, {
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

/** Those of the orders that are not among `seen` yet, which they are afterwards. */
const unseen = (keys: readonly string[], seen: Set<string>): { orderId: string }[] => {
  const left = [...new Set(keys)].filter((key) => !seen.has(key));
  for (const key of left) seen.add(key);
  return left.map((orderId) => ({ orderId }));
};

async function* changedReservations({ db, reservations }: Tables, since: string): AsyncGenerator<Reservation> {
  const seen = new Set<string>(); // an order that was reserved with others is found with the first of them, too
  for (const shard of changeShards) {
    const pages = query(db, {
      TableName: reservations,
      IndexName: 'byChange',
      KeyConditionExpression: 'changedIn = :shard AND changedAt > :since',
      ExpressionAttributeValues: { ':shard': shard, ':since': since },
    });
    for await (const entries of pages) {
      const keys = entries.map(({ orderId }) => String(orderId));
      const rows = await batchGet(db, reservations, unseen(keys, seen), 'consistent');
      const others = readableRows(rows, (row) => ordersWith(row as ChangeEntry)).flat();
      const otherRows = await batchGet(db, reservations, unseen(others, seen), 'consistent');
      yield* readableRows([...rows, ...otherRows], reservationFromRow);
    }
  }
}

async function* movements({ db, movements: table }: Tables, key: string, after: string): AsyncGenerator<Movement> {
  const pages = query(db, {
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
  const rows = readableRows(await batchGet(db, table, wanted, 'consistent'), (row) => CheckpointRow.parse(row));
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

/** False when a condition did not hold. */
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
  await written(() => db.send(write)); // another audit has come further
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

  /** The products that were changed since they were last found at rest, by their keys. */
  changedProducts: (): Promise<string[]> => changedKeys(tables),

  /** Some of all products by their keys, in no order, those after `after`. */
  products: async (part: Part): Promise<AuditPart<string>> => {
    const { rows, next } = await scanPart(tables, tables.inventory, 'productId', part);
    return { items: rows.map(({ productId }) => String(productId)), next };
  },

  /** As they are now. */
  items: async (keys: readonly string[]): Promise<StockItem[]> => {
    const wanted = keys.map((productId) => ({ productId }));
    return readableRows(await batchGet(tables.db, tables.inventory, wanted, 'consistent'), stockFromRow);
  },

  /** The checkpoint of each product; an empty one where there is none that counts. */
  checkpoints: (keys: readonly string[], progress: AuditProgress): Promise<Map<string, Checkpoint>> =>
    checkpointsOf(tables, keys, progress),

  /** The movements of a product after one of them, oldest first. */
  movements: (key: string, after: string): AsyncGenerator<Movement> => movements(tables, key, after),

  /** The reservations that took, gave back or moved stock after that moment, as they are now. */
  changedReservations: (since: string): AsyncGenerator<Reservation> => changedReservations(tables, since),

  /** Some of all reservations, in no order, those after `after`. */
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
  /** Writes the next version of it. Returns false when another audit has written it meanwhile. */
  saveProgress: (next: AuditProgress): Promise<boolean> =>
    written(() => tables.db.send(new PutCommand(putProgress(tables.movements, next)))),

  saveCheckpoint: (key: string, checkpoint: Checkpoint): Promise<void> => saveCheckpoint(tables, key, checkpoint),

  /** Writes the sums of a part of the count with where it goes on. Returns false when another audit was faster. */
  saveCount: (next: AuditProgress, counted: ReadonlyMap<string, Checkpoint>): Promise<boolean> =>
    saveCount(tables, next, counted),

  /** Lets the next audit pass over a product that nobody changes. Returns false when somebody has changed it. */
  rest: (item: StockItem): Promise<boolean> => rest(tables, item),
});

/** Reads what has changed since the last audit, of all tenants, and keeps how far the audit has come. */
export const auditStore = (names: Omit<Tables, 'db'>, db: DynamoDBDocumentClient) => {
  const tables: Tables = { ...names, db };
  return { ...readings(tables), ...writings(tables) };
};

export type AuditStore = ReturnType<typeof auditStore>;
