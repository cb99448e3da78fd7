import { AnyEvent } from '../contracts/events/event';
import { bucketAddress } from '../kernel/aws/bucket';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { consume } from '../kernel/events/queue-consumer';
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
  deadLetter: deadLetterQueue(env.DEAD_LETTER_QUEUE_URL),
  now,
});
