import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayCatalogEventsEnv } from './env';
import { catalogEvent } from './product-event';
import { productFromRow } from './product-row';

const env = readEnv(relayCatalogEventsEnv);

export const handler = relay({
  relay: 'catalog-relay',
  toEvent: (image) => catalogEvent(productFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
