import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { tellServicesEnv } from './env';
import { orderStore } from './order.store';
import { tellServices } from './tell-services';

export const handler = tellServices(orderStore(readEnv(tellServicesEnv).ORDERS_TABLE, documentClient()));
