import { routes } from '../contracts/routes';
import { askService } from '../kernel/ask-service';
import { cursorEnv, cursorSecret } from '../kernel/cursor-secret';
import { documentClient } from '../kernel/dynamodb';
import { edgeEnv, edgeOf } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { tenantClients, tenantRoutes } from '../kernel/tenant-client';
import { tenantRoleEnv } from '../kernel/tenant-role';
import { cancelOrderRoute, updateOrderStatusRoute } from './change-order.http';
import { patienceFrom, serveOrdersEnv } from './env';
import { listOrdersRoute } from './list-orders.http';
import { orderStore } from './order.store';
import { orderListStore } from './order-list.store';
import { timelineGateway } from './timeline.gateway';
import { getOrderTimelineRoute } from './timeline.http';

const env = readEnv(serveOrdersEnv);
const secret = await cursorSecret(readEnv(cursorEnv));
const ask = (url: string) => askService({ url, region: env.LAMBDA_REGION });
const askServices = timelineGateway({
  inventory: ask(env.INVENTORY_URL),
  billing: ask(env.BILLING_URL),
  notification: ask(env.NOTIFICATION_URL),
  alert: ask(env.ALERT_URL),
  payment: ask(env.PAYMENT_URL),
});
const patience = patienceFrom(env);

export const handler = serve(
  routes,
  tenantRoutes(tenantClients(readEnv(tenantRoleEnv)), (db) => {
    const orders = orderStore(env.ORDERS_TABLE, db);
    const changing = { orders, patience, now: () => new Date() };
    return {
      listOrders: listOrdersRoute({ lists: orderListStore(env.ORDERS_TABLE, db), cursorSecret: secret }),
      updateOrderStatus: updateOrderStatusRoute(changing),
      cancelOrder: cancelOrderRoute(changing),
      getOrderTimeline: getOrderTimelineRoute({ orders, askServices }),
    };
  }),
  edgeOf(readEnv(edgeEnv), documentClient()),
);
