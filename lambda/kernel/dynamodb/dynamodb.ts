import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Backoff, retry } from '../retry';

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

const batchSize = 100; // the limit of BatchGetItem

/** Reads any number of rows by their keys. Returns those that exist, in no order. @default eventually consistent */
export const batchGet = async (
  db: DynamoDBDocumentClient,
  table: string,
  keys: readonly Row[],
  read: 'consistent' | 'eventual' = 'eventual',
): Promise<Row[]> => {
  const rows: Row[] = [];
  let left = [...keys];
  while (left.length > 0) {
    const wanted = { Keys: left.slice(0, batchSize), ...(read === 'consistent' ? { ConsistentRead: true } : {}) };
    const { Responses, UnprocessedKeys } = await db.send(new BatchGetCommand({ RequestItems: { [table]: wanted } }));
    rows.push(...(Responses?.[table] ?? []));
    left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...left.slice(batchSize)];
  }
  return rows;
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
