import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Backoff, jitteredBackoff, retry } from '../retry';

/** The document client of every store: it drops undefined fields and keeps numbers as numbers. */
export const documentClient = (client = new DynamoDBClient({})): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** Returns why a transaction was cancelled, one code per action (`None` for an action that did not fail). */
export const cancellationCodes = (error: unknown): string[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None')
    : [];

/**
 * Whether the write may be retried because a concurrent transaction touched the same item. A failed condition may not.
 */
export const isTransactionConflict = (error: unknown): boolean => {
  if (error instanceof TransactionInProgressException || error instanceof TransactionConflictException) return true;
  const codes = cancellationCodes(error);
  return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
};

type Row = Record<string, unknown>;

/** One page of a query. `next` is the key after which the next page starts; missing on the last one. */
export type Page = { readonly rows: Row[]; readonly next?: Row | undefined };

/** Reads one page of a query. */
export const queryPage = async (db: DynamoDBDocumentClient, input: QueryCommandInput): Promise<Page> => {
  const { Items = [], LastEvaluatedKey } = await db.send(new QueryCommand(input));
  return { rows: Items, next: LastEvaluatedKey };
};

/** Reads a query to its end, page by page. */
export async function* queryPages(db: DynamoDBDocumentClient, input: QueryCommandInput): AsyncGenerator<Row[]> {
  let from: Row | undefined;
  do {
    const { rows, next } = await queryPage(db, { ...input, ExclusiveStartKey: from });
    yield rows;
    from = next;
  } while (from !== undefined);
}

/** Returns all rows of a query. */
export const queryAll = async (db: DynamoDBDocumentClient, input: QueryCommandInput): Promise<Row[]> => {
  const all: Row[] = [];
  for await (const rows of queryPages(db, input)) all.push(...rows);
  return all;
};

const maxReads = 100; // the limit of BatchGetItem

/** Reads any number of rows by their keys. Returns those that exist, in no order. @default eventually consistent */
export const batchGet = async (
  db: DynamoDBDocumentClient,
  table: string,
  keys: readonly Row[],
  options: { readonly ConsistentRead?: boolean; readonly ProjectionExpression?: string } = {},
): Promise<Row[]> => {
  const rows: Row[] = [];
  let left = [...keys];
  while (left.length > 0) {
    const wanted = { Keys: left.slice(0, maxReads), ...options };
    const { Responses, UnprocessedKeys } = await db.send(new BatchGetCommand({ RequestItems: { [table]: wanted } }));
    rows.push(...(Responses?.[table] ?? []));
    left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...left.slice(maxReads)];
  }
  return rows;
};

const maxDeletions = 25; // the limit of BatchWriteItem

/** Deletes any number of rows by their keys. Throws when some are left after four attempts. */
export const batchDelete = async (db: DynamoDBDocumentClient, table: string, keys: readonly Row[]): Promise<void> => {
  const deletions = keys.map((Key) => ({ DeleteRequest: { Key } }));
  for (let at = 0; at < deletions.length; at += maxDeletions) {
    let left: Record<string, object[]> = { [table]: deletions.slice(at, at + maxDeletions) };
    const attempt = async () => {
      const { UnprocessedItems = {} } = await db.send(new BatchWriteCommand({ RequestItems: left }));
      left = UnprocessedItems;
      if (Object.keys(left).length > 0) throw new Error(`${table} did not process every deletion`);
    };
    await retry(attempt, () => true, { ...jitteredBackoff, attempts: 4 });
  }
};

/** Builds the write of a row whose key must be new. Its failed condition comes with the row that exists. */
export const putNew = (table: string, key: string, row: Row) => ({
  TableName: table,
  Item: row,
  ConditionExpression: `attribute_not_exists(${key})`,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

/** Builds the write of the next version, on the condition that the stored one is its predecessor. */
export const putNext = (table: string, row: Row & { readonly version: number }) => ({
  TableName: table,
  Item: row,
  ConditionExpression: 'version = :previous',
  ExpressionAttributeValues: { ':previous': row.version - 1 },
});

/** Returns false when a condition of the write failed. Retries on conflicts with other transactions. */
export const unlessRefused = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await retry(write, isTransactionConflict);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (cancellationCodes(error).includes('ConditionalCheckFailed')) return false;
    throw error;
  }
};

/**
 * Writes all or nothing. Retries on conflicts with other transactions. Returns the cancellation, undefined when all is
 * written.
 */
export const transact = async (
  db: DynamoDBDocumentClient,
  TransactItems: TransactWriteCommandInput['TransactItems'],
  backoff?: Backoff,
): Promise<TransactionCanceledException | undefined> => {
  const write = new TransactWriteCommand({ TransactItems });
  try {
    await retry(() => db.send(write), isTransactionConflict, backoff);
    return undefined;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return error;
    throw error;
  }
};

/** Returns the row that exists already where an action of a cancelled transaction would put a new one. */
export const existingRow = (cancelled: TransactionCanceledException, action: number): Row | undefined => {
  const row = cancelled.CancellationReasons?.[action]?.Item;
  return row && unmarshall(row);
};

/** Writes the given version of a row. Returns false when the stored row is not at the version before it. */
export const saveVersion = async (
  db: DynamoDBDocumentClient,
  table: string,
  key: string,
  row: Readonly<Record<string, unknown>> & { readonly version: number },
): Promise<boolean> => {
  const condition: Partial<PutCommandInput> =
    row.version === 1
      ? { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': key } }
      : {
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':before': row.version - 1 },
        };
  const write = new PutCommand({ TableName: table, Item: row, ...condition });
  try {
    await db.send(write);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
