import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { asError } from '../error';
import { logger } from '../logger';
import { count } from '../metrics';
import type { SendToDeadLetterQueue } from './dead-letter';
import type { Publish, Publishable } from './publish';

/** One change of an item: `before` is missing for a new one. */
export type Change = { readonly before?: Record<string, unknown>; readonly after: Record<string, unknown> };

export type RelayOptions = {
  /** Names the relay in logs, metrics and dead letters. */
  readonly relay: string;
  /**
   * Returns the events of the item's newest `fact`, undefined when the fact is internal. Throws for an unreadable item.
   * `before` is the item before the change, missing for a new one.
   */
  readonly toEvent: (
    image: Record<string, unknown>,
    before?: Record<string, unknown>,
  ) => Publishable | readonly Publishable[] | undefined;
  /** Whether a change is relayed. @default when it has a `fact` and changed the version */
  readonly isRelayed?: (change: Change) => boolean;
  readonly publish: Publish;
  readonly deadLetter: SendToDeadLetterQueue;
  /** A larger event is dead-lettered, since SNS and SQS would refuse it. */
  readonly maxEventBytes: number;
  readonly now: () => Date;
};

type Image = Record<string, AttributeValue>;
const item = (image: unknown) => unmarshall(image as Image);

/** Returns the change in a stream record, undefined when the item was deleted. */
export const changeOf = ({ dynamodb }: DynamoDBRecord): Change | undefined => {
  if (dynamodb?.NewImage === undefined) return undefined;
  const after = item(dynamodb.NewImage);
  return dynamodb.OldImage === undefined ? { after } : { before: item(dynamodb.OldImage), after };
};

/** Whether a change has a new fact: rows without one (claims, counters) and writes without a new version do not. */
export const hasNewFact = ({ before, after }: Change): boolean =>
  after.fact !== undefined && (before === undefined || before.version !== after.version);

const toSizedEvents = ({ toEvent, maxEventBytes }: RelayOptions, { after, before }: Change): Publishable[] => {
  const events = [toEvent(after, before) ?? []].flat();
  for (const event of events) {
    if (Buffer.byteLength(JSON.stringify(event)) > maxEventBytes)
      throw new Error(`event ${event.id} is larger than ${maxEventBytes} bytes`);
  }
  return events;
};

/**
 * Publishes the events of a table's changes. Throws when publishing fails, so that the stream delivers the whole batch
 * again; consumers may get an event twice, always under the same ID. An image that cannot be made into an event is
 * dead-lettered and does not stop the rest.
 */
export const relayChanges = async (options: RelayOptions, changes: readonly Change[]): Promise<void> => {
  const events: Publishable[] = [];
  for (const change of changes.filter(options.isRelayed ?? hasNewFact)) {
    try {
      events.push(...toSizedEvents(options, change));
    } catch (thrown) {
      await deadLetterImage(options, change, asError(thrown));
    }
  }
  await options.publish(events);
  for (const { id: eventId, type: eventType } of events)
    logger.info('event published', { relay: options.relay, eventId, eventType });
};

const deadLetterImage = async ({ relay, deadLetter, now }: RelayOptions, { after }: Change, error: Error) => {
  logger.error('image parked', { relay, version: after.version, error });
  await deadLetter({
    body: JSON.stringify(after, (_name, value) => (typeof value === 'bigint' ? String(value) : value)),
    consumer: relay,
    sourceQueue: 'stream',
    eventType: 'unknown',
    error,
    receiveCount: 1,
    failedAt: now(),
    attributes: {},
  });
  count('MessagesParked', 1, { consumer: relay });
};

const isChange = (change: Change | undefined): change is Change => change !== undefined;

/** Makes the DynamoDB stream handler of a relay. */
export const relay =
  (options: RelayOptions) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
    const oldest = Math.min(
      ...Records.map(({ dynamodb }) => dynamodb?.ApproximateCreationDateTime ?? Number.POSITIVE_INFINITY),
    );
    await relayChanges(options, Records.map(changeOf).filter(isChange));
    if (Number.isFinite(oldest))
      count('RelayLag', Math.max(0, options.now().getTime() - oldest * 1000), { relay: options.relay });
  };
