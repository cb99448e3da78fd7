import * as z from 'zod';
import { StockDeducted, StockReleased, StockReserved, StockShort } from '../contracts/inventory-events';
import { PaymentFailed, PaymentRefunded, PaymentRefundFailed, PaymentSucceeded } from '../contracts/payment-events';
import { ReturnCompleted } from '../contracts/return-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { advanceOrder } from './advance-order';
import { advanceOrderEnv, patienceFrom } from './env';
import { orderStore } from './order.store';
import { patienceOf } from './tenant-settings';
import { tenantSettingsStore } from './tenant-settings.store';

const env = readEnv(advanceOrderEnv);
const db = documentClient();
const settings = tenantSettingsStore(env.ORDERS_TABLE, db);
const patience = patienceFrom(env);
const now = () => new Date();

export const handler = consume({
  consumer: 'order-saga',
  schema: z.discriminatedUnion('type', [
    StockReserved,
    StockShort,
    StockReleased,
    StockDeducted,
    ReturnCompleted,
    PaymentSucceeded,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
  ]),
  handle: oneByOne(
    advanceOrder({
      orders: orderStore(env.ORDERS_TABLE, db),
      patience,
      patienceOf: async (tenant) => patienceOf(await settings.of(tenant), patience),
      now,
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
