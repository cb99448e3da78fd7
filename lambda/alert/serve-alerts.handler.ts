import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { acknowledgeAlertRoute } from './acknowledge-alert.http';
import { alertStore } from './alert.store';
import { serveAlertsEnv } from './env';
import { keptAlertStore } from './kept-alert.store';
import { listAlertsRoute } from './list-alerts.http';
import { orderPaymentStore } from './order-payment.store';

const env = readEnv(serveAlertsEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

export const handler = secret.keptFreshFor(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const alerts = keptAlertStore(env.SYS_PAY_ALERT_TABLE, db);
      return {
        listAlerts: listAlertsRoute({ alerts, cursorSecret: secret }),
        acknowledgeAlert: acknowledgeAlertRoute({
          alerts,
          sources: {
            alerts: alertStore(env.ALERTS_TABLE, db),
            states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, db),
            patience: { refundSeconds: env.REFUND_SECONDS, stuckSeconds: env.STUCK_SECONDS },
          },
          now,
        }),
      };
    }),
    edgeOf(readEnv(edgeEnv), documentClient()),
  ),
);
