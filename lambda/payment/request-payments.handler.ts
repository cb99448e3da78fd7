import * as z from 'zod';
import { OrderAwaitingPayment, OrderCancelled, OrderReturned } from '../contracts/events/order-events';
import { ReturnCompleted } from '../contracts/events/return-events';
import { rotatingSecret } from '../kernel/aws/secret';
import { invokeFunction } from '../kernel/aws/signed-request';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { accountStore } from './accounts/account.store';
import { requestPaymentsEnv } from './env';
import { paymentStore } from './payment.store';
import { detailsEncryption, withCurrentDetailsKey } from './payment-details.gateway';
import { allProviders } from './providers/remote-provider.gateway';
import { requestPayments } from './request-payments';

const env = readEnv(requestPaymentsEnv);
const secret = await rotatingSecret(env.SEAL_SECRET_ARN);
const details = detailsEncryption(secret);
const { encryptDetails } = details;
const db = documentClient();
const now = () => new Date();

export const handler = secret.refreshBefore(
  consume({
    consumer: 'payment',
    schema: z.discriminatedUnion('type', [OrderAwaitingPayment, OrderCancelled, OrderReturned, ReturnCompleted]),
    handle: oneByOne(
      requestPayments({
        payments: withCurrentDetailsKey(paymentStore(env.PAYMENTS_TABLE, db), details),
        providers: allProviders(invokeFunction(env.PROVIDERS_FUNCTION), accountStore(env.ACCOUNTS_TABLE, db), now),
        encryptDetails,
        now,
      }),
    ),
    deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
    now,
  }),
);
