import { maxSubscriptions } from '../../lambda/contracts/api/live-api';
import { type Connection, ownSubscription, type Subscription } from '../../lambda/live/connection';
import { type ConnectionStore, windowMs } from '../../lambda/live/connection.store';
import { type Io, stored } from './io';

type Row = { connection: Connection; window: number; frames: number; readonly subjects: Set<string> };

/** What is in the table of connections. */
export type ConnectionsTable = {
  readonly rows: Map<string, Row>;
  readonly subscriptions: Map<string, Map<string, Subscription>>; // by subject, by connection
};

export const connectionsTable = (): ConnectionsTable => ({ rows: new Map(), subscriptions: new Map() });

const countFrame = ({ rows }: ConnectionsTable, connectionId: string, now: Date) => {
  const row = rows.get(connectionId);
  if (row === undefined) return undefined;
  const window = Math.floor(now.getTime() / windowMs);
  row.frames = row.window === window ? row.frames + 1 : 1;
  row.window = window;
  return { connection: row.connection, frames: row.frames };
};

const addFollower = ({ subscriptions }: ConnectionsTable, subscription: Subscription): void => {
  const followers = subscriptions.get(subscription.subject) ?? new Map<string, Subscription>();
  subscriptions.set(subscription.subject, followers.set(subscription.connectionId, subscription));
};

const subscribe = (table: ConnectionsTable, subscription: Subscription): boolean => {
  const { connectionId, subject } = subscription;
  const subjects = table.rows.get(connectionId)?.subjects;
  if (subjects === undefined || (subjects.size >= maxSubscriptions && !subjects.has(subject))) return false;
  subjects.add(subject);
  addFollower(table, subscription);
  return true;
};

const deleteSubscription = ({ subscriptions }: ConnectionsTable, { connectionId, subject }: Subscription): void => {
  subscriptions.get(subject)?.delete(connectionId);
};

const unsubscribe = (table: ConnectionsTable, subscription: Subscription): void => {
  const row = table.rows.get(subscription.connectionId);
  if (row === undefined) return;
  row.subjects.delete(subscription.subject);
  deleteSubscription(table, subscription);
};

const close = ({ rows, subscriptions }: ConnectionsTable, connectionId: string): void => {
  const row = rows.get(connectionId);
  const own = row && ownSubscription(row.connection);
  for (const subject of [...(row?.subjects ?? []), ...(own ? [own.subject] : [])])
    subscriptions.get(subject)?.delete(connectionId);
  rows.delete(connectionId);
};

/** The store of connections over a table in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryConnectionStore = (table: ConnectionsTable, io: Io): ConnectionStore => ({
  open: (connection) =>
    io('connections.open', () => {
      table.rows.set(connection.connectionId, {
        connection: stored(connection),
        window: 0,
        frames: 0,
        subjects: new Set(),
      });
      const own = ownSubscription(stored(connection));
      if (own !== undefined) addFollower(table, own);
    }),
  countFrame: (connectionId, now) => io('connections.countFrame', () => countFrame(table, connectionId, now)),
  subscribe: (subscription) => io('connections.subscribe', () => subscribe(table, stored(subscription))),
  unsubscribe: (subscription) => io('connections.unsubscribe', () => unsubscribe(table, subscription)),
  close: (connectionId) => io('connections.close', () => close(table, connectionId)),
  deleteSubscription: (subscription) =>
    io('connections.deleteSubscription', () => deleteSubscription(table, subscription)),
  followers: (subject) =>
    io('connections.followers', () => [...(table.subscriptions.get(subject)?.values() ?? [])].map(stored)),
});
