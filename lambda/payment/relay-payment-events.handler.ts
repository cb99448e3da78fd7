import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { paymentImageEvent } from './domain/payment-event';
import { relayPaymentEventsEnv } from './env';

const env = readEnv(relayPaymentEventsEnv);

export const handler = relay({
  relay: 'payment-relay',
  toEvent: paymentImageEvent,
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
