import * as z from 'zod';
import { OrderCancelled, OrderPaymentUpdated, OrderPlaced } from '../contracts/events/order-events';
import { PaymentSucceeded } from '../contracts/events/payment-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume } from '../kernel/events/queue-consumer';
import { billStore } from './bill.store';
import { billOrders } from './bill-orders';
import { billOrderEnv } from './env';

const env = readEnv(billOrderEnv);

export const handler = consume({
  consumer: 'billing',
  schema: z.discriminatedUnion('type', [OrderPlaced, OrderCancelled, OrderPaymentUpdated, PaymentSucceeded]),
  handle: billOrders(billStore(env.BILLING_TABLE, documentClient())),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
