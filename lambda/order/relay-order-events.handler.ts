import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayOrderEventsEnv } from './env';
import { orderEvents } from './order-event';
import { orderFromRow } from './order-row';

const env = readEnv(relayOrderEventsEnv);

export const handler = relay({
  relay: 'order-relay',
  toEvent: (image) => orderEvents(orderFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
