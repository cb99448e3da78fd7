import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { tenantKey } from '../kernel/tenant';
import type { Order } from './order';
import { inListOrder, merged, type OrderFilter, type Place, type Shelved, type Source, sourcesOf } from './order-list';
import { orderFromRow } from './order-row';

/** One page of a list. `last` is where the next one goes on; missing when there is none. */
export type OrderPage = { readonly orders: readonly Order[]; readonly last?: Place | undefined };

export type PageWanted = { readonly limit: number; readonly after?: Place | undefined };

type Orders = { readonly table: string; readonly db: DynamoDBDocumentClient };

const sameMoment = 25; // read on top of what is wanted: orders of one millisecond must not hide each other
const forEver = '9999';

const partitionKey = { byTenant: 'listKey', byCustomer: 'ownerKey' } as const;

const shelved = async ({ table, db }: Orders, source: Source, { limit, after }: PageWanted): Promise<Shelved> => {
  const { since = '0' } = source;
  const until = after?.createdAt ?? forEver;
  if (since > until) return { places: [], more: false };
  const { Items = [], LastEvaluatedKey } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: source.index,
      KeyConditionExpression: '#partition = :partition AND createdAt BETWEEN :since AND :until',
      ExpressionAttributeNames: { '#partition': partitionKey[source.index] },
      ExpressionAttributeValues: {
        ':partition': source.partition,
        ':since': since,
        ':until': until,
      },
      ScanIndexForward: false,
      Limit: limit + sameMoment,
    }),
  );
  const places = Items.map(({ orderId, createdAt }) => ({ orderId: String(orderId), createdAt: String(createdAt) }));
  return { places, more: LastEvaluatedKey !== undefined };
};

const rowsAt = async ({ table, db }: Orders, keys: readonly Record<string, unknown>[]): Promise<Order[]> => {
  if (keys.length === 0) return [];
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys.map((key) => ({ ...key })) } } }),
  );
  const rows = (Responses?.[table] ?? []).map(orderFromRow);
  return [...rows, ...(await rowsAt({ table, db }, UnprocessedKeys?.[table]?.Keys ?? []))];
};

const placeOf = ({ tenant, orderId, createdAt }: Order): Place => ({ orderId: tenantKey(tenant, orderId), createdAt });

type Found = OrderPage & { readonly done: boolean };

/** What a page has so far, with `rows` added to it. */
const added = (found: readonly Order[], rows: readonly Order[], { places, more }: Shelved, limit: number): Found => {
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

  const read = async (sources: readonly Source[], wanted: PageWanted): Promise<Shelved> =>
    merged(await Promise.all(sources.map((source) => shelved(orders, source, wanted))), wanted.after, wanted.limit);

  return {
    /** The orders after `after`, newest first: as many as are wanted while there are any. */
    page: async (filter: OrderFilter, { limit, after }: PageWanted): Promise<OrderPage> => {
      const sources = sourcesOf(filter, now());
      let found: Found = { orders: [], last: after, done: false };
      while (!found.done) {
        const next = await read(sources, { limit, after: found.last });
        const rows = await rowsAt(orders, next.places);
        const wanted = rows.filter(({ status }) => status === (filter.status ?? status));
        found = added(found.orders, wanted, next, limit);
      }
      return found;
    },
  };
};

export type OrderListStore = ReturnType<typeof orderListStore>;
