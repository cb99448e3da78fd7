import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeMailsEnv } from './env';
import { notificationStore } from './notification.store';
import { describeMails } from './notify-customer';

const env = readEnv(describeMailsEnv);

export const handler = describeMails({ notifications: notificationStore(env.NOTIFICATIONS_TABLE, documentClient()) });
