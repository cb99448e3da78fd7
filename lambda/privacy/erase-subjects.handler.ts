import * as z from 'zod';
import { ErasureRequested } from '../contracts/events/privacy-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { logger } from '../kernel/logger';
import { trustedTenant } from '../kernel/tenant';
import { eraseSubjectsEnv } from './env';
import { advanceErasure } from './erasing/advance-erasure';
import { erasingDeps } from './erasing/erasing-deps.gateway';

const env = readEnv(eraseSubjectsEnv);
const advance = advanceErasure(erasingDeps(env, documentClient()));

export const handler = consume({
  consumer: 'privacy',
  schema: z.discriminatedUnion('type', [ErasureRequested]),
  handle: oneByOne(async ({ tenantid, data: { erasureId } }) => {
    const outcome = await advance({ tenant: trustedTenant(tenantid), erasureId });
    logger.info('erasure advanced', { erasureId, outcome });
  }),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
