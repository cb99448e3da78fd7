import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeOrder } from './describe-order';
import { describeOrderEnv } from './env';
import { orderStore } from './order.store';

export const handler = describeOrder(orderStore(readEnv(describeOrderEnv).ORDERS_TABLE, documentClient()));
