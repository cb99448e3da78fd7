import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { orderEvents } from './domain/order-event';
import { relayOrderEventsEnv } from './env';
import { orderFromRow } from './order-row';

const env = readEnv(relayOrderEventsEnv);

export const handler = relay({
  relay: 'order-relay',
  toEvent: (image) => orderEvents(orderFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
