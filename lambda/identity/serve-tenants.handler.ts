import { randomBytes } from 'node:crypto';
import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { serveTenantsEnv } from './env';
import { directory } from './sign-in/directory.gateway';
import { callPool } from './sign-in/pool-calls.gateway';
import { tenantStore } from './tenants/tenant.store';
import { storefrontKeyRoutes, tenantAdminRoutes } from './tenants/tenants.http';

const env = readEnv(serveTenantsEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const db = documentClient();
const deps = {
  tenants: tenantStore(env.TENANTS_TABLE, db),
  directory: env.USER_POOL_ID === '' ? undefined : directory({ pool: callPool, userPoolId: env.USER_POOL_ID }),
  cursorSecret: secret,
  newStorefrontKey: () => `sk-${randomBytes(24).toString('base64url')}`,
  now: () => new Date(),
};

export const handler = secret.refreshBefore(
  serve(routes, { ...tenantAdminRoutes(deps), ...storefrontKeyRoutes(deps) }, middlewareOf(readEnv(middlewareEnv), db)),
);
