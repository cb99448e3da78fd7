import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { serveReturnsEnv } from './env';
import { getReturnRoute, listReturnsRoute } from './read-returns.http';
import { requestReturnRoute } from './request-return.http';
import { returnStore } from './return.store';
import { updateReturnRoute } from './update-return.http';

const env = readEnv(serveReturnsEnv);
const sealing = readEnv(sealingEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

export const handler = secret.refreshBefore(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const returns = returnStore(env.RETURNS_TABLE, db);
      const keys = keyRingOf(sealing, db);
      return {
        requestReturn: requestReturnRoute({ returns, keys, windowDays: env.RETURN_WINDOW_DAYS, now }),
        listReturns: listReturnsRoute({ returns, keys, cursorSecret: secret }),
        getReturn: getReturnRoute({ returns, keys }),
        updateReturn: updateReturnRoute({ returns, keys, now }),
      };
    }),
    middlewareOf(readEnv(middlewareEnv), documentClient()),
  ),
);
