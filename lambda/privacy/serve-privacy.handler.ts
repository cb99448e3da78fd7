import { randomUUID } from 'node:crypto';
import { routes } from '../contracts/api/routes';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { routeFunctions } from '../kernel/http/route-functions';
import { serve } from '../kernel/http/serve';
import { servePrivacyEnv } from './env';
import { forNamedTenant } from './erasing/acting-tenant';
import { erasureStore } from './erasing/erasure.store';
import { getErasureRoute } from './erasing/get-erasure.http';
import { requestErasureRoute } from './erasing/request-erasure.http';
import { exportRoute } from './export/export.http';
import { ordersGateway, userGateway } from './services.gateway';

const env = readEnv(servePrivacyEnv);
const now = () => new Date();
const services = {
  orders: ordersGateway(invokeFunction(env.ORDERS_FUNCTION), invokeFunction(env.RETURNS_FUNCTION)),
  hasUser: userGateway(invokeFunction(env.USER_FUNCTION)),
  newId: randomUUID,
  now,
};

const { requestErasure, getErasure } = tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
  const erasures = erasureStore(env.ERASURES_TABLE, db);
  return {
    requestErasure: requestErasureRoute({ ...services, erasures }),
    getErasure: getErasureRoute({ erasures }),
  };
});

export const handler = serve(
  routes,
  {
    requestErasure: forNamedTenant(requestErasure),
    getErasure: forNamedTenant(getErasure),
    exportPersonalData: exportRoute({ forward: routeFunctions(env.ROUTE_FUNCTIONS), now }),
  },
  middlewareOf(readEnv(middlewareEnv), documentClient()),
);
