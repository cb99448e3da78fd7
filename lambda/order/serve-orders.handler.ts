import { routes } from '../contracts/routes';
import { cursorEnv } from '../kernel/cursor';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { invokeFunction } from '../kernel/invoke-function';
import { rotatingSecret } from '../kernel/secret';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { cancelOrderRoute, updateOrderStatusRoute } from './change-order.http';
import { patienceFrom, serveOrdersEnv } from './env';
import { listOrdersRoute } from './list-orders.http';
import { orderStore } from './order.store';
import { orderListStore } from './order-list.store';
import { paymentGateway } from './payment.gateway';
import { timelineGateway } from './timeline.gateway';
import { getOrderTimelineRoute } from './timeline.http';

const env = readEnv(serveOrdersEnv);
const secret = await rotatingSecret(readEnv(cursorEnv).CURSOR_SECRET_ARN);
const askServices = timelineGateway({
  inventory: invokeFunction(env.INVENTORY_FUNCTION),
  billing: invokeFunction(env.BILLING_FUNCTION),
  notification: invokeFunction(env.NOTIFICATION_FUNCTION),
  alert: invokeFunction(env.ALERT_FUNCTION),
  payment: invokeFunction(env.PAYMENT_FUNCTION),
});
const payments = paymentGateway(invokeFunction(env.PAYMENT_FUNCTION));
const patience = patienceFrom(env);

export const handler = secret.keptFreshFor(
  serve(
    routes,
    tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
      const orders = orderStore(env.ORDERS_TABLE, db);
      const changing = { orders, payments, patience, now: () => new Date() };
      return {
        listOrders: listOrdersRoute({ lists: orderListStore(env.ORDERS_TABLE, db), cursorSecret: secret }),
        updateOrderStatus: updateOrderStatusRoute(changing),
        cancelOrder: cancelOrderRoute(changing),
        getOrderTimeline: getOrderTimelineRoute({ orders, askServices }),
      };
    }),
    edgeOf(readEnv(edgeEnv), documentClient()),
  ),
);
