import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayAlertEventsEnv } from './env';
import { toldEvents } from './told-events';

const env = readEnv(relayAlertEventsEnv);

/** Of two tables: alerts about stock, and orders with their payments. */
export const handler = relay({
  relay: 'alert-relay',
  toEvent: toldEvents,
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
