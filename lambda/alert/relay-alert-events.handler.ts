import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { alertEvent } from './alert-event';
import { alertFromRow } from './alert-row';
import { relayAlertEventsEnv } from './env';

const env = readEnv(relayAlertEventsEnv);

export const handler = relay({
  relay: 'alert-relay',
  toEvent: (image) => alertEvent(alertFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
