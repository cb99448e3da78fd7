import { routes } from '../contracts/api/routes';
import { rotatingSecret } from '../kernel/aws/secret';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { tenantClients, tenantRoleEnv, tenantRoutes } from '../kernel/dynamodb/tenant-client';
import { readEnv } from '../kernel/env';
import { cursorEnv } from '../kernel/http/list-page';
import { middlewareEnv, middlewareOf } from '../kernel/http/middleware';
import { serve } from '../kernel/http/serve';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { cancelOrderRoute, updateOrderStatusRoute } from './change-order.http';
import { serveOrdersEnv, timeoutsFrom } from './env';
import { orderListStore } from './lists/order-list.store';
import { getOrderTimelineRoute, listOrdersRoute } from './lists/read-orders.http';
import { orderStore } from './order.store';
import { paymentGateway } from './services.gateway';
import { timelineGateway } from './timeline/timeline.gateway';

const env = readEnv(serveOrdersEnv);
const sealing = readEnv(sealingEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const queryServices = timelineGateway({
  inventory: invokeFunction(env.INVENTORY_FUNCTION),
  billing: invokeFunction(env.BILLING_FUNCTION),
  notification: invokeFunction(env.NOTIFICATION_FUNCTION),
  alert: invokeFunction(env.ALERT_FUNCTION),
  payment: invokeFunction(env.PAYMENT_FUNCTION),
});
const payments = paymentGateway(invokeFunction(env.PAYMENT_FUNCTION));
const timeouts = timeoutsFrom(env);

export const handler = secret.refreshBefore(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const orders = orderStore(env.ORDERS_TABLE, db);
      const keys = keyRingOf(sealing, db);
      const changing = { orders, payments, keys, timeouts, now: () => new Date() };
      return {
        listOrders: listOrdersRoute({ lists: orderListStore(env.ORDERS_TABLE, db), cursorSecret: secret, keys }),
        updateOrderStatus: updateOrderStatusRoute(changing),
        cancelOrder: cancelOrderRoute(changing),
        getOrderTimeline: getOrderTimelineRoute({ orders, queryServices }),
      };
    }),
    middlewareOf(readEnv(middlewareEnv), documentClient()),
  ),
);
