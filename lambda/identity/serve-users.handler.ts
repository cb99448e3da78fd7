import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { serveUsersEnv } from './env';
import { directory } from './sign-in/directory.gateway';
import { callPool } from './sign-in/pool-calls.gateway';
import { userStore } from './users/user.store';
import { userRoutes } from './users/users.http';

const env = readEnv(serveUsersEnv);
const sealing = readEnv(sealingEnv);
const accounts = env.USER_POOL_ID === '' ? undefined : directory({ pool: callPool, userPoolId: env.USER_POOL_ID });
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);

export const handler = secret.refreshBefore(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) =>
      userRoutes({
        users: userStore(env.USERS_TABLE, db, keyRingOf(sealing, db)),
        directory: accounts,
        cursorSecret: secret,
        now: () => new Date(),
      }),
    ),
    middlewareOf(readEnv(middlewareEnv), documentClient()),
  ),
);
