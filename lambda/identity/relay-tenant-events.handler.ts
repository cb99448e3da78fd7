import { maxEventBytes } from '../contracts/events/event';
import { readEnv } from '../kernel/env';
import { deadLetterQueue } from '../kernel/events/dead-letter';
import { snsPublisher } from '../kernel/events/publish';
import { relay } from '../kernel/events/stream-relay';
import { relayTenantEventsEnv } from './env';
import { tenantEvent } from './tenants/tenant-event';

const env = readEnv(relayTenantEventsEnv);

export const handler = relay({
  relay: 'tenant-relay',
  toEvent: tenantEvent,
  publish: snsPublisher(env.TOPIC_ARN),
  deadLetter: deadLetterQueue(env.PARKING_QUEUE_URL),
  maxEventBytes,
  now: () => new Date(),
});
