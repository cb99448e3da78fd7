import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { asError } from '../http/http';
import { logger } from '../logger';
import { count } from '../metrics';

type Row = Record<string, unknown>;

/** A sparse index of the rows of a table by when they are due, spread over shards. `key` names what the table's key has. */
export type DueIndex = {
  readonly table: string;
  readonly db: DynamoDBDocumentClient;
  readonly shards: number;
  readonly key: readonly string[];
};

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

/** Makes a row due later without reading it. Returns false when somebody has dealt with it. */
export const rescheduleRow = async (
  { table, db }: Pick<DueIndex, 'table' | 'db'>,
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
  const isNew = Date.parse(dueAt) > now.getTime() - failingMs; // what is no time is not new
  return !isNew ? new Date(now.getTime() + failingMs) : undefined;
};

/** Makes a row due later by `reschedule`. A write that fails is logged and stops no other row: the next sweep tries again. */
export const tryToReschedule = async (reschedule: () => Promise<unknown>): Promise<void> => {
  try {
    await reschedule();
  } catch (thrown) {
    logger.error('a row on which a sweep failed cannot be made due later', { error: asError(thrown) });
  }
};

const keyOf = ({ key }: DueIndex, entry: Row): Row => Object.fromEntries(key.map((name) => [name, entry[name]]));

const laterEntry = (index: DueIndex, entry: Row, until: Date): Promise<void> => {
  const later = { before: String(entry.dueAt), until: new Date(until.getTime() + unfitMs) };
  return tryToReschedule(() => rescheduleRow(index, keyOf(index, entry), later));
};

/**
 * Returns the entries that are due by then, the longest due first, at most `limit` of each shard, as `read` reads them. One
 * that `read` throws on is left out, logged, counted as `SweepCannotHandle` and due an hour later: it hides no other.
 */
export const queryDue = async <Entry>(
  index: DueIndex,
  { until, limit }: { readonly until: Date; readonly limit: number },
  read: (entry: Row) => Entry,
): Promise<Entry[]> => {
  const shards = Array.from({ length: index.shards }, (_, shard) => dueOfShard(index, shard, until, limit));
  const entries: Entry[] = [];
  const unreadable: Row[] = [];
  for (const entry of (await Promise.all(shards)).flat()) {
    try {
      entries.push(read(entry));
    } catch (thrown) {
      unreadable.push(entry);
      logger.error('an entry of a due index cannot be read and is left out', {
        ...keyOf(index, entry),
        error: asError(thrown),
      });
    }
  }
  await Promise.all(unreadable.map((entry) => laterEntry(index, entry, until)));
  if (unreadable.length > 0) count('SweepCannotHandle', unreadable.length);
  return entries;
};
