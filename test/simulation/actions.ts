import type { Clients } from './clients';
import type { Messaging } from './messaging';
import { broken } from './promises';
import { type DeadLetter, type Queue, type QueueName, queuesOf, receive } from './queues';
import type { Stream, StreamName } from './streams';
import { subscribersOf } from './subscriptions';
import type { System } from './system';
import type { World } from './world';

/** Something that may happen next. `weight` says how likely it is among all that may. */
export type Action = { readonly weight: number; readonly act: () => Promise<void> | void };

const batchesAtOnce = 2;

/** Lambda's poller: takes a batch, runs the consumer, and deletes what the consumer does not hand back. */
const pollQueue = (world: World, messages: Messaging, system: System, queue: Queue): void => {
  const batch = receive(world, messages, queue);
  if (batch.Records.length === 0) return;
  queue.batches += 1;
  const keys = batch.Records.map(({ messageId }) => queue.messages.get(messageId)?.key.trim());
  world.scheduler.start(
    `${queue.name} ${keys.join(' ')}`,
    async (io) => {
      const { batchItemFailures } = await system.consume(queue.name, io)(batch);
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = batch.Records.filter(({ messageId }) => !failed.has(messageId));
      await io('sqs.delete', () => {
        for (const { messageId } of done) messages.remove(queue.name, messageId);
      });
    },
    () => {
      queue.batches -= 1;
    },
  );
};

const lateRelays: readonly StreamName[] = ['orders', 'payments'];
const longestRest = 240_000;

/** A relay may come so late that whoever waits for its events thinks that they will never come. */
const restsFirst = (world: World, stream: Stream): boolean => {
  if (!lateRelays.includes(stream.name)) return false;
  if (world.faults.at(`relay of ${stream.name}`, { 'comes late': 0.015 }) === undefined) return false;
  stream.restsUntil = world.now + 40_000 + world.random.below(longestRest - 40_000);
  world.note(`relay of ${stream.name} comes late`);
  return true;
};

/** Lambda's stream poller: one batch of a table at a time, again and again until the relay has taken it. */
const pollStream = (world: World, system: System, stream: Stream): void => {
  if (restsFirst(world, stream)) return;
  stream.relaying = true;
  const from = stream.at;
  const size = 1 + world.random.below(10);
  const until = Math.min(from + size, stream.changes.length);
  world.scheduler.start(
    `relay of ${stream.name}`,
    async (io) => {
      await system.relay(io, stream, size);
      await io('stream.checkpoint', () => {
        stream.at = until;
      });
    },
    () => {
      stream.relaying = false;
    },
  );
};

type Scheduled = 'sweep' | 'poll' | 'checkDeadlines';

/** What EventBridge starts every minute. */
export const startScheduled = (world: World, system: System, name: Scheduled): void =>
  world.scheduler.start(
    name,
    async (io) => void (await system[name](io)),
    () => undefined,
  );

/** Every queue that hears of an event, and one that does not. */
export const tooManyQueues = (world: World, type: string): readonly QueueName[] => [
  ...subscribersOf(world, type),
  world.random.pick(queuesOf(world)),
];

/** An operator sends a parked message to its queue again, or to others too, and then deletes it. */
export const redrive = (world: World, messages: Messaging, deadLetter: DeadLetter, everywhere: boolean): void => {
  const queues = everywhere ? [deadLetter.queue, ...tooManyQueues(world, deadLetter.type)] : [deadLetter.queue];
  world.scheduler.start(
    `redrive of ${deadLetter.key}`,
    async (io) => {
      await io('operator.send', () => {
        for (const queue of queues) messages.send(queue, deadLetter);
      });
      await io('operator.delete', () => messages.discard(deadLetter.id));
    },
    () => undefined,
  );
};

export const startAudit = (world: World, system: System, done: (busy: number) => void = () => undefined): void =>
  world.scheduler.start(
    'audit',
    async (io) => {
      const { differences, busy } = await system.audit(io);
      await io('operator.reads', () => {
        if (differences.length > 0) broken('P4', `the audit found ${JSON.stringify(differences)}`);
        done(busy);
      });
    },
    () => undefined,
  );

const hasVisible = (world: World, { messages }: Queue): boolean => {
  for (const { visibleAt } of messages.values()) if (visibleAt <= world.now) return true;
  return false;
};

const polls = (world: World, messages: Messaging, system: System): Action[] => {
  const ready = messages.queues.filter((queue) => queue.batches < batchesAtOnce && hasVisible(world, queue));
  const streams = Object.values(world.streams).filter(
    ({ relaying, at, changes, restsUntil }) => !relaying && at < changes.length && restsUntil <= world.now,
  );
  return [
    ...ready.map((queue) => ({ weight: 1, act: () => pollQueue(world, messages, system, queue) })),
    ...streams.map((stream) => ({ weight: 1, act: () => pollStream(world, system, stream) })),
  ];
};

/** Everything that may happen in the system by itself at this moment. */
export const possibleActions = (world: World, messages: Messaging, system: System, shop: Clients): Action[] => {
  const orders = world.dynamodb.table('orders');
  return [
    { weight: 3 * world.scheduler.waiting(), act: world.scheduler.perform },
    ...polls(world, messages, system),
    ...shop.waiting().map((intent) => ({ weight: 1, act: () => shop.place(intent) })),
    { weight: Math.min(1, orders.behind), act: () => orders.catchUp(1) },
  ];
};
