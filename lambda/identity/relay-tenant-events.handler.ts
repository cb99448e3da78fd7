import { maxEventBytes } from '../contracts/event';
import { deadLetterQueue } from '../kernel/dead-letter';
import { readEnv } from '../kernel/env';
import { snsPublisher } from '../kernel/publish';
import { relay } from '../kernel/stream-relay';
import { relayTenantEventsEnv } from './env';
import { tenantEvent } from './tenant-event';

const env = readEnv(relayTenantEventsEnv);

export const handler = relay({
  relay: 'tenant-relay',
  toEvent: tenantEvent,
  publish: snsPublisher(env.TOPIC_ARN),
  park: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
