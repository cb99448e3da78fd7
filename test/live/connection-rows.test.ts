import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { type Connection, subscriptionOf } from '../../lambda/live/connection';
import { connectionStore, subscriptionRow } from '../../lambda/live/connection.store';

type Row = Record<string, unknown>;

const keyOf = ({ subject, connectionId }: Row) => `${subject} ${connectionId}`;

/** The table of connections: a query gives back two rows at a time, and a read that is not consistent nothing new. */
const table = () => {
  const rows = new Map<string, Row>();
  const written: unknown[] = [];

  const put = ({ Item = {} }: PutCommand['input']) => {
    rows.set(keyOf(Item), Item);
    written.push(Item.subject);
    return {};
  };
  const query = ({ ExpressionAttributeValues, ExclusiveStartKey, ConsistentRead }: QueryCommand['input']) => {
    if (ConsistentRead !== true) return { Items: [] };
    const found = [...rows.values()].filter(({ subject }) => subject === ExpressionAttributeValues?.[':subject']);
    const from =
      ExclusiveStartKey === undefined ? 0 : found.findIndex((row) => keyOf(row) === keyOf(ExclusiveStartKey)) + 1;
    const Items = found.slice(from, from + 2);
    return { Items, LastEvaluatedKey: from + 2 < found.length ? Items.at(-1) : undefined };
  };
  const remove = ({ RequestItems }: BatchWriteCommand['input']) => {
    for (const { DeleteRequest } of RequestItems?.live ?? []) rows.delete(keyOf(DeleteRequest?.Key ?? {}));
    return {};
  };
  const send = async (command: unknown) => {
    if (command instanceof PutCommand) return put(command.input);
    if (command instanceof QueryCommand) return query(command.input);
    if (command instanceof BatchWriteCommand) return remove(command.input);
    if (command instanceof GetCommand) return { Item: rows.get(keyOf(command.input.Key ?? {})) };
    throw new Error('no such call');
  };
  return { rows, written, store: connectionStore('live', { send } as unknown as DynamoDBDocumentClient) };
};

const shop = trustedTenant('shop-a');

const connection = (connectionId: string, given: Partial<Connection> = {}): Connection => ({
  connectionId,
  tenant: shop,
  userId: 'sato',
  scope: 'tenant',
  validUntil: '2026-11-21T09:00:00.000Z',
  credential: { tenant: 'shop-a', userId: 'sato', sessionId: 'log-in-1', issuedAt: 100, loggedInAt: 90 },
  ...given,
});

describe('F-34 the rows of connections', () => {
  test('of a user are found by the user, all of them, at once, and with what is asked about them', async () => {
    const { store } = table();
    for (const id of ['c-1', 'c-2', 'c-3', 'c-4', 'c-5']) await store.open(connection(id));
    await store.open(connection('c-other', { userId: 'ada' }));
    await store.open(connection('c-guest', { userId: undefined }));
    const found = await store.followers('shop-a#USER#sato');
    expect(found.map(({ connectionId }) => connectionId)).toEqual(['c-1', 'c-2', 'c-3', 'c-4', 'c-5']);
    expect(found[0]).toEqual({
      subject: 'shop-a#USER#sato',
      connectionId: 'c-1',
      validUntil: '2026-11-21T09:00:00.000Z',
      credential: { tenant: 'shop-a', userId: 'sato', sessionId: 'log-in-1', issuedAt: 100, loggedInAt: 90 },
    });
  });

  test('are written in an order in which no connection is open that its user’s event does not find', async () => {
    const { store, written } = table();
    await store.open(connection('c-1'));
    expect(written).toEqual(['shop-a#USER#sato', '#CONNECTION#c-1']);
  });

  test('leave nothing behind when the connection is closed', async () => {
    const { store, rows } = table();
    const one = connection('c-1');
    await store.open(one);
    const feed = subscriptionRow(subscriptionOf(one, { feed: true }));
    rows.set(keyOf(feed), feed);
    const own = rows.get('#CONNECTION#c-1 c-1');
    rows.set('#CONNECTION#c-1 c-1', { ...own, subscriptions: new Set(['shop-a#FEED']) });
    await store.close('c-1');
    expect([...rows.keys()]).toEqual([]);
  });
});
