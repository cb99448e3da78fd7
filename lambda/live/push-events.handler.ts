import * as z from 'zod';
import {
  OrderAwaitingPayment,
  OrderBackordered,
  OrderCancelled,
  OrderConfirmed,
  OrderDelivered,
  OrderPaymentUpdated,
  OrderPlaced,
  OrderProcessing,
  OrderReturned,
  OrderShipped,
} from '../contracts/order-events';
import {
  PaymentFailed,
  PaymentMismatchFound,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentRequested,
  PaymentSucceeded,
} from '../contracts/payment-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume } from '../kernel/queue-consumer';
import { connectionGateway } from './connection.gateway';
import { connectionStore } from './connection.store';
import { pushEventsEnv } from './env';
import { pushEvents } from './push-events';

const env = readEnv(pushEventsEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'live',
  schema: z.discriminatedUnion('type', [
    OrderPlaced,
    OrderConfirmed,
    OrderBackordered,
    OrderAwaitingPayment,
    OrderPaymentUpdated,
    OrderCancelled,
    OrderProcessing,
    OrderShipped,
    OrderDelivered,
    OrderReturned,
    PaymentRequested,
    PaymentSucceeded,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentMismatchFound,
  ]),
  handle: pushEvents({
    connections: connectionStore(env.CONNECTIONS_TABLE, documentClient()),
    gateway: connectionGateway({ apiId: env.API_ID, stage: env.API_STAGE }),
    now,
  }),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  maxReceiveCount: env.MAX_RECEIVE_COUNT,
  now,
});
