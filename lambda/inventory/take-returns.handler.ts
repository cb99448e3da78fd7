import * as z from 'zod';
import { ReturnCompleted } from '../contracts/return-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { logger } from '../kernel/logger';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { jitteredBackoff } from '../kernel/retry';
import { takeReturnsEnv } from './env';
import { ledgerStore } from './ledger.store';
import { takeReturns } from './take-returns';

const env = readEnv(takeReturnsEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'inventory-return',
  schema: z.discriminatedUnion('type', [ReturnCompleted]),
  handle: oneByOne(
    takeReturns({
      ledger: ledgerStore({ inventory: env.INVENTORY_TABLE, movements: env.MOVEMENTS_TABLE }, documentClient()),
      backoff: jitteredBackoff,
      now,
      onUnknown: (productId, { id: eventId, correlationid: correlationId }) =>
        logger.warn('returned product unknown', { productId, eventId, correlationId }),
    }),
  ),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
