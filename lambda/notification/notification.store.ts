import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { insertOnce } from '../kernel/dynamodb/insert-once';
import { parseTenantKey, type Tenant, tenantKey } from '../kernel/tenant';
import { confirmationId, type Notification, type NotificationKey } from './mail';

const keyOf = ({ tenant, notificationId, createdAt }: NotificationKey) => ({
  notificationId: tenantKey(tenant, notificationId),
  createdAt,
});

const readRows = async (
  table: string,
  db: DynamoDBDocumentClient,
  keys: Record<string, unknown>[],
  wanted: { ProjectionExpression?: string } = {},
): Promise<Record<string, unknown>[]> => {
  if (keys.length === 0) return [];
  const { Responses, UnprocessedKeys } = await db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ...wanted } } }),
  );
  const unread = UnprocessedKeys?.[table]?.Keys ?? [];
  return [...(Responses?.[table] ?? []), ...(await readRows(table, db, unread, wanted))];
};

const notificationFrom = (row: Record<string, unknown>): Notification => {
  const { tenant, id } = parseTenantKey(String(row.notificationId));
  return { ...row, tenant, notificationId: id } as Notification;
};

/** The table of the notification service. */
export const notificationStore = (table: string, db: DynamoDBDocumentClient) => ({
  /**
   * Which of these were sent or withheld before: one answer a key, in their order. No two keys may be the same.
   * Eventually consistent: a message comes again after its visibility timeout, long after the record can be read.
   */
  wereSent: async (keys: readonly NotificationKey[]): Promise<boolean[]> => {
    const rows = await readRows(table, db, keys.map(keyOf), { ProjectionExpression: 'notificationId' });
    const found = new Set(rows.map(({ notificationId }) => notificationId));
    return keys.map((key) => found.has(keyOf(key).notificationId));
  },

  /** The records of those of these that were sent or withheld, at most 100, in no order. */
  find: async (keys: readonly NotificationKey[]): Promise<Notification[]> => {
    const rows = await readRows(table, db, keys.map(keyOf));
    return rows.map(notificationFrom);
  },

  /** The record of the e-mail that confirmed an order: it knows who is to be written to, and in which language. */
  confirmationOf: async (tenant: Tenant, orderId: string): Promise<Notification | undefined> => {
    const { Items: [row] = [] } = await db.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'notificationId = :id',
        ExpressionAttributeValues: { ':id': tenantKey(tenant, confirmationId(orderId)) },
        Limit: 1,
      }),
    );
    return row === undefined ? undefined : notificationFrom(row);
  },

  /** Records what was sent or withheld: one outcome a record, in their order. Recording twice changes nothing. */
  record: (sent: readonly Notification[]): Promise<(Error | undefined)[]> =>
    insertOnce(
      db,
      table,
      sent.map((notification) => ({ ...notification, tenant: undefined, ...keyOf(notification) })),
    ),
});

export type NotificationStore = ReturnType<typeof notificationStore>;
