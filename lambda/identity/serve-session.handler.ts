import { randomBytes } from 'node:crypto';
import { routes, sessionProxy } from '../contracts/routes';
import { askAuthorizer } from '../kernel/ask-authorizer';
import { callerFrom, guest } from '../kernel/caller';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf, waitsOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { type Route, serve } from '../kernel/http';
import { invokeFunction } from '../kernel/invoke-function';
import type { Policy } from '../kernel/policy';
import { rotatingSecret } from '../kernel/secret';
import { defaultTenant } from '../kernel/tenant';
import { tenantClients } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { serveSessionEnv } from './env';
import { callPool } from './pool-calls.gateway';
import { routeFunctions } from './route.gateway';
import { sessionRoutes } from './session.http';
import { sessionStore } from './session.store';
import { sessionProxyRoute } from './session-proxy.http';
import { sessionSeal } from './session-seal';
import { userStore } from './user.store';
import { logInPool, poolClient } from './user-pool.gateway';

const env = readEnv(serveSessionEnv);
const secret = await rotatingSecret(env.SESSION_SECRET_ARN);
const db = documentClient();
const clientOf = tenantClients(readEnv(tenantRoleEnv));
const users = { pool: callPool, userPoolId: env.USER_POOL_ID };
const pool =
  env.USER_POOL_ID === '' ? undefined : logInPool({ ...users, client: await poolClient(users, env.CLIENT_ID) });

const deps = {
  sessions: sessionStore(env.SESSIONS_TABLE, db),
  seal: sessionSeal(secret),
  pool,
  accounts: pool && { pool, totpRequired: env.TOTP_REQUIRED },
  usersOf: (tenant: Parameters<typeof clientOf>[0]) => userStore(env.USERS_TABLE, clientOf(tenant)),
  authorize: askAuthorizer(invokeFunction(env.AUTHORIZER_FUNCTION)),
  forward: routeFunctions(
    new Map(
      Object.entries(env.ROUTE_FUNCTIONS).flatMap(([name, operations]) =>
        operations.map((operation) => [operation, name]),
      ),
    ),
  ),
  waiting: waitsOf(readEnv(edgeEnv), db),
  random: randomBytes,
  now: () => new Date(),
};

const policies: Record<string, Policy> = { ...routes };
const served: Record<string, Route> = { ...sessionRoutes(deps) };
for (const method of sessionProxy.methods) {
  policies[`proxy ${method}`] = { method, path: sessionProxy.path, allow: { guest: 'own' }, query: 'any' };
  served[`proxy ${method}`] = sessionProxyRoute(deps, method);
}

const edge = edgeOf(readEnv(edgeEnv), db);
const isAsked = (authorizer: unknown): boolean =>
  typeof authorizer === 'object' && authorizer !== null && 'tenant' in authorizer;

/** Whoever comes with a cookie is known by it later, and counted by the function that answers. */
export const handler = secret.keptFreshFor(
  serve(policies, served, {
    ...edge,
    callerOf: async ({ authorizer }) => (isAsked(authorizer) ? callerFrom(authorizer) : guest(defaultTenant)),
    limit: async (caller, incoming) => (isAsked(incoming.authorizer) ? edge.limit?.(caller, incoming) : undefined),
  }),
);
