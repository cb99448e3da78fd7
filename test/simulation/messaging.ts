import { isDeepStrictEqual } from 'node:util';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Park } from '../../lambda/kernel/dead-letter';
import type { Publish } from '../../lambda/kernel/publish';
import type { Io } from '../stores/io';
import { broken } from './promises';
import type { World } from './world';

export type QueueName = 'inventory-queue' | 'notification-queue' | 'billing-queue' | 'order-saga-queue';

/** An event on its way. `key` is the same for every copy of it; a poison message is its own key. */
export type Parcel = { readonly key: string; readonly body: string; readonly type: string; readonly tenantId: string };

type Message = Parcel & { readonly id: string; receives: number; visibleAt: number };

export type Queue = { readonly name: QueueName; readonly messages: Map<string, Message>; batches: number };

/** A message in the dead-letter queue. `error` is missing when SQS or SNS moved it there. */
export type Letter = Parcel & { readonly id: string; readonly queue: QueueName; readonly error?: string };

export const visibilityMs = 60_000;
export const maxReceives = 3;

/** Which queue hears of what: the filters of the subscriptions. */
export const subscriptions: Readonly<Record<string, readonly QueueName[]>> = {
  'OrderPlaced.v1': ['inventory-queue', 'notification-queue', 'billing-queue'],
  'OrderCancelled.v1': ['inventory-queue', 'notification-queue', 'billing-queue'],
  'StockReserved.v1': ['order-saga-queue'],
  'StockShort.v1': ['order-saga-queue'],
  'StockReleased.v1': ['order-saga-queue'],
};

export const queueNames: readonly QueueName[] = [
  'inventory-queue',
  'notification-queue',
  'billing-queue',
  'order-saga-queue',
];

