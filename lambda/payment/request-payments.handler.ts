import * as z from 'zod';
import { OrderAwaitingPayment, OrderCancelled, OrderReturned } from '../contracts/order-events';
import { ReturnCompleted } from '../contracts/return-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { accountStore } from './account.store';
import { allProviders } from './all-providers.gateway';
import { requestPaymentsEnv } from './env';
import { paymentStore } from './payment.store';
import { requestPayments } from './request-payments';
import { sealingBy } from './seal-key.gateway';

const env = readEnv(requestPaymentsEnv);
const { seal } = await sealingBy(env);
const db = documentClient();
const now = () => new Date();
const address = { url: env.PROVIDERS_URL, region: env.LAMBDA_REGION };

export const handler = consume({
  consumer: 'payment',
  schema: z.discriminatedUnion('type', [OrderAwaitingPayment, OrderCancelled, OrderReturned, ReturnCompleted]),
  handle: oneByOne(
    requestPayments({
      payments: paymentStore(env.PAYMENTS_TABLE, db),
      providers: allProviders(address, accountStore(env.ACCOUNTS_TABLE, db), now),
      seal,
      now,
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
