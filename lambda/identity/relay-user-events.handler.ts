import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { relayUserEventsEnv } from './env';
import { userEvent } from './users/user';
import { userFromRow } from './users/user-row';

const env = readEnv(relayUserEventsEnv);

export const handler = relay({
  relay: 'user-relay',
  toEvent: (image) => userEvent(userFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
