import * as z from 'zod';
import { StockReleased, StockReserved, StockShort } from '../contracts/inventory-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { advanceOrder } from './advance-order';
import { advanceOrderEnv } from './env';
import { orderStore } from './order.store';

const env = readEnv(advanceOrderEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'order-saga',
  schema: z.discriminatedUnion('type', [StockReserved, StockShort, StockReleased]),
  handle: oneByOne(
    advanceOrder({
      orders: orderStore(env.ORDERS_TABLE, documentClient()),
      patience: { answerSeconds: env.ANSWER_SECONDS, backorderSeconds: env.BACKORDER_SECONDS },
      now,
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  maxReceiveCount: env.MAX_RECEIVE_COUNT,
  now,
});
