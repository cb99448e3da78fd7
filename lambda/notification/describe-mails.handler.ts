import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { describeMails } from './describe-mails';
import { describeMailsEnv } from './env';
import { notificationStore } from './notification.store';

const env = readEnv(describeMailsEnv);

export const handler = describeMails({ notifications: notificationStore(env.NOTIFICATIONS_TABLE, documentClient()) });
