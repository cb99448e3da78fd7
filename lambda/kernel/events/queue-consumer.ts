import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { asError } from '../error';
import { logger } from '../logger';
import { count } from '../metrics';
import type { SendToDeadLetterQueue } from './dead-letter';
import { delaySecondsOf, maxFailures, type Resend, sendToOwnQueue } from './dead-letter';
import {
  type Consumable,
  failuresOf,
  publishedAttributes,
  queueNameOf,
  type Readable,
  readMessage,
  receivesOf,
  type Unreadable,
} from './queue-message';

/** The outcome of one event: undefined when it is handled, else the error. */
export type Outcome = Error | undefined;

export type ConsumerOptions<Event extends Consumable> = {
  /** Names the consumer in logs, metrics and dead letters. */
  readonly consumer: string;
  readonly schema: z.ZodType<Event>;
  /**
   * Handles a batch and returns one outcome per event, in their order. A throw fails them all. Events may arrive twice
   * and in any order, so it must be idempotent by `event.id`.
   */
  readonly handle: (events: readonly Event[]) => Promise<readonly Outcome[]>;
  /**
   * Runs before an event is dead-lettered, to inform the rest of the system. A throw leaves the message in its queue.
   */
  readonly onExhausted?: (event: Event, error: Error) => Promise<void>;
  readonly deadLetter: SendToDeadLetterQueue;
  /** Sends a failed message back to its queue. @default `sendToOwnQueue` with the function's own permission */
  readonly resend?: Resend;
  /** Whether each handled event is logged; otherwise one line per batch is. @default true */
  readonly logEach?: boolean;
  readonly now: () => Date;
};

type Failure<Event> = { readonly record: SQSRecord; readonly event: Event | undefined; readonly error: Error };

/** Makes `handle` from a function of one event. A throw fails only that event. */
export const oneByOne =
  <Event>(handleOne: (event: Event) => Promise<void>) =>
  (events: readonly Event[]): Promise<Outcome[]> =>
    Promise.all(events.map((event) => handleOne(event).then(() => undefined, asError)));

const logDone = (
  { consumer, logEach = true }: { consumer: string; logEach?: boolean },
  done: readonly Consumable[],
) => {
  if (!logEach) logger.info('messages handled', { note: 'イベント受信', consumer, count: done.length });
  else
    for (const { id: eventId, type: eventType, correlationid: correlationId } of done)
      logger.info('message handled', { note: 'イベント受信', consumer, eventId, eventType, correlationId });
};

/** Handles a batch, logs the handled events and returns the failures. */
const handleBatch = async <Event extends Consumable>(
  options: ConsumerOptions<Event>,
  readable: readonly Readable<Event>[],
): Promise<Failure<Event>[]> => {
  if (readable.length === 0) return [];
  const events = readable.map(({ event }) => event);
  const { consumer, handle } = options;
  const outcomes = await handle(events).catch((error): Outcome[] => events.map(() => asError(error)));
  if (outcomes.length !== events.length)
    throw new Error(`${consumer} returned ${outcomes.length} outcomes for ${events.length} events`);
  logDone(
    options,
    events.filter((_, index) => outcomes[index] === undefined),
  );
  return readable.flatMap(({ record, event }, index) => {
    const error = outcomes[index];
    return error === undefined ? [] : [{ record, event, error }];
  });
};

/** The number of failures, this one included. */
const failuresWith = ({ record }: { readonly record: SQSRecord }) => failuresOf(record) + 1;

const deadLetter = async <Event extends Consumable>(options: ConsumerOptions<Event>, failure: Failure<Event>) => {
  const { record, event, error } = failure;
  if (event !== undefined) await options.onExhausted?.(event, error);
  const attributes = publishedAttributes(record);
  await options.deadLetter({
    body: record.body,
    consumer: options.consumer,
    sourceQueue: queueNameOf(record),
    eventType: event?.type ?? attributes.type ?? 'unknown',
    error,
    receiveCount: failuresWith(failure),
    failedAt: options.now(),
    attributes,
  });
  count('MessagesParked', 1, { consumer: options.consumer });
};

/** Sends the message to its queue again with the new failure count, so that the current one can be deleted. */
const retry = (resend: Resend, failure: Failure<unknown>) => {
  const { record, error } = failure;
  const failures = failuresWith(failure);
  return resend({
    queueArn: record.eventSourceARN,
    body: record.body,
    attributes: publishedAttributes(record),
    failures,
    delaySeconds: delaySecondsOf(error, failures),
  });
};

/** Retries or dead-letters a failed message. Returns false when neither worked and SQS must deliver it again. */
const handleFailure = async <Event extends Consumable>(
  options: ConsumerOptions<Event> & { readonly resend: Resend },
  failure: Failure<Event>,
): Promise<boolean> => {
  const { record, event, error } = failure;
  const last = event === undefined || failuresWith(failure) >= maxFailures;
  const details = {
    consumer: options.consumer,
    messageId: record.messageId,
    eventId: event?.id,
    eventType: event?.type,
    correlationId: event?.correlationid,
    receiveCount: failuresWith(failure),
    deliveries: receivesOf(record),
  };
  logger.error(last ? 'message parked' : 'message failed', { ...details, error });
  try {
    await (last ? deadLetter(options, failure) : retry(options.resend, failure));
    return true;
  } catch (thrown) {
    logger.error(last ? 'parking failed' : 'sending again failed', { ...details, error: asError(thrown) });
    return false;
  }
};

const isReadable = <Event>(message: Readable<Event> | Unreadable): message is Readable<Event> =>
  'error' in message === false;
const isUnreadable = <Event>(message: Readable<Event> | Unreadable): message is Unreadable => 'error' in message;

/**
 * Makes the SQS handler of a consumer. A message that no contract accepts is dead-lettered at once. A failed message is
 * sent to its queue again with a delay and its failure count; the third failure dead-letters it. Only failures of
 * `handle` count: after a killed worker, a timeout or a throttle, SQS delivers the message again unchanged, as it does
 * when a message can be neither re-sent nor dead-lettered; the queue's redrive policy bounds that. Other messages of
 * the batch are not affected.
 */
export const consume = <Event extends Consumable>(given: ConsumerOptions<Event>) => {
  const options = { ...given, resend: given.resend ?? sendToOwnQueue() };
  return async ({ Records }: SQSEvent) => {
    const messages = Records.map((record) => readMessage(options.schema, record));
    const unreadable = messages.filter(isUnreadable);
    const failures = [...unreadable, ...(await handleBatch(options, messages.filter(isReadable)))];
    const isDone = await Promise.all(failures.map((failure) => handleFailure(options, failure)));
    return {
      batchItemFailures: failures
        .filter((_, index) => isDone[index] === false)
        .map(({ record }) => ({ itemIdentifier: record.messageId })),
    };
  };
};
