import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { findPersonalOrdersEnv } from './env';
import { orderStore } from './order.store';
import { findPersonalOrders } from './personal/find-personal-orders';
import { personalOrderStore } from './personal/personal-orders.store';

const { ORDERS_TABLE } = readEnv(findPersonalOrdersEnv);
const db = documentClient();

export const handler = findPersonalOrders({
  orders: orderStore(ORDERS_TABLE, db),
  lists: personalOrderStore(ORDERS_TABLE, db),
  keys: keyRingOf(readEnv(sealingEnv), db),
});
