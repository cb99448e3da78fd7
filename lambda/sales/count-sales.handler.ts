import * as z from 'zod';
import { OrderCancelled, OrderConfirmed } from '../contracts/order-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume } from '../kernel/queue-consumer';
import { countSales } from './count-sales';
import { countSalesEnv } from './env';
import { salesStore } from './sales.store';

const env = readEnv(countSalesEnv);

export const handler = consume({
  consumer: 'sales',
  schema: z.discriminatedUnion('type', [OrderConfirmed, OrderCancelled]),
  handle: countSales(salesStore(env.PRODUCT_SALES_TABLE, documentClient())),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
