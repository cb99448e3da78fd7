import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeOrderEnv } from './env';
import { orderStore } from './order.store';
import { describeOrder } from './order-view';

export const handler = describeOrder(orderStore(readEnv(describeOrderEnv).ORDERS_TABLE, documentClient()));
