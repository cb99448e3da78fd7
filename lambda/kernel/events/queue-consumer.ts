import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { asError } from '../http/http';
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

/** What became of one event: nothing when it is done, else the error. */
export type Outcome = Error | undefined;

export type ConsumerOptions<Event extends Consumable> = {
  /** Names the consumer in logs, metrics and parked messages. */
  readonly consumer: string;
  readonly schema: z.ZodType<Event>;
  /**
   * Handles the events of one batch and answers with one outcome for each, in their order. A throw fails them all.
   * Events may arrive twice and in any order, so it must be safe to repeat for the same `event.id`.
   */
  readonly handle: (events: readonly Event[]) => Promise<readonly Outcome[]>;
  /** Runs before an event is parked for good, to tell the rest of the system; a throw leaves the message where it is. */
  readonly onExhausted?: (event: Event, error: Error) => Promise<void>;
  readonly deadLetter: SendToDeadLetterQueue;
  /** Puts a message that failed back into its queue. @default with the function's own right to send there */
  readonly resend?: Resend;
  /** Whether each event that is done has a log line of its own; else its batch has one. @default true */
  readonly logEach?: boolean;
  readonly now: () => Date;
};

type Failure<Event> = { readonly record: SQSRecord; readonly event: Event | undefined; readonly error: Error };

/** Makes `handle` of a function that takes one event: a throw fails that event alone. */
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

/** Runs the batch and logs what is done; what failed comes back. */
const handleBatch = async <Event extends Consumable>(
  options: ConsumerOptions<Event>,
  readable: readonly Readable<Event>[],
): Promise<Failure<Event>[]> => {
  if (readable.length === 0) return [];
  const events = readable.map(({ event }) => event);
  const { consumer, handle } = options;
  const outcomes = await handle(events).catch((error): Outcome[] => events.map(() => asError(error)));
  if (outcomes.length !== events.length) throw new Error(`${consumer} gave ${outcomes.length} outcomes`);
  logDone(
    options,
    events.filter((_, index) => outcomes[index] === undefined),
  );
  return readable.flatMap(({ record, event }, index) => {
    const error = outcomes[index];
    return error === undefined ? [] : [{ record, event, error }];
  });
};

/** Counts this failure, too. */
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

/** The message goes back into its queue as a new one that knows of this failure; the one at hand is done with. */
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

/** True when the message is dealt with, false when SQS must deliver it again. */
const settle = async <Event extends Consumable>(
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
 * Makes the SQS handler of a consumer. A message that no contract accepts is parked in the dead-letter queue at once. One
 * that fails is sent to its queue again, with a delay and with the number of its failures; on the third it is parked. Only
 * failures of `handle` count: a killed worker, a time-out or a throttle leaves the message as it is, and SQS delivers it
 * again. So it does when a message can be neither sent nor parked; the queue's redrive policy is the second line. Its
 * neighbours in the batch are not touched.
 */
export const consume = <Event extends Consumable>(given: ConsumerOptions<Event>) => {
  const options = { ...given, resend: given.resend ?? sendToOwnQueue() };
  return async ({ Records }: SQSEvent) => {
    const messages = Records.map((record) => readMessage(options.schema, record));
    const unreadable = messages.filter(isUnreadable);
    const failures = [...unreadable, ...(await handleBatch(options, messages.filter(isReadable)))];
    const settled = await Promise.all(failures.map((failure) => settle(options, failure)));
    return {
      batchItemFailures: failures
        .filter((_, index) => settled[index] === false)
        .map(({ record }) => ({ itemIdentifier: record.messageId })),
    };
  };
};
