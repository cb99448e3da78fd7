import { AnyEvent } from '../contracts/event';
import { bucketAddress } from '../kernel/bucket';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { consume } from '../kernel/queue-consumer';
import { archiveGateway } from './archive.gateway';
import { archiveEvents } from './archive-events';
import { archiveEventsEnv } from './env';

const env = readEnv(archiveEventsEnv);
const now = () => new Date();

export const handler = consume({
  consumer: 'archive',
  schema: AnyEvent,
  handle: archiveEvents(archiveGateway(bucketAddress(env.ARCHIVE_BUCKET), now)),
  logEach: false,
  park: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  maxReceiveCount: env.MAX_RECEIVE_COUNT,
  now,
});
