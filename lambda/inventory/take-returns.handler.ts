import * as z from 'zod';
import { ReturnCompleted } from '../contracts/events/return-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { logger } from '../kernel/logger';
import { jitteredBackoff } from '../kernel/retry';
import { takeReturnsEnv } from './env';
import { ledgerStore } from './stock/ledger.store';
import { restockReturns } from './stock/restock-returns';

const env = readEnv(takeReturnsEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'inventory-return',
  schema: z.discriminatedUnion('type', [ReturnCompleted]),
  handle: oneByOne(
    restockReturns({
      ledger: ledgerStore({ inventory: env.INVENTORY_TABLE, movements: env.MOVEMENTS_TABLE }, documentClient()),
      backoff: jitteredBackoff,
      now,
      onUnknown: (productId, { id: eventId, correlationid: correlationId }) =>
        logger.warn('returned product unknown', { productId, eventId, correlationId }),
    }),
  ),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
