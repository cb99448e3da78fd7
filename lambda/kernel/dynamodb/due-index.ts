import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { asError } from '../error';
import { logger } from '../logger';
import { count } from '../metrics';
import { queryPage } from './dynamodb';

type Row = Record<string, unknown>;

/**
 * A sparse index of a table's rows by their due time, spread over shards. `key` names the attributes of the table's
 * key.
 */
export type DueIndex = {
  readonly table: string;
  readonly db: DynamoDBDocumentClient;
  readonly shards: number;
  readonly key: readonly string[];
};

const dueOfShard = async ({ table, db }: DueIndex, shard: number, until: Date, limit: number): Promise<Row[]> => {
  const { rows } = await queryPage(db, {
    TableName: table,
    IndexName: 'byDueAt',
    KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
    ExpressionAttributeValues: { ':shard': `due#${shard}`, ':until': until.toISOString() },
    Limit: limit,
  });
  return rows;
};

/** Makes a row due later without reading it. Returns false when its due time has changed in the meantime. */
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

/** The row does not have the shape that this version of the code expects. */
export class UnreadableRowError extends Error {
  override readonly name = 'UnreadableRowError';
}

/** Returns the row. Throws an `UnreadableRowError` when its shape is wrong. */
export const readRow = async <Item>(read: () => Promise<Item>): Promise<Item> => {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new UnreadableRowError('the row cannot be read', { cause });
  }
};

/** How long a sweep skips a row that it cannot handle. */
export const unreadableDelayMs = 3_600_000;
const failingMs = 15 * 60_000;

/**
 * Returns when a row is due again after a sweep failed on it: in an hour when it cannot be read, in 15 minutes when it
 * has been overdue for 15 minutes. Returns undefined for a newer failure, which may be transient: the next sweep
 * retries it.
 */
export const dueAfterFailure = (error: unknown, dueAt: string, now: Date): Date | undefined => {
  if (error instanceof UnreadableRowError) return new Date(now.getTime() + unreadableDelayMs);
  const isNew = Date.parse(dueAt) > now.getTime() - failingMs; // an invalid time compares false: not new
  return !isNew ? new Date(now.getTime() + failingMs) : undefined;
};

/** Runs `reschedule`. A failed write is logged, so that it stops no other row; the next sweep tries again. */
export const tryToReschedule = async (reschedule: () => Promise<unknown>): Promise<void> => {
  try {
    await reschedule();
  } catch (thrown) {
    logger.error('a row on which a sweep failed cannot be made due later', { error: asError(thrown) });
  }
};

const keyOf = ({ key }: DueIndex, entry: Row): Row => Object.fromEntries(key.map((name) => [name, entry[name]]));

const laterEntry = (index: DueIndex, entry: Row, until: Date): Promise<void> => {
  const later = { before: String(entry.dueAt), until: new Date(until.getTime() + unreadableDelayMs) };
  return tryToReschedule(() => rescheduleRow(index, keyOf(index, entry), later));
};

/**
 * Returns the entries that are due by `until`, the longest overdue first, at most `limit` per shard, mapped by `read`.
 * An entry on which `read` throws is left out, logged, counted as `SweepCannotHandle` and rescheduled by an hour.
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
