import { routes } from '../contracts/api/routes';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { cooldownStore } from '../kernel/http/rate-limit.store';
import { serve } from '../kernel/http/serve';
import { jitteredBackoff } from '../kernel/retry';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { serveSignInEnv } from './env';
import { directory } from './sign-in/directory.gateway';
import { mailCooldown } from './sign-in/mail-cooldown';
import { callPool } from './sign-in/pool-calls.gateway';
import { signInRoutes } from './sign-in/sign-in.http';
import { poolClient, totpPool, userPool } from './sign-in/user-pool.gateway';
import { userStore } from './users/user.store';

const env = readEnv(serveSignInEnv);
const sealing = readEnv(sealingEnv);
const limits = readEnv(middlewareEnv);
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
    signInRoutes(
      accounts && { ...accounts, users: userStore(env.USERS_TABLE, ofTenant, keyRingOf(sealing, ofTenant)) },
    ),
  ),
  middlewareOf(limits, db),
);
