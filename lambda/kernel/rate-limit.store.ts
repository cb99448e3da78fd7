import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Lease } from './rate-limit';

/** The table of what the windows have given away. Rows of past windows expire by themselves. */
export const leaseStore = (table: string, db: DynamoDBDocumentClient) => ({
  lease: async ({ bucket, block, limit, expiresAt }: Lease): Promise<boolean> => {
    if (block > limit) return false;
    try {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { bucket },
          UpdateExpression: 'SET expiresAt = :expiresAt ADD used :block',
          ConditionExpression: 'attribute_not_exists(used) OR used <= :most',
          ExpressionAttributeValues: {
            ':expiresAt': Math.floor(expiresAt.getTime() / 1000),
            ':block': block,
            ':most': limit - block,
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});
