import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { readSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { acknowledgeAlertRoute } from './acknowledge-alert.http';
import { serveAlertsEnv } from './env';
import { keptAlertStore } from './kept-alert.store';
import { listAlertsRoute } from './list-alerts.http';

const env = readEnv(serveAlertsEnv);
const secret = await readSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

export const handler = serve(
  routes,
  tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
    const alerts = keptAlertStore(env.SYS_PAY_ALERT_TABLE, db);
    return {
      listAlerts: listAlertsRoute({ alerts, cursorSecret: secret }),
      acknowledgeAlert: acknowledgeAlertRoute({ alerts, now }),
    };
  }),
  edgeOf(readEnv(edgeEnv), documentClient()),
);
