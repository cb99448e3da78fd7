import type { Identity } from '../../lambda/identity/authorizer/identity';
import { newUser, type User, type UserKey } from '../../lambda/identity/users/user';
import type { UserPage } from '../../lambda/identity/users/user.store';
import { trustedTenant } from '../../lambda/kernel/tenant';

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

/** Users in memory, as the table keeps them. */
export const memoryUsers = (...users: User[]) => {
  const rows = new Map(users.map((user) => [`${user.tenant}#${user.userId}`, user]));
  const keyOf = ({ tenant, userId }: UserKey) => `${tenant}#${userId}`;
  return {
    rows,
    get: async (key: UserKey) => rows.get(keyOf(key)),
    create: async (user: User) => {
      if (rows.has(keyOf(user))) return false;
      rows.set(keyOf(user), user);
      return true;
    },
    save: async (user: User) => {
      if (rows.get(keyOf(user))?.version !== user.version - 1) return false;
      rows.set(keyOf(user), user);
      return true;
    },
    list: async ({ tenant, limit, after }: UserPage) => {
      const all = [...rows.values()].filter((user) => user.tenant === tenant);
      const newestFirst = all.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
      const from = newestFirst.findIndex(({ userId }) => userId === after?.userId) + 1;
      const items = newestFirst.slice(from, from + limit);
      const last = newestFirst.length > from + limit ? items.at(-1) : undefined;
      return { items, next: last && { userId: last.userId, createdAt: last.createdAt } };
    },
  };
};

export const userOf = (changes: Partial<Identity> = {}): User => newUser({ ...hanako, ...changes }, at());
