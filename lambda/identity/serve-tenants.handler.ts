import { randomBytes } from 'node:crypto';
import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { rotatingSecret } from '../kernel/secret';
import { directory } from './directory.gateway';
import { serveTenantsEnv } from './env';
import { callPool } from './pool-calls.gateway';
import { storefrontKeyRoutes } from './storefront-keys.http';
import { tenantStore } from './tenant.store';
import { tenantAdminRoutes } from './tenants.http';

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

export const handler = secret.keptFreshFor(
  serve(routes, { ...tenantAdminRoutes(deps), ...storefrontKeyRoutes(deps) }, edgeOf(readEnv(edgeEnv), db)),
);
