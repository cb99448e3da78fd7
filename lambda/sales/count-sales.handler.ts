import * as z from 'zod';
import { OrderCancelled, OrderConfirmed } from '../contracts/events/order-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume } from '../kernel/events/queue-consumer';
import { countSales } from './count-sales';
import { countSalesEnv } from './env';
import { salesStore } from './sales.store';

const env = readEnv(countSalesEnv);

export const handler = consume({
  consumer: 'sales',
  schema: z.discriminatedUnion('type', [OrderConfirmed, OrderCancelled]),
  handle: countSales(salesStore(env.PRODUCT_SALES_TABLE, documentClient())),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
