import type { Identity } from '../../lambda/identity/authorizer/identity';
import { newUser, type User } from '../../lambda/identity/users/user';
import { userStore } from '../../lambda/identity/users/user.store';
import { userRow } from '../../lambda/identity/users/user-row';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { copyItem } from '../support/dynamodb/item';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

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

/** The store of users over a table in memory that has these. */
export const memoryUsers = (...users: User[]) => {
  const { db, table } = memoryDynamoDb();
  const rows = table('users');
  for (const user of users) rows.put(copyItem(userRow(user)));
  return { ...userStore('users', db), rows };
};

export const userOf = (changes: Partial<Identity> = {}): User => newUser({ ...hanako, ...changes }, at());
