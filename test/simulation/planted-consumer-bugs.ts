import type { SQSRecord } from 'aws-lambda';
import type { ConsumerOptions } from '../../lambda/kernel/events/queue-consumer';
import type { Consumable } from '../../lambda/kernel/events/queue-message';
import { soundParts } from './parts';

const renamed = (record: SQSRecord): SQSRecord => {
  const id = `"id":"$1/${record.messageId}:1"`;
  return { ...record, body: record.body.replace(/"id":"([^/"]+)\/[^"]+"/, id) };
};

/** Takes the ID of the message for the ID of the event. */
export const idsFromMessages: typeof soundParts.consume = (options) => {
  const sound = soundParts.consume(options);
  return ({ Records }) => sound({ Records: Records.map(renamed) });
};

/** Tells SQS that everything went well. */
export const obedient: typeof soundParts.consume = (options) => {
  const sound = soundParts.consume(options);
  return async (event) => {
    await sound(event);
    return { batchItemFailures: [] };
  };
};

/** Does not notice when a message could not be parked. */
export const parkOnce: typeof soundParts.consume = <Event extends Consumable>(options: ConsumerOptions<Event>) =>
  soundParts.consume({ ...options, deadLetter: (deadLetter) => options.deadLetter(deadLetter).catch(() => undefined) });

/** Does not notice when a message could not be sent again. */
export const sendAgainOnce: typeof soundParts.consume = <Event extends Consumable>(options: ConsumerOptions<Event>) =>
  soundParts.consume({
    ...options,
    resend: async (message) => options.resend?.(message).catch(() => undefined),
  });

/** Has the records say another number of failures. */
const counting = (failuresOf: (record: SQSRecord) => number): typeof soundParts.consume => {
  const counted = (record: SQSRecord): SQSRecord => {
    const failures = { dataType: 'String', stringValue: String(failuresOf(record)) } as const;
    return { ...record, messageAttributes: { ...record.messageAttributes, failures } };
  };
  return (options) => {
    const sound = soundParts.consume(options);
    return ({ Records }) => sound({ Records: Records.map(counted) });
  };
};

/** Takes a delivery whose worker was killed for a failure. */
export const killedCounts = counting(
  ({ attributes, messageAttributes }) =>
    Number(messageAttributes.failures?.stringValue ?? 0) + Number(attributes.ApproximateReceiveCount) - 1,
);

/** Forgets each failure. */
export const neverCounted = counting(() => 0);

const refusing = (isRefused: (body: string) => boolean): typeof soundParts.consume => {
  const blanked = (record: SQSRecord) => (isRefused(record.body) ? { ...record, body: `!${record.body}` } : record);
  return (options) => {
    const sound = soundParts.consume({
      ...options,
      deadLetter: (deadLetter) => options.deadLetter({ ...deadLetter, body: deadLetter.body.replace(/^!/, '') }),
    });
    return ({ Records }) => sound({ Records: Records.map(blanked) });
  };
};

/** Does not read events that were published before there were payments. */
export const needsTheNewest = refusing(
  (body) => body.includes('"source":"/orders"') && !body.includes('"paymentStatus"'),
);

/** Does not read events with anything in them that is not known yet. */
export const knowsEveryField = refusing((body) => body.includes('"ofTheNextVersion"'));
