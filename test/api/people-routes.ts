import { randomBytes } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { sessionRoutes } from '../../lambda/identity/sessions/session.http';
import { sessionStore } from '../../lambda/identity/sessions/session.store';
import { sessionEncryption } from '../../lambda/identity/sessions/session-encryption';
import type { Directory } from '../../lambda/identity/sign-in/directory.gateway';
import type { Account, Secrets } from '../../lambda/identity/sign-in/log-in';
import { signInRoutes } from '../../lambda/identity/sign-in/sign-in.http';
import type { UserPoolGateway } from '../../lambda/identity/sign-in/user-pool.gateway';
import type { TenantAccount } from '../../lambda/identity/tenants/tenant';
import { storefrontKeyRoutes, type TenantsDeps, tenantAdminRoutes } from '../../lambda/identity/tenants/tenants.http';
import { newUser, type User, type UserKey } from '../../lambda/identity/users/user';
import { type UsersDeps, userRoutes } from '../../lambda/identity/users/users.http';
import { defaultTenant, tenantKey } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { onlySecret } from '../support/secrets';

const now = () => new Date('2026-12-02T08:00:00.000Z');
const cursorSecret = onlySecret('secret');
const moment = { now: now(), correlationId: 'correlation-1' };

const idToken = new UnsecuredJWT({
  'custom:tenant': defaultTenant,
  'cognito:groups': ['customer'],
  email_verified: true,
})
  .setIssuer('https://issuer.example.com')
  .setSubject('user-2')
  .setIssuedAt(1)
  .encode();
const tokens = { idToken, expiresIn: 3600, refreshToken: 'refresh', accessToken: 'access', withTotp: false };

/** An account for everybody: most passwords and one code are right. */
const pool: UserPoolGateway = {
  signUp: async (_account: Account, password: string) => (password.length % 3 === 0 ? 'exists' : undefined),
  resendCode: async () => undefined,
  confirm: async (_account: Account, code: string) => (code === '123456' ? undefined : 'refused'),
  logIn: async (_account: Account, { password }: Secrets) => (password.length > 3 ? tokens : 'refused'),
  refresh: async (token: string) => (token.length > 3 ? { idToken, expiresIn: 3600 } : 'refused'),
  revoke: async () => undefined,
  forgotPassword: async () => undefined,
  resetPassword: async (_account: Account, code: string) => (code === '123456' ? undefined : 'refused'),
} as unknown as UserPoolGateway; // what AWS answers besides is nobody's business

const noCooldown = { start: async () => true, end: async () => undefined };

const directory: Directory = {
  completeSignUp: async () => undefined,
  completeSignUpWith: async () => undefined,
  find: async () => undefined,
  invite: async ({ email }) => `u-${email.length}`,
  setStatus: async () => undefined,
  setRoles: async () => undefined,
  resetTotp: async () => undefined,
  signOut: async () => undefined,
};

const totp = {
  begin: async () => ({ secret: 'JBSWY3DPEHPK3PXP' }),
  confirm: async (_accessToken: string, code: string) =>
    code === '123456' ? ('confirmed' as const) : ('refused' as const),
};

const follows = (before: { version: number } | undefined, next: { version: number }) =>
  (before?.version ?? 0) === next.version - 1;

const userStore = (): UsersDeps['users'] => {
  const rows = new Map<string, User>();
  const keyOf = ({ tenant, userId }: UserKey) => tenantKey(tenant, userId);
  const save = async (user: User) => {
    if (!follows(rows.get(keyOf(user)), user)) return false;
    rows.set(keyOf(user), user);
    return true;
  };
  for (const userId of ['user-1', 'user-2', 'user-3'])
    void save(
      newUser(
        {
          tenant: defaultTenant,
          userId,
          email: `${userId}@example.com`,
          emailVerified: true,
          roles: ['staff'],
          displayName: undefined,
        },
        moment,
      ),
    );
  const list: UsersDeps['users']['list'] = async ({ tenant, limit }) => ({
    items: [...rows.values()].filter((user) => user.tenant === tenant).slice(0, limit),
    next: undefined,
  });
  return { get: async (key) => rows.get(keyOf(key)), create: save, save, list };
};

const tenantStore = (): TenantsDeps['tenants'] => {
  const rows = new Map<string, TenantAccount>();
  const save = async (account: TenantAccount) => {
    if (!follows(rows.get(account.tenant), account)) return false;
    rows.set(account.tenant, account);
    return true;
  };
  const list: TenantsDeps['tenants']['list'] = async ({ limit }) => ({
    items: [...rows.values()].slice(0, limit),
    next: undefined,
  });
  return { get: async (tenant) => rows.get(tenant), create: save, save, saveWithKey: save, saveWithoutKey: save, list };
};

/** The routes of signing in, users and tenants over stores in memory. */
export const peopleRoutes = () => {
  const users = userStore();
  const tenants = { tenants: tenantStore(), directory, cursorSecret, newStorefrontKey: () => 'key-1', now };
  const sessions = {
    sessions: sessionStore('sessions', memoryDynamoDb().db),
    encryption: sessionEncryption(onlySecret('secret')),
    accounts: { pool, totpRequired: false },
    pool,
    usersOf: () => users,
    authorize: async (authorization: string | undefined) =>
      authorization === `Bearer ${idToken}`
        ? { tenant: defaultTenant, userId: 'user-2', roles: ['customer'] }
        : undefined,
    random: randomBytes,
    now,
  };
  return {
    ...signInRoutes({
      ...{ pool, directory, users, totp, totpRequired: false, cooldown: noCooldown, now },
      nextSecond: async () => undefined,
    }),
    ...sessionRoutes(sessions),
    ...userRoutes({ users, directory, cursorSecret, now }),
    ...tenantAdminRoutes(tenants),
    ...storefrontKeyRoutes(tenants),
  };
};
