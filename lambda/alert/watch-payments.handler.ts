import * as z from 'zod';
import {
  OrderAwaitingPayment,
  OrderBackordered,
  OrderCancelled,
  OrderConfirmed,
  OrderDelivered,
  OrderPlaced,
  OrderReturned,
  OrderShipped,
} from '../contracts/order-events';
import {
  PaymentDisputed,
  PaymentFailed,
  PaymentMismatchFound,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../contracts/payment-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { invokeFunction } from '../kernel/invoke-function';
import { logger } from '../kernel/logger';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { watchPaymentsEnv } from './env';
import { logRaised } from './log-raised';
import { orderPaymentStore } from './order-payment.store';
import { watchPayments } from './watch-payments';

const env = readEnv(watchPaymentsEnv);
const now = () => new Date();
const askMs = 2000; // the sweep asks again: a batch waits for nobody

export const handler = consume({
  consumer: 'order-payment',
  schema: z.discriminatedUnion('type', [
    OrderPlaced,
    OrderBackordered,
    OrderAwaitingPayment,
    OrderConfirmed,
    OrderShipped,
    OrderDelivered,
    OrderCancelled,
    OrderReturned,
    PaymentSucceeded,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentMismatchFound,
    PaymentDisputed,
  ]),
  handle: oneByOne(
    watchPayments({
      states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, documentClient()),
      patience: { refundSeconds: env.REFUND_SECONDS, stuckSeconds: env.STUCK_SECONDS },
      now,
      onRaised: logRaised,
      ask: { order: invokeFunction(env.ORDER_FUNCTION, askMs), payment: invokeFunction(env.PAYMENT_FUNCTION, askMs) },
      onUnanswered: (error) => logger.warn('nobody answered, so the sweep asks', { error: error as Error }),
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
