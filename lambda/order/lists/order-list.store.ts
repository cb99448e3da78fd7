import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { tenantKey } from '../../kernel/tenant';
import type { Order } from '../domain/order';
import { orderFromRow } from '../order-row';
import {
  type IndexEntry,
  inListOrder,
  leadsOn,
  merged,
  type OrderFilter,
  type Place,
  type Source,
  sourcesOf,
} from './order-list';

/** One page of a list. `last` is where the next one goes on; missing when there is none. */
export type OrderPage = { readonly orders: readonly Order[]; readonly last?: Place | undefined };

export type PageWanted = { readonly limit: number; readonly after?: Place | undefined };

type Orders = { readonly table: string; readonly db: DynamoDBDocumentClient };

const sameMoment = 25; // read on top of what is wanted, so that one read is enough but for many orders of one moment
const forEver = '9999';
const batchSize = 100;

const partitionKey = { byTenant: 'listKey', byCustomer: 'ownerKey' } as const;

type Read = { readonly entries: readonly Place[]; readonly next?: Record<string, unknown> | undefined };

const entriesOf = async (
  { table, db }: Orders,
  source: Source,
  until: string,
  { limit, from }: { readonly limit: number; readonly from: Read['next'] },
): Promise<Read> => {
  const { index, partition, since = '0' } = source;
  const { Items = [], LastEvaluatedKey } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#partition = :partition AND createdAt BETWEEN :since AND :until',
      ExpressionAttributeNames: { '#partition': partitionKey[index] },
      ExpressionAttributeValues: { ':partition': partition, ':since': since, ':until': until },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: from,
    }),
  );
  const entries = Items.map(({ orderId, createdAt }) => ({ orderId: String(orderId), createdAt: String(createdAt) }));
  return { entries, next: LastEvaluatedKey };
};

/** Reads a source until it has a place after `after` of a moment that is known whole, or to its end. */
const indexEntry = async (orders: Orders, source: Source, { limit, after }: PageWanted): Promise<IndexEntry> => {
  const until = after?.createdAt ?? forEver;
  if ((source.since ?? '0') > until) return { places: [], more: false };
  const places: Place[] = [];
  let from: Read['next'];
  do {
    const size = from === undefined ? limit + sameMoment : batchSize;
    const { entries, next } = await entriesOf(orders, source, until, { limit: size, from });
    places.push(...entries);
    from = next;
  } while (from !== undefined && !leadsOn(places, after));
  return { places, more: from !== undefined };
};

const rowsAt = async ({ table, db }: Orders, places: readonly Place[]): Promise<Order[]> => {
  const keys = places.map(({ orderId, createdAt }) => ({ orderId, createdAt }));
  return readableRows(await batchGet(db, table, keys), orderFromRow);
};

const placeOf = ({ tenant, orderId, createdAt }: Order): Place => ({ orderId: tenantKey(tenant, orderId), createdAt });

const mostReads = 10; // of 100: no request is without end

type Found = OrderPage & { readonly done: boolean };

/** What a page has so far, with `rows` added to it. */
const added = (found: readonly Order[], rows: readonly Order[], { places, more }: IndexEntry, limit: number): Found => {
  const sorted = [...rows].sort((one, other) => inListOrder(placeOf(one), placeOf(other)));
  const all = [...found, ...sorted];
  const orders = all.slice(0, limit);
  const lastShown = orders.at(-1);
  if (all.length > limit && lastShown !== undefined) return { orders, last: placeOf(lastShown), done: true };
  const goesOn = more && places.length > 0;
  return { orders, last: goesOn ? places.at(-1) : undefined, done: !goesOn || all.length === limit };
};

/** Lists of the orders table. The indexes lag a moment behind it; what is listed is read from the table itself. */
export const orderListStore = (table: string, db: DynamoDBDocumentClient, now: () => Date = () => new Date()) => {
  const orders: Orders = { table, db };

  const read = async (sources: readonly Source[], wanted: PageWanted): Promise<IndexEntry> =>
    merged(await Promise.all(sources.map((source) => indexEntry(orders, source, wanted))), wanted.after, wanted.limit);

  return {
    /**
     * The orders after `after`, newest first: as many as are wanted, or fewer when a thousand were looked at and few of
     * them have the status. `last` is missing only when there are no more.
     */
    page: async (filter: OrderFilter, { limit, after }: PageWanted): Promise<OrderPage> => {
      const sources = sourcesOf(filter, now());
      let found: Found = { orders: [], last: after, done: false };
      for (let reads = 0; reads < mostReads && !found.done; reads += 1) {
        const next = await read(sources, { limit: reads === 0 ? limit : batchSize, after: found.last });
        const rows = await rowsAt(orders, next.places);
        const wanted = rows.filter(({ status }) => status === (filter.status ?? status));
        found = added(found.orders, wanted, next, limit);
      }
      return found;
    },
  };
};

export type OrderListStore = ReturnType<typeof orderListStore>;
