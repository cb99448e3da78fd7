import * as z from 'zod';
import { StockDeducted, StockReleased, StockReserved, StockShort } from '../contracts/inventory-events';
import { ReturnCompleted } from '../contracts/return-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { advanceOrder } from './advance-order';
import { advanceOrderEnv } from './env';
import { orderStore } from './order.store';
import { patienceOf } from './tenant-settings';
import { tenantSettingsStore } from './tenant-settings.store';

const env = readEnv(advanceOrderEnv);
const db = documentClient();
const settings = tenantSettingsStore(env.ORDERS_TABLE, db);
const patience = { answerSeconds: env.ANSWER_SECONDS, backorderSeconds: env.BACKORDER_SECONDS };
const now = () => new Date();

export const handler = consume({
  consumer: 'order-saga',
  schema: z.discriminatedUnion('type', [StockReserved, StockShort, StockReleased, StockDeducted, ReturnCompleted]),
  handle: oneByOne(
    advanceOrder({
      orders: orderStore(env.ORDERS_TABLE, db),
      patience,
      patienceOf: async (tenant) => patienceOf(await settings.of(tenant), patience),
      now,
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  maxReceiveCount: env.MAX_RECEIVE_COUNT,
  now,
});
