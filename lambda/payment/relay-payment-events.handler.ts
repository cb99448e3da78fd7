import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayPaymentEventsEnv } from './env';
import { paymentImageEvent } from './payment-image';

const env = readEnv(relayPaymentEventsEnv);

export const handler = relay({
  relay: 'payment-relay',
  toEvent: paymentImageEvent,
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
