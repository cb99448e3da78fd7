import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay, tellsSomething } from '../kernel/stream-relay';
import { relayInventoryEventsEnv } from './env';
import { isStock, relayedEvents } from './relayed-events';

const env = readEnv(relayInventoryEventsEnv);

export const handler = relay({
  relay: 'inventory-relay',
  tells: (change) => isStock(change.after) || tellsSomething(change), // a stock row has no fact: its change is one
  toEvent: relayedEvents,
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
