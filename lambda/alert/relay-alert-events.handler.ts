import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { relayAlertEventsEnv } from './env';
import { relayedEvents } from './relayed-events';

const env = readEnv(relayAlertEventsEnv);

/** Relays the streams of two tables: alerts about stock, and orders with their payments. */
export const handler = relay({
  relay: 'alert-relay',
  toEvent: relayedEvents,
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
