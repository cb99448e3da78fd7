import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayReturnEventsEnv } from './env';
import { returnEvent } from './return-event';
import { returnFromRow } from './return-row';

const env = readEnv(relayReturnEventsEnv);

export const handler = relay({
  relay: 'return-relay',
  toEvent: (image) => returnEvent(returnFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
