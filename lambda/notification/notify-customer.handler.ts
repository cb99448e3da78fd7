import * as z from 'zod';
import {
  OrderAwaitingPayment,
  OrderCancelled,
  OrderDelivered,
  OrderPlaced,
  OrderShipped,
} from '../contracts/order-events';
import { PaymentRefunded } from '../contracts/payment-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume } from '../kernel/queue-consumer';
import { emailGateway } from './email.gateway';
import { notifyCustomerEnv } from './env';
import { notificationStore } from './notification.store';
import { notifyCustomers } from './notify-customer';

const env = readEnv(notifyCustomerEnv);
const now = () => new Date();

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
    notifications: notificationStore(env.NOTIFICATIONS_TABLE, documentClient()),
    email: emailGateway(env.SENDER_EMAIL),
    now,
  }),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  maxReceiveCount: env.MAX_RECEIVE_COUNT,
  now,
});
