import { routes } from '../contracts/routes';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { cooldownStore } from '../kernel/rate-limit.store';
import { jitteredBackoff } from '../kernel/retry';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { directory } from './directory.gateway';
import { serveSignInEnv } from './env';
import { mailCooldown } from './mail-cooldown';
import { callPool } from './pool-calls.gateway';
import { signInRoutes } from './sign-in.http';
import { totpPool } from './totp.gateway';
import { userStore } from './user.store';
import { poolClient, userPool } from './user-pool.gateway';

const env = readEnv(serveSignInEnv);
const limits = readEnv(edgeEnv);
const db = documentClient();
const users = { pool: callPool, userPoolId: env.USER_POOL_ID };
const accounts =
  env.USER_POOL_ID === ''
    ? undefined
    : {
        pool: userPool({ ...users, client: await poolClient(users, env.CLIENT_ID) }),
        directory: directory(users),
        totp: totpPool(users),
        totpRequired: env.TOTP_REQUIRED,
        cooldown: mailCooldown({ ...cooldownStore(limits.RATE_LIMITS_TABLE, db), now: Date.now }),
        now: () => new Date(),
        nextSecond: () => jitteredBackoff.sleep(1000 - (Date.now() % 1000)),
      };

export const handler = serve(
  routes,
  tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (ofTenant) =>
    signInRoutes(accounts && { ...accounts, users: userStore(env.USERS_TABLE, ofTenant) }),
  ),
  edgeOf(limits, db),
);
