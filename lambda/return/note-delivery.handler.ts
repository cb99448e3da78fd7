import * as z from 'zod';
import { OrderDelivered } from '../contracts/events/order-events';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume, oneByOne } from '../kernel/events/queue-consumer';
import { noteDeliveryEnv } from './env';
import { noteDelivery } from './request-return';
import { returnStore } from './return.store';

const env = readEnv(noteDeliveryEnv);

export const handler = consume({
  consumer: 'return',
  schema: z.discriminatedUnion('type', [OrderDelivered]),
  handle: oneByOne(noteDelivery(returnStore(env.RETURNS_TABLE, documentClient()))),
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
