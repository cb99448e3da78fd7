import * as z from 'zod';
import { OrderCancelled, OrderPaymentUpdated, OrderPlaced } from '../contracts/order-events';
import { PaymentSucceeded } from '../contracts/payment-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume } from '../kernel/queue-consumer';
import { billStore } from './bill.store';
import { billOrders } from './bill-orders';
import { billOrderEnv } from './env';

const env = readEnv(billOrderEnv);

export const handler = consume({
  consumer: 'billing',
  schema: z.discriminatedUnion('type', [OrderPlaced, OrderCancelled, OrderPaymentUpdated, PaymentSucceeded]),
  handle: billOrders(billStore(env.BILLING_TABLE, documentClient())),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
