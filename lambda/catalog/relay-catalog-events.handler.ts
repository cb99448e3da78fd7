import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { relayCatalogEventsEnv } from './env';
import { catalogEvent } from './products/product';
import { productFromRow } from './products/product-row';

const env = readEnv(relayCatalogEventsEnv);

export const handler = relay({
  relay: 'catalog-relay',
  toEvent: (image) => catalogEvent(productFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
