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
} from '../contracts/events/order-events';
import {
  PaymentDisputed,
  PaymentFailed,
  PaymentMismatchFound,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentSucceeded,
} from '../contracts/events/payment-events';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { logger } from '../kernel/logger';
import { reconcilePaymentsEnv } from './env';
import { logRaised } from './log-raised';
import { orderPaymentStore } from './payments/payment-state.store';
import { reconcilePayments } from './payments/reconcile-payments';

const env = readEnv(reconcilePaymentsEnv);
const now = () => new Date();
const queryTimeoutMs = 2000; // short, so that a batch does not wait: the sweep queries again

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
    reconcilePayments({
      states: orderPaymentStore(env.ORDER_PAYMENT_TABLE, documentClient()),
      timeouts: { refundSeconds: env.REFUND_SECONDS, stuckSeconds: env.STUCK_SECONDS },
      now,
      onRaised: logRaised,
      query: {
        order: invokeFunction(env.ORDER_FUNCTION, queryTimeoutMs),
        payment: invokeFunction(env.PAYMENT_FUNCTION, queryTimeoutMs),
      },
      onUnanswered: (error) =>
        logger.warn('an owning service did not answer: the sweep queries it again', { error: error as Error }),
    }),
  ),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
