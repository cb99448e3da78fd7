import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { broken } from './promises';
import type { World } from './world';

/** Where it matters nothing how a shop is paid. */
const offlineQueues = [
  'inventory-queue',
  'notification-queue',
  'billing-queue',
  'order-saga-queue',
  'order-copy-queue',
  'inventory-catalog-queue',
  'inventory-return-queue',
  'catalog-queue',
  'alert-queue',
  'return-order-queue',
] as const;

/** Those that only shops need that are paid online. */
const onlineQueues = ['payment-queue', 'order-payment-queue'] as const;

export const allQueues = [...offlineQueues, ...onlineQueues];
export type QueueName = (typeof allQueues)[number];

/** The queues of a run. */
export const queuesOf = ({ online }: World): readonly QueueName[] => (online.size > 0 ? allQueues : offlineQueues);

/** An event on its way. `key` is the same for every copy of it; a poison message is its own key. */
export type Parcel = { readonly key: string; readonly body: string; readonly type: string; readonly tenantId: string };

/** How often a message's handler has failed on it: as the message itself says, and as it was. */
type Failures = { readonly said: number; readonly real: number };

const noFailures: Failures = { said: 0, real: 0 };

type Message = Parcel & { readonly id: string; receives: number; visibleAt: number; failures: Failures };

export type Queue = { readonly name: QueueName; readonly messages: Map<string, Message>; batches: number };

/** A message in the dead-letter queue. `error` is missing when SQS or SNS moved it there. */
export type DeadLetter = Parcel & { readonly id: string; readonly queue: QueueName; readonly error?: string };

const visibilityMs = 60_000;
const maxReceives = 10;

const toRecord = (queue: Queue, message: Message): SQSRecord => ({
  messageId: message.id,
  receiptHandle: message.id,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: '0',
    SenderId: 'sns',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {
    type: { dataType: 'String', stringValue: message.type },
    tenantId: { dataType: 'String', stringValue: message.tenantId },
    ...(message.failures.said > 0
      ? { failures: { dataType: 'String', stringValue: String(message.failures.said) } }
      : {}),
  },
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue.name}`,
  awsRegion: 'us-east-1',
});

/**
 * Every queue and the dead-letter queue, and how many copies of each event are in them. `isDone` tells whether a queue's
 * consumer has done what a message asks for, so that its last copy may disappear.
 */
export const depotOf = (world: World, isDone: (queue: QueueName, parcel: Parcel) => boolean) => {
  const queues = queuesOf(world).map((name): Queue => ({ name, messages: new Map(), batches: 0 }));
  const byName = Object.fromEntries(queues.map((queue) => [queue.name, queue])) as Record<QueueName, Queue>;
  const deadLetters = new Map<string, DeadLetter>();
  const copies = new Map<string, number>();
  const parcels = new Map<string, Parcel>(); // by body
  const everSent = new Map<string, Message>(); // a batch may be at work on what another has deleted meanwhile
  let numbered = 0;

  const nextId = () => {
    numbered += 1;
    return `message-${numbered}`;
  };

  const count = (queue: QueueName, { key }: Parcel, change: number): number => {
    const left = (copies.get(`${queue}|${key}`) ?? 0) + change;
    copies.set(`${queue}|${key}`, left);
    return left;
  };

  const oneLess = (queue: QueueName, parcel: Parcel) => {
    const left = count(queue, parcel, -1);
    if (left === 0 && !isDone(queue, parcel)) broken('P6', `${parcel.key} left ${queue} without being done or parked`);
  };

  const send = (queue: QueueName, given: Parcel, delayMs = 0, failures = noFailures) => {
    const { key, body, type, tenantId } = given;
    const parcel = { key, body, type, tenantId };
    const id = nextId();
    parcels.set(body, parcel);
    const message = { id, ...parcel, failures, receives: 0, visibleAt: world.now + delayMs };
    everSent.set(id, message);
    byName[queue].messages.set(id, message);
    count(queue, parcel, 1);
  };

  /** Notes that a handler failed on one event, in each of these copies of it. */
  const noteFailure = (ids: readonly string[]) => {
    for (const id of ids) {
      const message = everSent.get(id);
      if (message !== undefined) message.failures = { ...message.failures, real: message.failures.real + 1 };
    }
  };

  /** How often handlers really failed on the messages of a batch that have this body. */
  const realFailures = (ids: readonly string[], body: string): number =>
    Math.max(
      0,
      ...ids.map((id) => {
        const message = everSent.get(id);
        return message?.body === body ? message.failures.real : 0;
      }),
    );

  const bury = (queue: QueueName, { key, body, type, tenantId }: Parcel, error?: string) => {
    const id = nextId();
    deadLetters.set(id, { id, key, body, type, tenantId, queue, ...(error === undefined ? {} : { error }) });
    count(queue, { key, body, type, tenantId }, 1);
  };

  const remove = (queue: QueueName, id: string) => {
    const message = byName[queue].messages.get(id);
    if (message === undefined) return;
    byName[queue].messages.delete(id);
    oneLess(queue, message);
  };

  /** A deadLetter that was sent on, and is therefore no longer needed. */
  const discard = (id: string) => {
    const deadLetter = deadLetters.get(id);
    if (deadLetters.delete(id) && deadLetter !== undefined) oneLess(deadLetter.queue, deadLetter);
  };

  /** A deadLetter that an operator has judged to be of no use. */
  const destroy = (id: string) => {
    const deadLetter = deadLetters.get(id);
    if (deadLetters.delete(id) && deadLetter !== undefined) count(deadLetter.queue, deadLetter, -1);
  };

  /** What is known of a message by its body. */
  const parcelWith = (body: string): Parcel => parcels.get(body) ?? { key: body, body, type: '', tenantId: '' };

  return { queues, deadLetters, parcelWith, send, noteFailure, realFailures, bury, remove, discard, destroy };
};

export type Depot = ReturnType<typeof depotOf>;

/** Takes up to ten messages that are visible. One that was received too often goes to the dead-letter queue instead. */
export const receive = (world: World, depot: Depot, queue: Queue): SQSEvent => {
  const visible = [...queue.messages.values()].filter(({ visibleAt }) => visibleAt <= world.now);
  const taken: Message[] = [];
  while (visible.length > 0 && taken.length < 10) {
    const [message] = visible.splice(world.random.below(visible.length), 1);
    if (message === undefined) break;
    if (message.receives >= maxReceives) {
      depot.bury(queue.name, message);
      depot.remove(queue.name, message.id);
      continue;
    }
    message.receives += 1;
    message.visibleAt = world.now + visibilityMs;
    taken.push(message);
  }
  return { Records: taken.map((message) => toRecord(queue, message)) };
};
