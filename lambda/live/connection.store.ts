import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { maxSubscriptions } from '../contracts/api/live-api';
import { batchDelete, queryAll, unlessRefused } from '../kernel/dynamodb/dynamodb';
import { Credential } from '../kernel/http/ask-authorizer';
import { trustedTenant } from '../kernel/tenant';
import { type Connection, ownSubscription, type Subscription } from './connection';

/** Returns the key of a connection's own row. It has no tenant, since frames carry only the connection ID. */
const connectionKey = (connectionId: string) => ({ subject: `#CONNECTION#${connectionId}`, connectionId });

const hourMs = 60 * 60 * 1000;

/** Returns the expiry of a row for TTL, in epoch seconds: an hour after the connection ends. */
const expiresAt = (validUntil: string): number => Math.floor((Date.parse(validUntil) + hourMs) / 1000);

const ConnectionRow = z
  .object({
    connectionId: z.string().min(1),
    tenant: z.string().min(1).transform(trustedTenant),
    userId: z.string().optional(),
    reach: z.enum(['own', 'tenant', 'all']),
    validUntil: z.iso.datetime(),
    credential: Credential.optional(),
  })
  .transform(({ reach: scope, ...connection }) => ({ ...connection, scope }));

const Frames = z.object({ frames: z.int().positive() });

/** A connection with the number of its frames in the current window. */
export type Counted = { readonly connection: Connection; readonly frames: number };

export const connectionRow = ({ connectionId, scope: reach, ...connection }: Connection) => ({
  ...connectionKey(connectionId),
  ...connection,
  reach,
  expiresAt: expiresAt(connection.validUntil),
});

export const countedFromRow = (row: unknown): Counted => ({
  connection: ConnectionRow.parse(row),
  frames: Frames.parse(row).frames,
});

export const subscriptionRow = (subscription: Subscription) => ({
  ...subscription,
  expiresAt: expiresAt(subscription.validUntil),
});

const SubscriptionRow = z.object({
  subject: z.string().min(1),
  connectionId: z.string().min(1),
  validUntil: z.iso.datetime(),
  credential: Credential.optional(),
});

const subscriptionFromRow = (row: unknown): Subscription => SubscriptionRow.parse(row);

const Followed = z.object({ subscriptions: z.set(z.string()).optional() });

/** Returns the subjects of all subscriptions of a connection's row, the implicit one of its user included. */
const subjectsOfRow = (row: unknown): string[] => {
  const own = ownSubscription(ConnectionRow.parse(row));
  return [...(Followed.parse(row).subscriptions ?? []), ...(own === undefined ? [] : [own.subject])];
};

type Connections = { readonly table: string; readonly db: DynamoDBDocumentClient };

/** The length of the window in which frames are counted. */
export const windowMs = 10_000;

const isRefused = (error: unknown): boolean => error instanceof ConditionalCheckFailedException;

const countIn = async ({ table, db }: Connections, connectionId: string, window: number, first: boolean) => {
  const { Attributes } = await db.send(
    new UpdateCommand({
      TableName: table,
      Key: connectionKey(connectionId),
      UpdateExpression: first ? 'SET #window = :window, frames = :one' : 'ADD frames :one',
      ConditionExpression: first ? 'attribute_exists(connectionId)' : '#window = :window',
      ExpressionAttributeNames: { '#window': 'window' },
      ExpressionAttributeValues: { ':window': window, ':one': 1 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return countedFromRow(Attributes);
};

const countFrame = async (connections: Connections, connectionId: string, now: Date): Promise<Counted | undefined> => {
  const window = Math.floor(now.getTime() / windowMs);
  for (const first of [false, true]) {
    try {
      return await countIn(connections, connectionId, window, first);
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }
  return undefined;
};

const changeFollowed = (table: string, { connectionId, subject }: Subscription, verb: 'ADD' | 'DELETE') => ({
  TableName: table,
  Key: connectionKey(connectionId),
  UpdateExpression: `${verb} subscriptions :subjects`,
  ExpressionAttributeValues: { ':subjects': new Set([subject]) },
});

const subscribe = async ({ table, db }: Connections, subscription: Subscription): Promise<boolean> => {
  const followed = changeFollowed(table, subscription, 'ADD');
  const room =
    'attribute_exists(connectionId) AND ' +
    '(attribute_not_exists(subscriptions) OR size(subscriptions) < :most OR contains(subscriptions, :subject))';
  const values = { ...followed.ExpressionAttributeValues, ':most': maxSubscriptions, ':subject': subscription.subject };
  const write = new TransactWriteCommand({
    TransactItems: [
      { Update: { ...followed, ConditionExpression: room, ExpressionAttributeValues: values } },
      { Put: { TableName: table, Item: subscriptionRow(subscription) } },
    ],
  });
  return unlessRefused(() => db.send(write));
};

const unsubscribe = async ({ table, db }: Connections, subscription: Subscription): Promise<void> => {
  const { connectionId, subject } = subscription;
  const followed = changeFollowed(table, subscription, 'DELETE');
  const write = new TransactWriteCommand({
    TransactItems: [
      { Update: { ...followed, ConditionExpression: 'attribute_exists(connectionId)' } },
      { Delete: { TableName: table, Key: { subject, connectionId } } },
    ],
  });
  await unlessRefused(() => db.send(write)); // refused: closed in the meantime
};

/** Deletes the subscriptions first, so that after a crash the connection's row still names the remaining ones. */
const close = async (connections: Connections, connectionId: string): Promise<void> => {
  const { table, db } = connections;
  const key = connectionKey(connectionId);
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  if (Item === undefined) return;
  const followed = subjectsOfRow(Item).map((subject) => ({ subject, connectionId }));
  await batchDelete(db, table, followed);
  await batchDelete(db, table, [key]);
};

const followers = async ({ table, db }: Connections, subject: string): Promise<Subscription[]> => {
  const rows = await queryAll(db, {
    TableName: table,
    KeyConditionExpression: 'subject = :subject',
    ExpressionAttributeValues: { ':subject': subject },
    ConsistentRead: true, // a subscription counts from the moment it is confirmed
  });
  return rows.map(subscriptionFromRow);
};

/** The table of connections and their subscriptions. Rows of connections that were never closed expire by TTL. */
export const connectionStore = (table: string, db: DynamoDBDocumentClient) => {
  const connections = { table, db };
  return {
    /** Stores a connection. The implicit subscription is written first, so that no open connection lacks it. */
    open: async (connection: Connection): Promise<void> => {
      const own = ownSubscription(connection);
      if (own !== undefined) await db.send(new PutCommand({ TableName: table, Item: subscriptionRow(own) }));
      await db.send(new PutCommand({ TableName: table, Item: connectionRow(connection) }));
    },
    /** Counts one frame of the connection. Returns undefined when it is not open. */
    countFrame: (connectionId: string, now: Date) => countFrame(connections, connectionId, now),
    /** Returns false when the connection has the maximum number of subscriptions, or is not open. */
    subscribe: (subscription: Subscription) => subscribe(connections, subscription),
    unsubscribe: (subscription: Subscription) => unsubscribe(connections, subscription),
    close: (connectionId: string) => close(connections, connectionId),
    /** Deletes one subscription's row without a look at its connection's row. */
    deleteSubscription: ({ subject, connectionId }: Subscription) =>
      batchDelete(db, table, [{ subject, connectionId }]),
    followers: (subject: string) => followers(connections, subject),
  };
};

export type ConnectionStore = ReturnType<typeof connectionStore>;
