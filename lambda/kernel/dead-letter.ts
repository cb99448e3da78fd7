import { type MessageAttributeValue, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** A message that its consumer gave up on, and why. `attributes` are the ones it arrived with. */
export type DeadLetter = {
  readonly body: string;
  readonly consumer: string;
  readonly sourceQueue: string;
  readonly eventType: string;
  readonly error: Error;
  readonly receiveCount: number;
  readonly failedAt: Date;
  readonly attributes: Readonly<Record<string, string>>;
};

export type Park = (letter: DeadLetter) => Promise<void>;

/** What SQS takes as an attribute: not empty, no control characters, well formed, not long. */
const attributeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, ' ')
    .slice(0, 1024)
    .toWellFormed() || '-';

/** The SQS message attributes of a parked message: its own `type` and `tenantId`, and what went wrong. */
export const parkedAttributes = (letter: DeadLetter): Record<string, string> => ({
  ...letter.attributes,
  consumer: letter.consumer,
  sourceQueue: letter.sourceQueue,
  eventType: letter.eventType,
  errorName: letter.error.name,
  errorMessage: letter.error.message,
  receiveCount: String(letter.receiveCount),
  failedAt: letter.failedAt.toISOString(),
});

const asString = ([name, value]: [string, string]): [string, MessageAttributeValue] => [
  name,
  { DataType: 'String', StringValue: attributeText(value) },
];

/**
 * Parks messages in the dead-letter queue at `queueUrl`, with attributes that say where they came from. They are sent to the
 * function's own endpoint: a local AWS gives queues the address that the machine which deploys has for it.
 */
export const deadLetterQueue = (queueUrl: string, sqs = new SQSClient({ useQueueUrlAsEndpoint: false })): Park => {
  return async (letter) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: letter.body,
        MessageAttributes: Object.fromEntries(Object.entries(parkedAttributes(letter)).map(asString)),
      }),
    );
  };
};
