import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { relayReturnEventsEnv } from './env';
import { returnEvent } from './return';
import { returnFromRow } from './return-row';

const env = readEnv(relayReturnEventsEnv);

export const handler = relay({
  relay: 'return-relay',
  toEvent: (image) => returnEvent(returnFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
