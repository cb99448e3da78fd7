import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayUserEventsEnv } from './env';
import { userEvent } from './user-event';
import { userFromRow } from './user-row';

const env = readEnv(relayUserEventsEnv);

export const handler = relay({
  relay: 'user-relay',
  toEvent: (image) => userEvent(userFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
