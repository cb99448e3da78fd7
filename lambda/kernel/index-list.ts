import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

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

/** `last`: the item after which the list goes on, which need not be one of these; missing at its end. */
export type IndexPage<Item> = { readonly items: readonly Item[]; readonly last?: Item | undefined };

type Keys = { readonly keys: readonly string[]; readonly next?: Row | undefined };

const keysOf = async <Item>(list: IndexList<Item>, limit: number, from?: Row): Promise<Keys> => {
  const { table, db, key, index, name, value } = list;
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
  return { keys: Items.map((item) => String(item[key])), next: LastEvaluatedKey };
};

const batchSize = 100; // a page of 100 reads one more, to know whether there is another

const readAll = async (db: DynamoDBDocumentClient, table: string, keys: readonly Row[]): Promise<Row[]> => {
  if (keys.length === 0) return [];
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys.slice(0, batchSize) } } }),
  );
  const left = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(batchSize)];
  return [...(Responses?.[table] ?? []), ...(await readAll(db, table, left))];
};

/** In the order of the keys. */
const itemsAt = async <Item>({ db, table, key, fromRow }: IndexList<Item>, keys: readonly string[]) => {
  const rows = await readAll(
    db,
    table,
    keys.map((one) => ({ [key]: one })),
  );
  const byKey = new Map(rows.map((row) => [String(row[key]), row]));
  return keys.flatMap((one) => (byKey.has(one) ? [fromRow(byKey.get(one))] : []));
};

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
  const found: Item[] = [];
  let from = start;
  let looked: Item | undefined;
  for (let reads = 0; reads < mostReads && found.length <= limit && (reads === 0 || from !== undefined); reads += 1) {
    const { keys, next } = await keysOf(list, reads === 0 ? limit + 1 : batchSize, from);
    const items = await itemsAt(list, keys);
    looked = items.at(-1) ?? looked;
    found.push(...items.filter(list.isListed));
    from = next;
  }
  if (found.length > limit) return { items: found.slice(0, limit), last: found[limit - 1] };
  return { items: found, last: from === undefined ? undefined : looked };
};
