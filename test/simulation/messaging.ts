import { isDeepStrictEqual } from 'node:util';
import type { SendToDeadLetterQueue } from '../../lambda/kernel/events/dead-letter';
import { maxFailures, type Resend } from '../../lambda/kernel/events/dead-letter';
import type { Publish } from '../../lambda/kernel/events/publish';
import type { Io } from '../stores/io';
import { broken } from './promises';
import { publishedFacts } from './published-facts';
import { allQueues, type Depot, depotOf, type Parcel, type QueueName } from './queues';
import { subscribersOf } from './subscriptions';
import { bySomeVersion } from './versions';
import type { World } from './world';

const parcelOf = (event: Parameters<Publish>[0][number] & { source?: string }): Parcel => ({
  key: `${event.source}|${event.id}`,
  body: JSON.stringify(event),
  type: event.type,
  tenantId: event.tenantid,
});

const times: Readonly<Record<string, number>> = { undeliverable: 0, twice: 2, 'five times': 5 };

/** What a subscription makes of an event: some copies in its queue, soon or later, or one in the dead-letter queue. */
const deliver = ({ faults, note }: World, depot: Depot, queue: QueueName, parcel: Parcel) => {
  const fault = faults.at(`sns to ${queue}`, { undeliverable: 0.015, twice: 0.03, 'five times': 0.01, late: 0.03 });
  if (fault !== undefined) note(`sns to ${queue}: ${fault} ${parcel.key}`);
  if (fault === 'undeliverable') depot.bury(queue, parcel);
  for (let left = times[fault ?? ''] ?? 1; left > 0; left -= 1)
    depot.send(queue, parcel, fault === 'late' ? 200_000 : 0);
};

/** SNS: every event goes to the queues that subscribe to its type. */
const topicOf = (world: World, depot: Depot) => {
  const published = new Map<string, Parcel>();
  const publishes = new Map<string, number>(); // by what they are about
  const hearFact = publishedFacts();

  const publishOne = (parcel: Parcel) => {
    if (!parcel.key.includes(`|${parcel.tenantId}/`)) broken('P8', `${parcel.key} tells of ${parcel.tenantId}`);
    const earlier = published.get(parcel.key)?.body ?? parcel.body;
    if (earlier !== parcel.body && !isDeepStrictEqual(JSON.parse(earlier), JSON.parse(parcel.body))) {
      broken('P2', `two facts have the event ID ${parcel.key}`);
    }
    published.set(parcel.key, parcel);
    hearFact(parcel);
    const [source = ''] = parcel.key.split('|');
    publishes.set(source, (publishes.get(source) ?? 0) + 1);
    const told = bySomeVersion(world, parcel);
    for (const queue of subscribersOf(world, parcel.type)) deliver(world, depot, queue, told);
  };

  /** What SNS does with one batch: it may take some of it and refuse the rest. */
  const publishBatch = (parcels: readonly Parcel[]) => {
    const refused = parcels.filter(() => world.faults.at('sns entry', { refused: 0.01 }) !== undefined);
    for (const parcel of parcels) if (!refused.includes(parcel)) publishOne(parcel);
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
  return { published, publisher, publishes: (source: string) => publishes.get(source) ?? 0 };
};

/** The messages that a consumer has in its hands. */
export type Batch = { readonly queue: QueueName; readonly ids: readonly string[] };

const tooEarly = (depot: Depot, { ids }: Batch, body: string): boolean => depot.realFailures(ids, body) < maxFailures;

/** The dead-letter queue, for one process. */
const parking =
  (depot: Depot, io: Io, batch?: Batch): SendToDeadLetterQueue =>
  ({ sourceQueue, body, error }) =>
    io('dlq.deadLetter', () => {
      if (batch !== undefined && error.name !== 'UnreadableMessageError' && tooEarly(depot, batch, body))
        broken('S0-09', `${sourceQueue} parked ${depot.parcelWith(body).key} before its third failure`);
      const queue = allQueues.find((name) => name === sourceQueue);
      depot.bury(
        queue ?? broken('P13', `a relay parked an image: ${error.message}`),
        depot.parcelWith(body),
        error.name,
      );
    });

/** A failure goes uncounted when its worker dies before it is told: that happens, but not again and again. */
const mostUncounted = 15;

/** The queue that a batch came from, for the consumer that failed on some of it. */
const sendingAgain =
  (depot: Depot, io: Io, { queue, ids }: Batch): Resend =>
  ({ body, failures, delaySeconds }) =>
    io('sqs.send again', () => {
      const counted = { said: failures, real: depot.realFailures(ids, body) };
      if (counted.real - counted.said >= mostUncounted)
        broken('S0-09', `${queue} tries ${depot.parcelWith(body).key} for the ${counted.real}th time`);
      depot.send(queue, depot.parcelWith(body), delaySeconds * 1000, counted);
    });

export const messaging = (world: World, isDone: Parameters<typeof depotOf>[1]) => {
  const depot = depotOf(world, isDone);
  return {
    ...depot,
    ...topicOf(world, depot),
    parking: (io: Io, batch?: Batch) => parking(depot, io, batch),
    sendingAgain: (io: Io, batch: Batch) => sendingAgain(depot, io, batch),
  };
};

export type Messaging = ReturnType<typeof messaging>;
