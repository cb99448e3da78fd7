import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

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
