import type { SQSEvent } from 'aws-lambda';
import { asError } from '../../lambda/kernel/error';
import type { ConsumerOptions, Outcome } from '../../lambda/kernel/events/queue-consumer';
import type { Consumable } from '../../lambda/kernel/events/queue-message';
import type { Io } from '../stores/io';
import type { Batch, Messaging } from './messaging';
import type { Parts } from './parts';
import type { QueueName } from './queues';

type Counting = { readonly messages: Messaging; readonly queue: QueueName; readonly io: Io };

const noteFailures = ({ messages }: Counting, { Records }: SQSEvent, failed: ReadonlySet<string>) => {
  for (const eventId of failed) {
    const copies = Records.filter(({ body }) => messages.parcelWith(body).key.endsWith(`|${eventId}`));
    const ids = copies.map(({ messageId }) => messageId);
    messages.noteFailure(ids);
  }
};

/** Has the queues count by themselves how often handlers fail, whatever the consumer makes of it. */
export const countingFailures =
  (counting: Counting, consume: Parts['consume']): Parts['consume'] =>
  <Event extends Consumable>(options: ConsumerOptions<Event>) =>
  (event: SQSEvent) => {
    const { messages, queue, io } = counting;
    const batch: Batch = { queue, ids: event.Records.map(({ messageId }) => messageId) };
    const handle = async (events: readonly Event[]): Promise<readonly Outcome[]> => {
      const outcomes = await options.handle(events).catch((error): Outcome[] => events.map(() => asError(error)));
      const failed = events.filter((_, index) => outcomes[index] !== undefined);
      noteFailures(counting, event, new Set(failed.map(({ id }) => id)));
      return outcomes;
    };
    const own = { deadLetter: messages.parking(io, batch), resend: messages.sendingAgain(io, batch) };
    return consume({ ...options, ...own, handle })(event);
  };
