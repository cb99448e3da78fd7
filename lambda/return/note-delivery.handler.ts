import * as z from 'zod';
import { OrderDelivered } from '../contracts/order-events';
import { deadLetterQueue } from '../kernel/dead-letter';
import { documentClient } from '../kernel/dynamodb';
import { readEnv } from '../kernel/env';
import { consume, oneByOne } from '../kernel/queue-consumer';
import { noteDeliveryEnv } from './env';
import { noteDelivery } from './note-delivery';
import { returnStore } from './return.store';

const env = readEnv(noteDeliveryEnv);

export const handler = consume({
  consumer: 'return',
  schema: z.discriminatedUnion('type', [OrderDelivered]),
  handle: oneByOne(noteDelivery(returnStore(env.RETURNS_TABLE, documentClient()))),
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now: () => new Date(),
});
