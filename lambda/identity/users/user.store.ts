import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, queryPage } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import type { KeyRing } from '../../kernel/sealing/key-ring';
import { idOfKey, type Tenant } from '../../kernel/tenant';
import { openUser, sealUser } from './personal';
import type { StoredUser, User, UserKey } from './user';
import { userFromRow, userRow, userRowKey } from './user-row';

export type UserPage = { readonly tenant: Tenant; readonly limit: number; readonly after?: UserCursor | undefined };
export type UserCursor = { readonly userId: string; readonly createdAt: string };

type Users = { readonly table: string; readonly db: DynamoDBDocumentClient };

const put = async (
  { table, db }: Users,
  user: StoredUser,
  condition: { ConditionExpression: string; ExpressionAttributeValues?: Record<string, unknown> },
): Promise<boolean> => {
  try {
    await db.send(new PutCommand({ TableName: table, Item: userRow(user), ...condition }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/** Reads the users of these keys, in their order. Missing ones are left out, since the index lags behind the table. */
const readAll = async ({ table, db }: Users, keys: readonly string[]): Promise<StoredUser[]> => {
  const rows = await batchGet(
    db,
    table,
    keys.map((userId) => ({ userId })),
  );
  const byKey = new Map(rows.map((row) => [String(row.userId), row]));
  return readableRows(
    keys.flatMap((key) => byKey.get(key) ?? []),
    userFromRow,
  );
};

const list = async (users: Users, { tenant, limit, after }: UserPage) => {
  const start = after && { userId: userRowKey({ tenant, userId: after.userId }), tenant, createdAt: after.createdAt };
  const { rows, next: last } = await queryPage(users.db, {
    TableName: users.table,
    IndexName: 'byTenant',
    KeyConditionExpression: 'tenant = :tenant',
    ExpressionAttributeValues: { ':tenant': tenant },
    ScanIndexForward: false,
    Limit: limit,
    ExclusiveStartKey: start,
  });
  const keys = rows.map(({ userId }) => String(userId));
  const next: UserCursor | undefined = last && {
    userId: idOfKey(last.userId),
    createdAt: String(last.createdAt),
  };
  return { items: await readAll(users, keys), next };
};

/** Returns a user as it is stored: access and log-ins can be read, what is about the person is sealed. */
export const findStoredUser =
  (table: string, db: DynamoDBDocumentClient) =>
  async (key: UserKey): Promise<StoredUser | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { userId: userRowKey(key) }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : userFromRow(Item);
  };

/** The table of users. Every write seals what is about the person and checks the previous version. */
export const userStore = (table: string, db: DynamoDBDocumentClient, keys: Pick<KeyRing, 'named' | 'open'>) => {
  const users = { table, db };
  const find = findStoredUser(table, db);
  return {
    get: async (key: UserKey): Promise<User | undefined> => {
      const stored = await find(key);
      return stored && openUser(keys, stored);
    },

    /** Returns false when the user already exists. */
    create: async (user: User): Promise<boolean> =>
      put(users, await sealUser(keys, user), { ConditionExpression: 'attribute_not_exists(userId)' }),

    /** Writes the next version. Returns false when the stored version has changed. */
    save: async (user: User): Promise<boolean> =>
      put(users, await sealUser(keys, user), {
        ConditionExpression: 'version = :previous',
        ExpressionAttributeValues: { ':previous': user.version - 1 },
      }),

    /** Returns a page of a tenant's users, newest first, eventually consistent. */
    list: async (page: UserPage) => {
      const { items, next } = await list(users, page);
      return { items: await Promise.all(items.map((stored) => openUser(keys, stored))), next };
    },
  };
};

export type UserStore = ReturnType<typeof userStore>;
