import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';

/** The document client that every store uses: undefined fields are left out, numbers stay numbers. */
export const documentClient = (client = new DynamoDBClient({})): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** Why a transaction was cancelled, one code per action (`None` where the action itself was fine). */
export const cancellationCodes = (error: unknown): string[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None')
    : [];

/** A transaction touched the same item at the same time as this write: worth another try. A failed condition never is. */
export const isTransactionConflict = (error: unknown): boolean => {
  if (error instanceof TransactionInProgressException || error instanceof TransactionConflictException) return true;
  const codes = cancellationCodes(error);
  return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
};

type Row = Record<string, unknown>;

const batchSize = 100; // as many as DynamoDB takes

/** Reads rows by their keys, however many there are. Returns those that exist, in no order. @default a moment behind */
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

/** Writes the next version of a row, the first one if there is none yet; false when somebody else was faster. */
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
