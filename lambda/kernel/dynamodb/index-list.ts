import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { asError } from '../error';
import { logger } from '../logger';
import { batchGet, type Page, queryPage } from './dynamodb';

const idsOf = (row: unknown) =>
  Object.fromEntries(
    ['orderId', 'productId', 'paymentId', 'returnId', 'alertId', 'userId', 'tenantId', 'categoryId'].map((name) => [
      name,
      (row as Record<string, unknown>)[name],
    ]),
  );

/** Returns the rows that can be read, in their order. A row that cannot be read is logged and left out. */
export const readableRows = <Row, Item>(rows: readonly Row[], fromRow: (row: Row) => Item): Item[] =>
  rows.flatMap((row) => {
    try {
      return [fromRow(row)];
    } catch (thrown) {
      logger.error('a row cannot be read and is left out', { ...idsOf(row), error: asError(thrown) });
      return [];
    }
  });

type Row = Record<string, unknown>;

/** A list of rows: one partition of a keys-only index, newest first. */
export type IndexList<Item> = {
  readonly table: string;
  readonly db: DynamoDBDocumentClient;
  /** The key attribute of the table. */
  readonly key: string;
  readonly index: string;
  /** The partition key of the index: its attribute name and its value. */
  readonly name: string;
  readonly value: string;
  readonly fromRow: (row: unknown) => Item;
  /** Whether an item of the partition belongs to the list, by its current row. */
  readonly isListed: (item: Item) => boolean;
};

/** `last` is the index entry after which the next page starts, not always one of `items`; missing on the last page. */
export type IndexPage<Item> = { readonly items: readonly Item[]; readonly last?: Row | undefined };

type Listed<Item> = { readonly item: Item; readonly entry: Row };

const entriesOf = <Item>(list: IndexList<Item>, limit: number, from?: Row): Promise<Page> => {
  const { table, db, index, name, value } = list;
  return queryPage(db, {
    TableName: table,
    IndexName: index,
    KeyConditionExpression: '#list = :list',
    ExpressionAttributeNames: { '#list': name },
    ExpressionAttributeValues: { ':list': value },
    ScanIndexForward: false,
    Limit: limit,
    ExclusiveStartKey: from,
  });
};

/** Returns the rows of the entries, in their order. A row that is gone or cannot be read is left out. */
const listedAt = async <Item>(list: IndexList<Item>, entries: readonly Row[]): Promise<Listed<Item>[]> => {
  const { table, db, key, fromRow, isListed } = list;
  const rows = await batchGet(
    db,
    table,
    entries.map((entry) => ({ [key]: entry[key] })),
  );
  const byKey = new Map(rows.map((row) => [String(row[key]), row]));
  const found = entries.filter((entry) => byKey.has(String(entry[key])));
  const read = (entry: Row) => ({ item: fromRow(byKey.get(String(entry[key]))), entry });
  return readableRows(found, read).filter(({ item }) => isListed(item));
};

const batchSize = 100;
const maxReads = 10; // of 100 entries: bounds a request on a partition of which few items are listed

/**
 * Returns one page of a list, after the index key `start`. Items are read from the table itself, since the index lags
 * behind. As not every item of the partition belongs to the list, it reads until the page is full or about 1,000 rows
 * were read.
 */
export const pageOfIndex = async <Item>(
  list: IndexList<Item>,
  limit: number,
  start: Row | undefined,
): Promise<IndexPage<Item>> => {
  const found: Listed<Item>[] = [];
  let from = start;
  let lastRead: Row | undefined;
  for (let reads = 0; reads < maxReads && found.length <= limit && (reads === 0 || from !== undefined); reads += 1) {
    const { rows: entries, next } = await entriesOf(list, reads === 0 ? limit + 1 : batchSize, from);
    found.push(...(await listedAt(list, entries)));
    lastRead = entries.at(-1) ?? lastRead;
    from = next;
  }
  const items = found.slice(0, limit).map(({ item }) => item);
  if (found.length > limit) return { items, last: found[limit - 1]?.entry };
  return { items, last: from === undefined ? undefined : lastRead };
};
