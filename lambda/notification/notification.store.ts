import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { StoredSealed } from '../contracts/values/sealed';
import { batchGet } from '../kernel/dynamodb/dynamodb';
import { insertOnce } from '../kernel/dynamodb/insert-once';
import { parseTenantKey, type Tenant, tenantKey } from '../kernel/tenant';
import { confirmationId, type Notification, type NotificationKey } from './mail';

const keyOf = ({ tenant, notificationId, createdAt }: NotificationKey) => ({
  notificationId: tenantKey(tenant, notificationId),
  createdAt,
});

const notificationFrom = (row: Record<string, unknown>): Notification => {
  const { tenant, id } = parseTenantKey(String(row.notificationId));
  return { ...row, tenant, notificationId: id, recipient: StoredSealed.parse(row.recipient) } as Notification;
};

/** Stores the records of e-mails. */
export const notificationStore = (table: string, db: DynamoDBDocumentClient) => ({
  /**
   * Returns for each key, in the same order, whether it was sent or withheld before. Keys must be unique. The read is
   * eventually consistent: a message is redelivered after its visibility timeout, long after the record is readable.
   */
  wereSent: async (keys: readonly NotificationKey[]): Promise<boolean[]> => {
    const rows = await batchGet(db, table, keys.map(keyOf), { ProjectionExpression: 'notificationId' });
    const found = new Set(rows.map(({ notificationId }) => notificationId));
    return keys.map((key) => found.has(keyOf(key).notificationId));
  },

  /** Returns the existing records of these keys, in any order. */
  find: async (keys: readonly NotificationKey[]): Promise<Notification[]> => {
    const rows = await batchGet(db, table, keys.map(keyOf));
    return rows.map(notificationFrom);
  },

  /** Returns the record of an order's confirmation e-mail, which has the recipient and the language. */
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

  /**
   * Records sent and withheld e-mails. Returns one outcome per record, in the same order. Repeating it has no effect.
   */
  record: (sent: readonly Notification[]): Promise<(Error | undefined)[]> =>
    insertOnce(
      db,
      table,
      sent.map((notification) => ({ ...notification, tenant: undefined, ...keyOf(notification) })),
    ),
});

export type NotificationStore = ReturnType<typeof notificationStore>;
