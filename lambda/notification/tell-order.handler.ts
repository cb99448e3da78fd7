import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { tellOrderEnv } from './env';
import { notificationStore } from './notification.store';
import { tellOrder } from './tell-order';

const env = readEnv(tellOrderEnv);

export const handler = tellOrder({ notifications: notificationStore(env.NOTIFICATIONS_TABLE, documentClient()) });
