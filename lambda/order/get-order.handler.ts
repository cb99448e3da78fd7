import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { http } from '../kernel/http';
import { getOrderEnv } from './env';
import { getOrderRoute } from './get-order.http';
import { orderStore } from './order.store';
import { storefrontStore } from './storefront.store';

const env = readEnv(getOrderEnv);
const db = documentClient();

export const handler = http(
  'GET /orders/{orderId}',
  getOrderRoute({ orders: orderStore(env.ORDERS_TABLE, db), storefronts: storefrontStore(env.ORDERS_TABLE, db) }),
);
