import { randomBytes } from 'node:crypto';
import { routes, sessionProxy } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { askAuthorizer } from '../kernel/http/ask-authorizer';
import { callerFrom, guest } from '../kernel/http/caller';
import { middlewareEnv, middlewareOf, waitsOf } from '../kernel/http/middleware';
import type { Route, ServedPolicy } from '../kernel/http/route';
import { routeFunctions } from '../kernel/http/route-functions';
import { serve } from '../kernel/http/serve';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { defaultTenant } from '../kernel/tenant';
import { serveSessionEnv } from './env';
import { sessionRoutes } from './sessions/session.http';
import { sessionStore } from './sessions/session.store';
import { sessionEncryption } from './sessions/session-encryption';
import { sessionProxyRoute } from './sessions/session-proxy.http';
import { callPool } from './sign-in/pool-calls.gateway';
import { logInPool, poolClient } from './sign-in/user-pool.gateway';
import { userStore } from './users/user.store';

const env = readEnv(serveSessionEnv);
const sealing = readEnv(sealingEnv);
const secret = await rotatingSecret(env.SESSION_SECRET_ARN);
const db = documentClient();
const clientOf = tenantClients(readEnv(tenantRoleEnv));
const users = { pool: callPool, userPoolId: env.USER_POOL_ID };
const pool =
  env.USER_POOL_ID === '' ? undefined : logInPool({ ...users, client: await poolClient(users, env.CLIENT_ID) });

const deps = {
  sessions: sessionStore(env.SESSIONS_TABLE, db),
  encryption: sessionEncryption(secret),
  pool,
  accounts: pool && { pool, totpRequired: env.TOTP_REQUIRED },
  usersOf: (tenant: Parameters<typeof clientOf>[0]) => {
    const ofTenant = clientOf(tenant);
    return userStore(env.USERS_TABLE, ofTenant, keyRingOf(sealing, ofTenant));
  },
  authorize: askAuthorizer(invokeFunction(env.AUTHORIZER_FUNCTION)),
  forward: routeFunctions(env.ROUTE_FUNCTIONS),
  waiting: waitsOf(readEnv(middlewareEnv), db),
  random: randomBytes,
  now: () => new Date(),
};

const policies: Record<string, ServedPolicy> = { ...routes };
const served: Record<string, Route> = { ...sessionRoutes(deps) };
for (const method of sessionProxy.methods) {
  policies[`proxy ${method}`] = { method, path: sessionProxy.path, allow: { guest: 'own' }, query: 'any' };
  served[`proxy ${method}`] = sessionProxyRoute(deps, method);
}

const middleware = middlewareOf(readEnv(middlewareEnv), db);
const isAuthorized = (authorizer: unknown): boolean =>
  typeof authorizer === 'object' && authorizer !== null && 'tenant' in authorizer;

/** A caller with a cookie is identified by it later and counted by the function that handles its request. */
export const handler = secret.refreshBefore(
  serve(policies, served, {
    ...middleware,
    callerOf: async ({ authorizer }) => (isAuthorized(authorizer) ? callerFrom(authorizer) : guest(defaultTenant)),
    limit: async (caller, incoming) =>
      isAuthorized(incoming.authorizer) ? middleware.limit?.(caller, incoming) : undefined,
  }),
);
