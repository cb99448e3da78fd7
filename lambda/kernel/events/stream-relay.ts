import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { asError } from '../http/http';
import { logger } from '../logger';
import { count } from '../metrics';
import type { SendToDeadLetterQueue } from './dead-letter';
import type { Publish, Publishable } from './publish';

/** One change of an item: `before` is missing for a new one. */
export type Change = { readonly before?: Record<string, unknown>; readonly after: Record<string, unknown> };

export type RelayOptions = {
  /** Names the relay in logs, metrics and parked messages. */
  readonly relay: string;
  /**
   * The event that the item's newest `fact` stands for, or several; nothing when it is not for others. Throws on poison.
   * `before` is the item before the change, when it is not new.
   */
  readonly toEvent: (
    image: Record<string, unknown>,
    before?: Record<string, unknown>,
  ) => Publishable | readonly Publishable[] | undefined;
  /** Which changes are made events of. @default those that have a `fact` and raised the version */
  readonly tells?: (change: Change) => boolean;
  readonly publish: Publish;
  readonly deadLetter: SendToDeadLetterQueue;
  /** A larger event is poison: SNS and SQS would refuse it. */
  readonly maxEventBytes: number;
  readonly now: () => Date;
};

type Image = Record<string, AttributeValue>;
const item = (image: unknown) => unmarshall(image as Image);

/** The change that a stream record tells of; nothing when an item was deleted. */
export const changeOf = ({ dynamodb }: DynamoDBRecord): Change | undefined => {
  if (dynamodb?.NewImage === undefined) return undefined;
  const after = item(dynamodb.NewImage);
  return dynamodb.OldImage === undefined ? { after } : { before: item(dynamodb.OldImage), after };
};

/** Rows without a `fact` (claims, counters) tell nobody anything, and neither does a write that changed nothing. */
export const tellsSomething = ({ before, after }: Change): boolean =>
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
 * again: consumers see an event more than once, always under the same ID. An image that no event can be made of is
 * parked, and the rest goes on.
 */
export const relayChanges = async (options: RelayOptions, changes: readonly Change[]): Promise<void> => {
  const events: Publishable[] = [];
  for (const change of changes.filter(options.tells ?? tellsSomething)) {
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
