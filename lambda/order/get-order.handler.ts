import { routes } from '../contracts/api/routes';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { middlewareEnv, middlewareOf, waitsOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { getOrderEnv } from './env';
import { getOrderRoute } from './get-order.http';
import { orderStore } from './order.store';

const env = readEnv(getOrderEnv);
const sealing = readEnv(sealingEnv);
const middleware = readEnv(middlewareEnv);
const limits = documentClient();
const waits = waitsOf(middleware, limits);

export const handler = serve(
  routes,
  tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => ({
    getOrder: getOrderRoute({ orders: orderStore(env.ORDERS_TABLE, db), keys: keyRingOf(sealing, db), ...waits }),
  })),
  middlewareOf(middleware, limits),
);
