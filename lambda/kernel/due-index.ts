import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { asError } from './as-error';
import { logger } from './logger';

type Row = Record<string, unknown>;

/** A sparse index of the rows of a table by when they are due, spread over shards. */
export type DueIndex = { readonly table: string; readonly db: DynamoDBDocumentClient; readonly shards: number };

const dueOfShard = async ({ table, db }: DueIndex, shard: number, until: Date, limit: number): Promise<Row[]> => {
  const { Items = [] } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byDueAt',
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': `due#${shard}`, ':until': until.toISOString() },
      Limit: limit,
    }),
  );
  return Items;
};

/** Returns the entries that are due by then, the longest due first, at most `limit` of each shard. */
export const queryDue = async (index: DueIndex, until: Date, limit: number): Promise<Row[]> => {
  const shards = Array.from({ length: index.shards }, (_, shard) => dueOfShard(index, shard, until, limit));
  return (await Promise.all(shards)).flat();
};

/** Makes a row due later without reading it. Returns false when somebody has dealt with it. */
export const rescheduleRow = async (
  { table, db }: Omit<DueIndex, 'shards'>,
  Key: Row,
  { before, until }: { readonly before: string; readonly until: Date },
): Promise<boolean> => {
  try {
    await db.send(
      new UpdateCommand({
        TableName: table,
        Key,
        UpdateExpression: 'SET dueAt = :until',
        ConditionExpression: 'dueAt = :before',
        ExpressionAttributeValues: { ':until': until.toISOString(), ':before': before },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** A row that is not of a version that this code knows. */
export class UnreadableRowError extends Error {
  override readonly name = 'UnreadableRowError';
}

/** Reads a row. Throws an `UnreadableRowError` when it does not have the shape that it should have. */
export const readRow = async <Item>(read: () => Promise<Item>): Promise<Item> => {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new UnreadableRowError('the row cannot be read', { cause });
  }
};

/** How long a sweep leaves a row alone that it can do nothing with. */
export const unfitMs = 3_600_000;
const failingMs = 15 * 60_000;

/**
 * Returns when a row is due again on which a sweep failed: one that cannot be read after an hour, one that has failed for
 * a quarter of an hour after another. Returns undefined for a fault that may pass: the next sweep takes the row again.
 */
export const dueAfterFailure = (error: unknown, dueAt: string, now: Date): Date | undefined => {
  if (error instanceof UnreadableRowError) return new Date(now.getTime() + unfitMs);
  const isFailingForLong = Date.parse(dueAt) <= now.getTime() - failingMs;
  return isFailingForLong ? new Date(now.getTime() + failingMs) : undefined;
};

/** Makes a row due later by `reschedule`. A write that fails is logged and stops no other row: the next sweep tries again. */
export const tryToReschedule = async (reschedule: () => Promise<unknown>): Promise<void> => {
  try {
    await reschedule();
  } catch (thrown) {
    logger.error('a row on which a sweep failed cannot be made due later', { error: asError(thrown) });
  }
};
