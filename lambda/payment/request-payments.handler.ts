import * as z from 'zod';
import { OrderAwaitingPayment, OrderCancelled, OrderReturned } from '../contracts/order-events';
import { ReturnCompleted } from '../contracts/return-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { invokeFunction } from '../kernel/invoke-function';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { rotatingSecret } from '../kernel/secret';
import { accountStore } from './account.store';
import { allProviders } from './all-providers.gateway';
import { requestPaymentsEnv } from './env';
import { paymentStore } from './payment.store';
import { requestPayments } from './request-payments';
import { sealedAnew, sealing } from './seal.gateway';

const env = readEnv(requestPaymentsEnv);
const secret = await rotatingSecret(env.SEAL_SECRET_ARN);
const details = sealing(secret);
const { seal } = details;
const db = documentClient();
const now = () => new Date();

export const handler = secret.keptFreshFor(
  consume({
    consumer: 'payment',
    schema: z.discriminatedUnion('type', [OrderAwaitingPayment, OrderCancelled, OrderReturned, ReturnCompleted]),
    handle: oneByOne(
      requestPayments({
        payments: sealedAnew(paymentStore(env.PAYMENTS_TABLE, db), details),
        providers: allProviders(invokeFunction(env.PROVIDERS_FUNCTION), accountStore(env.ACCOUNTS_TABLE, db), now),
        seal,
        now,
      }),
    ),
    park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
    now,
  }),
);
