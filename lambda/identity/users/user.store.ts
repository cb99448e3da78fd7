import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { StoredAddress } from '../../contracts/address';
import { type Role, roles } from '../../contracts/routes';
import { UserStatus } from '../../contracts/user-calls';
import { batchGet } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { originColumns } from '../../kernel/http/caller';
import { idOfKey, parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';
import type { User, UserKey } from './user';

/** An item of the users table, also as a stream image. */
const UserRow = z.object({
  userId: z.string(),
  email: z.string().optional(),
  emailVerified: z.boolean(),
  status: UserStatus,
  roles: z.partialRecord(z.enum(roles), z.iso.datetime()),
  displayName: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  phoneNumber: z.string().optional(),
  address: StoredAddress.optional(),
  preferences: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  avatar: z.string().optional(),
  lastLoginAt: z.iso.datetime().optional(),
  totpSince: z.iso.datetime().optional(),
  endedSessions: z.array(z.string()),
  tokensNotBefore: z.int().optional(),
  logInsNotBefore: z.int().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
  correlationId: z.string(),
  fact: z.object({
    type: z.enum([
      'UserProfileCreated',
      'UserAuthenticated',
      'ProfileChanged',
      'AccessChanged',
      'SessionEnded',
      'TotpConfirmed',
    ]),
    ...originColumns,
  }),
});

/** Returns the row of a user. Its attributes `tenant` and `createdAt` are the key of the index by tenant. */
export const userRow = ({ tenant, userId, ...rest }: User) => ({
  ...rest,
  userId: userRowKey({ tenant, userId }),
  tenant: tenant as string,
});

export const userRowKey = ({ tenant, userId }: UserKey): string => tenantKey(tenant, userId);

/** Parses what `userRowKey` returns. */
export const userKeyOf = (key: string): UserKey => {
  const { tenant, id } = parseTenantKey(key);
  return { tenant, userId: id };
};

/** Parses a row. Throws when its shape is wrong. */
export const userFromRow = (item: unknown): User => {
  const { userId: key, ...rest } = UserRow.parse(item);
  return { ...rest, ...userKeyOf(key) };
};

/** Returns the names of a user's roles, in the order of the policy table. */
export const roleNames = (given: User['roles']): Role[] => roles.filter((role) => given[role] !== undefined);

export type UserPage = { readonly tenant: Tenant; readonly limit: number; readonly after?: UserCursor | undefined };
export type UserCursor = { readonly userId: string; readonly createdAt: string };

type Users = { readonly table: string; readonly db: DynamoDBDocumentClient };

const put = async (
  { table, db }: Users,
  user: User,
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
const readAll = async ({ table, db }: Users, keys: readonly string[]): Promise<User[]> => {
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
  const { Items = [], LastEvaluatedKey } = await users.db.send(
    new QueryCommand({
      TableName: users.table,
      IndexName: 'byTenant',
      KeyConditionExpression: 'tenant = :tenant',
      ExpressionAttributeValues: { ':tenant': tenant },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: start,
    }),
  );
  const keys = Items.map(({ userId }) => String(userId));
  const last = LastEvaluatedKey;
  const next: UserCursor | undefined = last && {
    userId: idOfKey(last.userId),
    createdAt: String(last.createdAt),
  };
  return { items: await readAll(users, keys), next };
};

/** The table of users. Every write checks the previous version. */
export const userStore = (table: string, db: DynamoDBDocumentClient) => {
  const users = { table, db };
  return {
    get: async (key: UserKey): Promise<User | undefined> => {
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: { userId: userRowKey(key) }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : userFromRow(Item);
    },

    /** Returns false when the user already exists. */
    create: (user: User): Promise<boolean> => put(users, user, { ConditionExpression: 'attribute_not_exists(userId)' }),

    /** Writes the next version. Returns false when the stored version has changed. */
    save: (user: User): Promise<boolean> =>
      put(users, user, {
        ConditionExpression: 'version = :previous',
        ExpressionAttributeValues: { ':previous': user.version - 1 },
      }),

    /** Returns a page of a tenant's users, newest first, eventually consistent. */
    list: (page: UserPage) => list(users, page),
  };
};

export type UserStore = ReturnType<typeof userStore>;
