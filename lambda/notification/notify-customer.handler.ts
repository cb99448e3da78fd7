import * as z from 'zod';
import {
  OrderAwaitingPayment,
  OrderCancelled,
  OrderDelivered,
  OrderPlaced,
  OrderShipped,
} from '../contracts/events/order-events';
import { PaymentRefunded } from '../contracts/events/payment-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume } from '../kernel/events/queue-consumer';
import { countingEnv } from '../kernel/http/middleware';
import { leaseStore } from '../kernel/http/rate-limit.store';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { defaultTenant } from '../kernel/tenant';
import { emailGateway } from './email.gateway';
import { notifyCustomerEnv } from './env';
import { guestMailLimit } from './guest-mail-limit';
import { notificationStore } from './notification.store';
import { notifyCustomers } from './notify-customer';

const env = readEnv(notifyCustomerEnv);
const db = documentClient();
const now = () => new Date();
const keys = keyRingOf(readEnv(sealingEnv), db);
await keys.prepareToOpen(defaultTenant);
const { lease } = leaseStore(readEnv(countingEnv).RATE_LIMITS_TABLE, db);

export const handler = consume({
  consumer: 'notification',
  schema: z.discriminatedUnion('type', [
    OrderPlaced,
    OrderAwaitingPayment,
    OrderCancelled,
    OrderShipped,
    OrderDelivered,
    PaymentRefunded,
  ]),
  handle: notifyCustomers({
    notifications: notificationStore(env.NOTIFICATIONS_TABLE, db),
    keys,
    email: emailGateway(env.SENDER_EMAIL),
    limit: guestMailLimit({ lease, now: Date.now }, env.GUEST_MAILS),
    now,
  }),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