const parcelOf = (event: Parameters<Publish>[0][number] & { source?: string }): Parcel => ({
  key: `${event.source}|${event.id}`,
  body: JSON.stringify(event),
  type: event.type,
  tenantId: event.tenantid,
});

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
  },
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue.name}`,
  awsRegion: 'us-east-1',
});

/** `isDone` tells whether a queue's consumer has done what a message asks for, so that the message may disappear. */
export const messaging = (world: World, isDone: (queue: QueueName, parcel: Parcel) => boolean) => {
  const { faults, note } = world;
  const queues = queueNames.map((name): Queue => ({ name, messages: new Map(), batches: 0 }));
  const byName = Object.fromEntries(queues.map((queue) => [queue.name, queue])) as Record<QueueName, Queue>;
  const letters = new Map<string, Letter>();
  const published = new Map<string, Parcel>();
  const copies = new Map<string, number>();
  const parcels = new Map<string, Parcel>(); // by body
  let numbered = 0;
  let publishes = 0;

  const nextId = () => `message-${String((numbered += 1))}`;

  const count = (queue: QueueName, { key }: Parcel, change: number): number => {
    const left = (copies.get(`${queue}|${key}`) ?? 0) + change;
    copies.set(`${queue}|${key}`, left);
    return left;
  };

  const oneLess = (queue: QueueName, parcel: Parcel) => {
    const left = count(queue, parcel, -1);
    if (left === 0 && !isDone(queue, parcel)) broken('P6', `${parcel.key} left ${queue} without being done or parked`);
  };

  const send = (queue: QueueName, { key, body, type, tenantId }: Parcel, delayMs = 0) => {
    const id = nextId();
    parcels.set(body, { key, body, type, tenantId });
    byName[queue].messages.set(id, { id, key, body, type, tenantId, receives: 0, visibleAt: world.now + delayMs });
    count(queue, { key, body, type, tenantId }, 1);
  };

  const bury = (queue: QueueName, { key, body, type, tenantId }: Parcel, error?: string) => {
    const id = nextId();
    letters.set(id, { id, key, body, type, tenantId, queue, ...(error === undefined ? {} : { error }) });
    count(queue, { key, body, type, tenantId }, 1);
  };

  const remove = (queue: QueueName, id: string) => {
    const message = byName[queue].messages.get(id);
    if (message === undefined) return;
    byName[queue].messages.delete(id);
    oneLess(queue, message);
  };

  /** A letter that was sent on, and is therefore no longer needed. */
  const discard = (id: string) => {
    const letter = letters.get(id);
    if (letters.delete(id) && letter !== undefined) oneLess(letter.queue, letter);
  };

  /** A letter that an operator has judged to be of no use. */
  const destroy = (id: string) => {
    const letter = letters.get(id);
    if (letters.delete(id) && letter !== undefined) count(letter.queue, letter, -1);
  };

  const deliver = (queue: QueueName, parcel: Parcel) => {
    const fault = faults.at(`sns to ${queue}`, { undeliverable: 0.015, twice: 0.03, 'five times': 0.01, late: 0.03 });
    if (fault !== undefined) note(`sns to ${queue}: ${fault} ${parcel.key}`);
    if (fault === 'undeliverable') return bury(queue, parcel);
    const times = fault === 'twice' ? 2 : fault === 'five times' ? 5 : 1;
    for (let copy = 0; copy < times; copy += 1) send(queue, parcel, fault === 'late' ? 200_000 : 0);
  };

  const publishOne = (parcel: Parcel) => {
    const earlier = published.get(parcel.key);
    if (earlier !== undefined && !isDeepStrictEqual(JSON.parse(earlier.body), JSON.parse(parcel.body))) {
      broken('P2', `two facts have the event ID ${parcel.key}`);
    }
    published.set(parcel.key, parcel);
    publishes += 1;
    for (const queue of subscriptions[parcel.type] ?? []) deliver(queue, parcel);
  };

  /** What SNS does with one batch: it may take some of it and refuse the rest. */
  const publishBatch = (parcels: readonly Parcel[]) => {
    const refused = parcels.filter((parcel) => {
      if (faults.at('sns entry', { refused: 0.01 }) !== undefined) return true;
      publishOne(parcel);
      return false;
    });
    if (refused.length > 0) throw new Error(`SNS refused ${refused.length} events`);
  };

  const publisher =
    (io: Io): Publish =>
    async (events) => {
      for (let at = 0; at < events.length; at += 10) {
        const parcels = events.slice(at, at + 10).map(parcelOf);
        await io('sns.publish', () => publishBatch(parcels));
      }
    };

  const parking =
    (io: Io): Park =>
    ({ sourceQueue, body, error, attributes }) =>
      io('dlq.park', () => {
        const queue =
          queueNames.find((name) => name === sourceQueue) ??
          broken('P13', `the relay parked an image: ${error.message}`);
        const parcel = parcels.get(body) ?? { key: body, body, type: attributes.type ?? '', tenantId: '' };
        bury(queue, parcel, error.name);
      });

  return {
    queues,
    letters,
    published,
    send,
    bury,
    remove,
    discard,
    destroy,
    publisher,
    parking,
    publishes: () => publishes,
  };
};

export type Messaging = ReturnType<typeof messaging>;

/** Takes up to ten messages that are visible. One that was received too often goes to the dead-letter queue instead. */
export const receive = (world: World, messages: Messaging, queue: Queue): SQSEvent => {
  const visible = [...queue.messages.values()].filter(({ visibleAt }) => visibleAt <= world.now);
  const taken: Message[] = [];
  while (visible.length > 0 && taken.length < 10) {
    const [message] = visible.splice(world.random.below(visible.length), 1);
    if (message === undefined) break;
    if (message.receives >= maxReceives) {
      messages.bury(queue.name, message);
      messages.remove(queue.name, message.id);
      continue;
    }
    message.receives += 1;
    message.visibleAt = world.now + visibilityMs;
    taken.push(message);
  }
  return { Records: taken.map((message) => toRecord(queue, message)) };
};
