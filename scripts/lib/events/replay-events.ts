import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { AnyEvent } from '../../../lambda/contracts/events/event';
import { CommandError, UsageError } from '../command';
import type { Routes } from '../dead-letters/dead-letter-route';

const archiveQueue = 'archive-queue'; // the archive has what it would be sent
const liveQueue = 'live-queue'; // whoever follows orders now would be told of long ago

/** The queue of a consumer, by its name or the queue's own; throws an error that names those there are. */
export const queueOf = (consumer: string, { workQueues }: Routes): string => {
  const queues = workQueues.filter((queue) => queue !== archiveQueue);
  const exact = queues.find((queue) => queue === consumer || queue === `${consumer}-queue`);
  const [near, ...others] = queues.filter((queue) => queue.startsWith(`${consumer}-`));
  const queue = exact ?? (others.length === 0 ? near : undefined);
  if (queue !== undefined) return queue;
  const names = queues.map((one) => one.replace(/-queue$/, '')).sort();
  throw new UsageError(`--consumer "${consumer}": no consumer of events has this name; there are ${names.join(', ')}`);
};

/** The queues that an event goes to: those that are subscribed to its type, but live followers', or the one asked for. */
export const targetsOf = ({ type }: Pick<AnyEvent, 'type'>, { subscriptions }: Routes, only?: string): string[] => {
  const listening = subscriptions.filter(({ types }) => types === 'all' || types.includes(type));
  const queues = [...new Set(listening.map(({ queue }) => queue))].filter((queue) => queue !== archiveQueue);
  return queues.filter((queue) => (only === undefined ? queue !== liveQueue : queue === only)).sort();
};

const limit = { entries: 10, bytes: 250_000 };

const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });

const entryOf = (event: AnyEvent, index: number): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: JSON.stringify(event),
  MessageAttributes: { type: attribute(event.type), tenantId: attribute(event.tenantid) },
});

/** Splits into batches that SQS takes: at most ten messages and 256 KB together. */
const batchesOf = (events: readonly AnyEvent[]): SendMessageBatchRequestEntry[][] => {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let bytes = 0;
  for (const event of events) {
    const last = batches.at(-1);
    const size = Buffer.byteLength(JSON.stringify(event));
    const fits = last !== undefined && last.length < limit.entries && bytes + size <= limit.bytes;
    if (fits) last.push(entryOf(event, last.length));
    else batches.push([entryOf(event, 0)]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
};

/** Sends events to one queue, as SNS delivers them: the same body, and the attributes that subscriptions filter on. */
export const sendTo = async (sqs: SQSClient, QueueUrl: string, events: readonly AnyEvent[]): Promise<void> => {
  for (const Entries of batchesOf(events)) {
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0)
      throw new CommandError(
        `SQS refused ${Failed.length} of ${Entries.length} events: ${Failed[0]?.Code}. Replay again: twice does no harm.`,
      );
  }
};

/** How many events of each type went to each queue. */
const tally = () => {
  const counts = new Map<string, { queue: string; type: string; count: number }>();
  return {
    add: (queue: string, events: readonly AnyEvent[]) => {
      for (const { type } of events) {
        const key = `${queue} ${type}`;
        counts.set(key, { queue, type, count: (counts.get(key)?.count ?? 0) + 1 });
      }
    },
    rows: (): [queue: string, type: string, count: number][] =>
      [...counts.values()]
        .map(({ queue, type, count }): [string, string, number] => [queue, type, count])
        .sort(([queue, type], [otherQueue, otherType]) =>
          `${queue} ${type}`.localeCompare(`${otherQueue} ${otherType}`),
        ),
  };
};

export type Sending = {
  readonly events: AsyncIterable<readonly AnyEvent[]>;
  readonly routes: Routes;
  /** The one queue that they go to. @default every queue that is subscribed to their type, but live followers' */
  readonly queue?: string | undefined;
  /** Does nothing in a dry run. */
  readonly send: (queue: string, events: readonly AnyEvent[]) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number, sent: number) => void;
};

const byQueue = (events: readonly AnyEvent[], { routes, queue }: Sending): Map<string, AnyEvent[]> => {
  const queues = new Map<string, AnyEvent[]>();
  for (const event of events) {
    for (const target of targetsOf(event, routes, queue)) {
      const own = queues.get(target) ?? [];
      own.push(event);
      queues.set(target, own);
    }
  }
  return queues;
};

/** Sends what is read to whom it concerns. */
export const replayEvents = async (sending: Sending) => {
  const counts = tally();
  let [read, sent] = [0, 0];
  for await (const events of sending.events) {
    if (sending.signal?.aborted) break;
    const queues = [...byQueue(events, sending)];
    await Promise.all(queues.map(([queue, own]) => sending.send(queue, own)));
    for (const [queue, own] of queues) counts.add(queue, own);
    read += events.length;
    sent += queues.reduce((sum, [, own]) => sum + own.length, 0);
    sending.onProgress?.(read, sent);
  }
  return { read, sent, rows: counts.rows() };
};
