import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { hasNewFact, relay } from '../kernel/events/stream-relay';
import { relayInventoryEventsEnv } from './env';
import { isStock, relayedEvents } from './inventory-events';

const env = readEnv(relayInventoryEventsEnv);

export const handler = relay({
  relay: 'inventory-relay',
  isRelayed: (change) => isStock(change.after) || hasNewFact(change), // a stock row has no fact
  toEvent: relayedEvents,
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
