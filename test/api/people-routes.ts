import { randomBytes } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { sessionRoutes } from '../../lambda/identity/sessions/session.http';
import { sessionStore } from '../../lambda/identity/sessions/session.store';
import { sessionEncryption } from '../../lambda/identity/sessions/session-encryption';
import type { Directory } from '../../lambda/identity/sign-in/directory.gateway';
import type { Account, Secrets } from '../../lambda/identity/sign-in/log-in';
import { signInRoutes } from '../../lambda/identity/sign-in/sign-in.http';
import type { UserPoolGateway } from '../../lambda/identity/sign-in/user-pool.gateway';
import { tenantStore } from '../../lambda/identity/tenants/tenant.store';
import { storefrontKeyRoutes, tenantAdminRoutes } from '../../lambda/identity/tenants/tenants.http';
import { newUser } from '../../lambda/identity/users/user';
import { userRoutes } from '../../lambda/identity/users/users.http';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { memoryUsers } from '../identity/people';
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

const knownUsers = ['user-1', 'user-2', 'user-3'].map((userId) =>
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

/** The routes of signing in, users and tenants over stores in memory. */
export const peopleRoutes = () => {
  const { db } = memoryDynamoDb();
  const users = memoryUsers(...knownUsers);
  let keys = 0;
  const tenants = {
    tenants: tenantStore('tenants', db),
    directory,
    cursorSecret,
    newStorefrontKey: () => {
      keys += 1;
      return `storefront-key-${keys}`;
    },
    now,
  };
  const sessions = {
    sessions: sessionStore('sessions', db),
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
