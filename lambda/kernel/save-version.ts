import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';

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
