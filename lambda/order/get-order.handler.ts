import { routes } from '../contracts/routes';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { serve } from '../kernel/http';
import { getOrderEnv } from './env';
import { getOrderRoute } from './get-order.http';
import { orderStore } from './order.store';

const env = readEnv(getOrderEnv);

export const handler = serve(routes, {
  getOrder: getOrderRoute({ orders: orderStore(env.ORDERS_TABLE, documentClient()) }),
});
