import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';

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
