import { routes } from '../contracts/routes';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf, waitsOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { getOrderEnv } from './env';
import { getOrderRoute } from './get-order.http';
import { orderStore } from './order.store';

const env = readEnv(getOrderEnv);
const edge = readEnv(edgeEnv);
const limits = documentClient();
const waits = waitsOf(edge, limits);

export const handler = serve(
  routes,
  tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => ({
    getOrder: getOrderRoute({ orders: orderStore(env.ORDERS_TABLE, db), ...waits }),
  })),
  edgeOf(edge, limits),
);
