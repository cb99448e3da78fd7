import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { asError } from '../http/http';
import { logger } from '../logger';
import { batchGet } from './dynamodb';

const idsOf = (row: unknown) =>
  Object.fromEntries(
    ['orderId', 'productId', 'paymentId', 'returnId', 'alertId', 'userId', 'tenantId', 'categoryId'].map((name) => [
      name,
      (row as Record<string, unknown>)[name],
    ]),
  );

/** Returns the rows that can be read, in their order. One that cannot is logged and left out, and hides no other. */
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

/** A list of rows: one partition of an index that holds their keys alone, sorted by what is listed last first. */
export type IndexList<Item> = {
  readonly table: string;
  readonly db: DynamoDBDocumentClient;
  /** The attribute that is the key of the table. */
  readonly key: string;
  readonly index: string;
  /** The attribute that is the partition of the index, and its value. */
  readonly name: string;
  readonly value: string;
  readonly fromRow: (row: unknown) => Item;
  /** Whether an item of the partition belongs to the list, as its row is now. */
  readonly isListed: (item: Item) => boolean;
};

/** `last`: the entry of the index after which the list goes on, which need not be of one of these; missing at its end. */
export type IndexPage<Item> = { readonly items: readonly Item[]; readonly last?: Row | undefined };

type Entries = { readonly entries: readonly Row[]; readonly next?: Row | undefined };
type Listed<Item> = { readonly item: Item; readonly entry: Row };

const entriesOf = async <Item>(list: IndexList<Item>, limit: number, from?: Row): Promise<Entries> => {
  const { table, db, index, name, value } = list;
  const { Items = [], LastEvaluatedKey } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: { '#list': name },
      ExpressionAttributeValues: { ':list': value },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: from,
    }),
  );
  return { entries: Items, next: LastEvaluatedKey };
};

/** What the entries lead to, in their order. A row that is gone, or that cannot be read, is left out. */
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
const mostReads = 10; // of 100: a list of which few are listed has short pages, and no request is without end

/**
 * One page of a list, after the key `start` of the index. What is listed is read from the table itself: the index is a
 * moment behind. As not all of a partition need belong to the list, it reads on until the page is full, or a thousand rows
 * were looked at.
 */
export const pageOfIndex = async <Item>(
  list: IndexList<Item>,
  limit: number,
  start: Row | undefined,
): Promise<IndexPage<Item>> => {
  const found: Listed<Item>[] = [];
  let from = start;
  let looked: Row | undefined;
  for (let reads = 0; reads < mostReads && found.length <= limit && (reads === 0 || from !== undefined); reads += 1) {
    const { entries, next } = await entriesOf(list, reads === 0 ? limit + 1 : batchSize, from);
    found.push(...(await listedAt(list, entries)));
    looked = entries.at(-1) ?? looked;
    from = next;
  }
  const items = found.slice(0, limit).map(({ item }) => item);
  if (found.length > limit) return { items, last: found[limit - 1]?.entry };
  return { items, last: from === undefined ? undefined : looked };
};
