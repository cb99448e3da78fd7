import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { directory } from './directory.gateway';
import { serveUsersEnv } from './env';
import { callPool } from './pool-calls.gateway';
import { userStore } from './user.store';
import { userRoutes } from './users.http';

const env = readEnv(serveUsersEnv);
const accounts = env.USER_POOL_ID === '' ? undefined : directory({ pool: callPool, userPoolId: env.USER_POOL_ID });
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);

export const handler = secret.keptFreshFor(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) =>
      userRoutes({
        users: userStore(env.USERS_TABLE, db),
        directory: accounts,
        cursorSecret: secret,
        now: () => new Date(),
      }),
    ),
    edgeOf(readEnv(edgeEnv), documentClient()),
  ),
);
