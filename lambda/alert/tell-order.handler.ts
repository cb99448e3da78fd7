import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { alertStore } from './alert.store';
import { tellOrderEnv } from './env';
import { tellOrder } from './tell-order';

const env = readEnv(tellOrderEnv);

export const handler = tellOrder(alertStore(env.ALERTS_TABLE, documentClient()));
