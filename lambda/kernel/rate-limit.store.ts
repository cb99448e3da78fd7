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

  /** Puts back what was leased and not used. A window that is forgotten by now stays so. */
  giveBack: async ({ bucket, amount }: { bucket: string; amount: number }): Promise<void> => {
    try {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { bucket },
          UpdateExpression: 'ADD used :back',
          ConditionExpression: 'used >= :amount',
          ExpressionAttributeValues: { ':back': -amount, ':amount': amount },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  },
});
