import { unsealed } from '../../lambda/contracts/values/sealed';
import type { Identity } from '../../lambda/identity/authorizer/identity';
import { newUser, personalFields, type StoredUser, type User } from '../../lambda/identity/users/user';
import { userStore } from '../../lambda/identity/users/user.store';
import { userRow } from '../../lambda/identity/users/user-row';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { copyItem } from '../support/dynamodb/item';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { fixedKeys } from '../support/key-ring';

export const shopA = trustedTenant('shop-a');
export const shopB = trustedTenant('shop-b');

export const at = (seconds = 0) => ({
  now: new Date(Date.UTC(2026, 10, 21, 8, 0, seconds)),
  correlationId: 'request-1',
});

/** 2026-11-21T08:00:00Z in seconds since 1970. */
export const eight = 1_795_248_000;

export const hanako: Identity = {
  tenant: shopA,
  userId: 'hanako-1',
  email: 'hanako@example.com',
  emailVerified: true,
  displayName: '山田花子',
  roles: ['customer'],
  sessionId: 'session-1',
  issuedAt: eight,
};

/** A user as stored before anything was sealed. */
export const storedUser = (user: User): StoredUser =>
  ({
    ...user,
    ...Object.fromEntries(
      personalFields.flatMap((field) => {
        const value = user[field];
        return value === undefined
          ? []
          : [[field, unsealed(typeof value === 'string' ? value : JSON.stringify(value))]];
      }),
    ),
  }) as StoredUser;

/** The store of users over a table in memory that has these. */
export const memoryUsers = (...users: User[]) => {
  const { db, table } = memoryDynamoDb();
  const rows = table('users');
  for (const user of users) rows.put(copyItem(userRow(storedUser(user))));
  return { ...userStore('users', db, fixedKeys), rows };
};

export const userOf = (changes: Partial<Identity> = {}): User => newUser({ ...hanako, ...changes }, at());
