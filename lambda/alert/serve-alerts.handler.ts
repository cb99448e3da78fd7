import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { serveAlertsEnv } from './env';
import { alertHistoryStore } from './history/alert-history.store';
import { acknowledgeAlertRoute, listAlertsRoute } from './history/alerts.http';
import { orderPaymentStore } from './payments/payment-state.store';
import { alertStore } from './stock/alert.store';

const env = readEnv(serveAlertsEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const now = () => new Date();

export const handler = secret.refreshBefore(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const alerts = alertHistoryStore(env.SYS_PAY_ALERT_TABLE, db);
      return {
        listAlerts: listAlertsRoute({ alerts, cursorSecret: secret }),
        acknowledgeAlert: acknowledgeAlertRoute({
          alerts,
          sources: {
            alerts: alertStore(env.ALERTS_TABLE, db),
            states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, db),
            timeouts: { refundSeconds: env.REFUND_SECONDS, stuckSeconds: env.STUCK_SECONDS },
          },
          now,
        }),
      };
    }),
    middlewareOf(readEnv(middlewareEnv), documentClient()),
  ),
);
