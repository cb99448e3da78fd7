import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { serveReturnsEnv } from './env';
import { getReturnRoute, listReturnsRoute } from './read-returns.http';
import { requestReturnRoute } from './request-return.http';
import { returnStore } from './return.store';
import { updateReturnRoute } from './update-return.http';

const env = readEnv(serveReturnsEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

export const handler = secret.keptFreshFor(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const returns = returnStore(env.RETURNS_TABLE, db);
      return {
        requestReturn: requestReturnRoute({ returns, windowDays: env.RETURN_WINDOW_DAYS, now }),
        listReturns: listReturnsRoute({ returns, cursorSecret: secret }),
        getReturn: getReturnRoute({ returns }),
        updateReturn: updateReturnRoute({ returns, now }),
      };
    }),
    edgeOf(readEnv(edgeEnv), documentClient()),
  ),
);
