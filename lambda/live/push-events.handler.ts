import * as z from 'zod';
import {
  OrderAwaitingPayment,
  OrderBackordered,
  OrderCancelled,
  OrderConfirmed,
  OrderDelivered,
  OrderPaymentUpdated,
  OrderPlaced,
  OrderProcessing,
  OrderReturned,
  OrderShipped,
} from '../contracts/events/order-events';
import {
  PaymentDisputed,
  PaymentFailed,
  PaymentMismatchFound,
  PaymentRefunded,
  PaymentRefundFailed,
  PaymentRequested,
  PaymentSucceeded,
} from '../contracts/events/payment-events';
import { UserAccessChanged } from '../contracts/events/user-events';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume } from '../kernel/events/queue-consumer';
import { askValidity, Credential } from '../kernel/http/ask-authorizer';
import { cached } from '../kernel/ttl-cache';
import { connectionGateway } from './connection.gateway';
import { connectionStore } from './connection.store';
import { pushEventsEnv } from './env';
import { pushEvents } from './push-events';

const env = readEnv(pushEventsEnv);
const now = () => new Date();

const cacheMs = 15_000; // with the 15 s of the authorizer, a disabled user gets nothing after 30 s
const check = askValidity(invokeFunction(env.AUTHORIZER_FUNCTION));
const checkCached = cached(async (credential) => check(Credential.parse(JSON.parse(credential))), cacheMs);

export const handler = consume({
  consumer: 'live',
  schema: z.discriminatedUnion('type', [
    OrderPlaced,
    OrderConfirmed,
    OrderBackordered,
    OrderAwaitingPayment,
    OrderPaymentUpdated,
    OrderCancelled,
    OrderProcessing,
    OrderShipped,
    OrderDelivered,
    OrderReturned,
    PaymentRequested,
    PaymentSucceeded,
    PaymentFailed,
    PaymentRefunded,
    PaymentRefundFailed,
    PaymentMismatchFound,
    PaymentDisputed,
    UserAccessChanged,
  ]),
  handle: pushEvents({
    connections: connectionStore(env.CONNECTIONS_TABLE, documentClient()),
    gateway: connectionGateway({ apiId: env.API_ID, stage: env.API_STAGE }),
    isValidCredential: async (credential) => (await checkCached(JSON.stringify(credential))) === true,
    isValidCredentialNow: askValidity(invokeFunction(env.AUTHORIZER_FUNCTION), { fresh: true }),
    now,
  }),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
