import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayInventoryEventsEnv } from './env';
import { reservationEvents } from './inventory-event';
import { reservationFromRow } from './reservation-row';

const env = readEnv(relayInventoryEventsEnv);

export const handler = relay({
  relay: 'inventory-relay',
  toEvent: (image) => reservationEvents(reservationFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
