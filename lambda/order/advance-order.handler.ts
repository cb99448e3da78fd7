import * as z from 'zod';
import { StockDeducted, StockReleased, StockReserved, StockShort } from '../contracts/events/inventory-events';
import {
  PaymentFailed,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../contracts/events/payment-events';
import { ReturnCompleted } from '../contracts/events/return-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { advanceOrder } from './advance-orders';
import { advanceOrderEnv, timeoutsFrom } from './env';
import { orderStore } from './order.store';
import { tenantSettingsStore } from './shop/shop.store';
import { timeoutsOf } from './shop/tenant-settings';

const env = readEnv(advanceOrderEnv);
const db = documentClient();
const settings = tenantSettingsStore(env.ORDERS_TABLE, db);
const timeouts = timeoutsFrom(env);
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
      timeouts,
      timeoutsOf: async (tenant) => timeoutsOf(await settings.of(tenant), timeouts),
      now,
    }),
  ),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
