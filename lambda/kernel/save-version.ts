import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

/** Writes the next version of a row, whose key is `key`; false when somebody else was faster. */
export const saveVersion = async (
  db: DynamoDBDocumentClient,
  table: string,
  key: string,
  row: Readonly<Record<string, unknown>> & { readonly version: number },
): Promise<boolean> => {
  const write = new PutCommand({
    TableName: table,
    Item: row,
    ConditionExpression: 'attribute_not_exists(#key) OR #version = :before',
    ExpressionAttributeNames: { '#key': key, '#version': 'version' },
    ExpressionAttributeValues: { ':before': row.version - 1 },
  });
  try {
    await db.send(write);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
