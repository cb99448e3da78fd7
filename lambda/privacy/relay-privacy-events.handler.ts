import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { relayPrivacyEventsEnv } from './env';
import { privacyEvent } from './erasing/privacy-event';

const env = readEnv(relayPrivacyEventsEnv);

export const handler = relay({
  relay: 'privacy-relay',
  toEvent: privacyEvent,
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
