import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayStockEventsEnv } from './env';
import { stockEvents } from './stock-event';
import { stockFromRow } from './stock-row';

const env = readEnv(relayStockEventsEnv);

export const handler = relay({
  relay: 'stock-relay',
  tells: ({ before, after }) => before !== undefined && before.version !== after.version,
  toEvent: (image, before) => stockEvents(before && stockFromRow(before), stockFromRow(image)),
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
