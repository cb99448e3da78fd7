import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { batchGet, queryPage } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { tenantKey } from '../../kernel/tenant';
import type { Order } from '../domain/order';
import { orderFromRow } from '../order-row';
import {
  compareEntries,
  hasNext,
  type IndexEntry,
  type IndexPage,
  mergePages,
  type OrderFilter,
  type Source,
  sourcesOf,
} from './order-list';

/** One page of a list. `last` is the position after which the next page starts; undefined on the last page. */
export type OrderPage = { readonly orders: readonly Order[]; readonly last?: IndexEntry | undefined };

export type PageRequest = { readonly limit: number; readonly after?: IndexEntry | undefined };

type Orders = { readonly table: string; readonly db: DynamoDBDocumentClient };

const sameTimeMargin = 25; // extra entries, so that one read is enough unless many orders have the same time
const maxTime = '9999';
const batchSize = 100;

const partitionKey = { byTenant: 'listKey', byCustomer: 'ownerKey' } as const;

type Read = { readonly entries: readonly IndexEntry[]; readonly next?: Record<string, unknown> | undefined };

const entriesOf = async (
  { table, db }: Orders,
  source: Source,
  until: string,
  { limit, from }: { readonly limit: number; readonly from: Read['next'] },
): Promise<Read> => {
  const { index, partition, since = '0' } = source;
  const { rows, next } = await queryPage(db, {
    TableName: table,
    IndexName: index,
    KeyConditionExpression: '#partition = :partition AND createdAt BETWEEN :since AND :until',
    ExpressionAttributeNames: { '#partition': partitionKey[index] },
    ExpressionAttributeValues: { ':partition': partition, ':since': since, ':until': until },
    ScanIndexForward: false,
    Limit: limit,
    ExclusiveStartKey: from,
  });
  const entries = rows.map(({ orderId, createdAt }) => ({ orderId: String(orderId), createdAt: String(createdAt) }));
  return { entries, next };
};

/** Reads a source to its end, or until it has an entry after `after` whose time has been read completely. */
const readSource = async (orders: Orders, source: Source, { limit, after }: PageRequest): Promise<IndexPage> => {
  const until = after?.createdAt ?? maxTime;
  if ((source.since ?? '0') > until) return { entries: [], more: false };
  const entries: IndexEntry[] = [];
  let from: Read['next'];
  do {
    const size = from === undefined ? limit + sameTimeMargin : batchSize;
    const read = await entriesOf(orders, source, until, { limit: size, from });
    entries.push(...read.entries);
    from = read.next;
  } while (from !== undefined && !hasNext(entries, after));
  return { entries, more: from !== undefined };
};

const rowsOf = async ({ table, db }: Orders, entries: readonly IndexEntry[]): Promise<Order[]> => {
  const keys = entries.map(({ orderId, createdAt }) => ({ orderId, createdAt }));
  return readableRows(await batchGet(db, table, keys), orderFromRow);
};

const entryOf = ({ tenant, orderId, createdAt }: Order): IndexEntry => ({
  orderId: tenantKey(tenant, orderId),
  createdAt,
});

const maxReads = 10; // of 100 entries each, so that a request ends

type Found = OrderPage & { readonly done: boolean };

/** Returns the page with `rows` appended, and whether it is complete. */
const append = (
  found: readonly Order[],
  rows: readonly Order[],
  { entries, more }: IndexPage,
  limit: number,
): Found => {
  const sorted = [...rows].sort((one, other) => compareEntries(entryOf(one), entryOf(other)));
  const all = [...found, ...sorted];
  const orders = all.slice(0, limit);
  const lastShown = orders.at(-1);
  if (all.length > limit && lastShown !== undefined) return { orders, last: entryOf(lastShown), done: true };
  const hasMore = more && entries.length > 0;
  return { orders, last: hasMore ? entries.at(-1) : undefined, done: !hasMore || all.length === limit };
};

/** Lists orders. The indexes are eventually consistent; the orders themselves are read from the table. */
export const orderListStore = (table: string, db: DynamoDBDocumentClient, now: () => Date = () => new Date()) => {
  const orders: Orders = { table, db };

  const read = async (sources: readonly Source[], wanted: PageRequest): Promise<IndexPage> =>
    mergePages(
      await Promise.all(sources.map((source) => readSource(orders, source, wanted))),
      wanted.after,
      wanted.limit,
    );

  return {
    /**
     * Returns up to `limit` orders after `after`, newest first. A page has fewer when a thousand entries were read and
     * few have the status. `last` is undefined only on the last page.
     */
    page: async (filter: OrderFilter, { limit, after }: PageRequest): Promise<OrderPage> => {
      const sources = sourcesOf(filter, now());
      let found: Found = { orders: [], last: after, done: false };
      for (let reads = 0; reads < maxReads && !found.done; reads += 1) {
        const next = await read(sources, { limit: reads === 0 ? limit : batchSize, after: found.last });
        const rows = await rowsOf(orders, next.entries);
        const wanted = rows.filter(({ status }) => status === (filter.status ?? status));
        found = append(found.orders, wanted, next, limit);
      }
      return found;
    },
  };
};

export type OrderListStore = ReturnType<typeof orderListStore>;
