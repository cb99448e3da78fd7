import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Lease } from './rate-limit';

/** The table of leases per window. Rows of past windows expire by TTL. */
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

  /** Returns the unused part of a lease. Does nothing when the window has expired. */
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

/** Cooldowns: each row has the time of the last start and expires by TTL. */
export const cooldownStore = (table: string, db: DynamoDBDocumentClient) => ({
  /** Returns false when the cooldown was started less than `ms` ago and not ended since. */
  start: async (bucket: string, ms: number, now: number): Promise<boolean> => {
    try {
      await db.send(
        new UpdateCommand({
          TableName: table,
          Key: { bucket },
          UpdateExpression: 'SET startedAt = :now, expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(startedAt) OR startedAt <= :before',
          ExpressionAttributeValues: {
            ':now': now,
            ':before': now - ms,
            ':expiresAt': Math.ceil((now + 2 * ms) / 1000),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },

  end: async (bucket: string): Promise<void> => {
    await db.send(new UpdateCommand({ TableName: table, Key: { bucket }, UpdateExpression: 'REMOVE startedAt' }));
  },
});
