import { type MessageAttributeValue, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { suffixOf } from '../aws/aws-endpoint';
import { RefusalError } from '../error';

let client: SQSClient | undefined;

/** Returns the client of all queues. A queue URL only names its queue; the SDK's configuration decides the endpoint. */
const sqsClient = (): SQSClient => {
  client ??= new SQSClient({ useQueueUrlAsEndpoint: false });
  return client;
};

/** A message whose consumer gave up on it, with the error. `attributes` are those that it arrived with. */
export type DeadLetter = {
  readonly body: string;
  readonly consumer: string;
  readonly sourceQueue: string;
  readonly eventType: string;
  readonly error: Error;
  /** How often its handler failed. */
  readonly receiveCount: number;
  readonly failedAt: Date;
  readonly attributes: Readonly<Record<string, string>>;
};

export type SendToDeadLetterQueue = (message: DeadLetter) => Promise<void>;

/** Makes a text a valid SQS attribute: not empty, well formed, no control characters, at most 1,024 characters. */
const attributeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, ' ')
    .slice(0, 1024)
    .toWellFormed() || '-';

/** Returns the SQS attributes of a dead letter: its own `type` and `tenantId`, its source and the error. */
export const deadLetterAttributes = (message: DeadLetter): Record<string, string> => ({
  ...message.attributes,
  consumer: message.consumer,
  sourceQueue: message.sourceQueue,
  eventType: message.eventType,
  errorName: message.error.name,
  errorMessage: message.error.message,
  receiveCount: String(message.receiveCount),
  failedAt: message.failedAt.toISOString(),
});

const asString = ([name, value]: [string, string]): [string, MessageAttributeValue] => [
  name,
  { DataType: 'String', StringValue: attributeText(value) },
];

/** Returns a sender to the dead-letter queue at `queueUrl`; attributes record where a message came from. */
export const deadLetterQueue = (
  queueUrl: string,
  sqs: Pick<SQSClient, 'send'> = sqsClient(),
): SendToDeadLetterQueue => {
  return async (message) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: message.body,
        MessageAttributes: Object.fromEntries(Object.entries(deadLetterAttributes(message)).map(asString)),
      }),
    );
  };
};

/** A failed message to be sent back to its own queue. */
export type FailedMessage = {
  readonly queueArn: string;
  readonly body: string;
  /** The attributes that the publisher set. */
  readonly attributes: Readonly<Record<string, string>>;
  /** How often its handler has failed. The message carries the count, so that a killed worker does not change it. */
  readonly failures: number;
  /** The delay before it is delivered. */
  readonly delaySeconds: number;
};

export type Resend = (message: FailedMessage) => Promise<void>;

/** After this many failures, a message goes to the dead-letter queue. */
export const maxFailures = 3;

/** The delays in seconds after the first and the second failure. */
const backoff = { refusal: [1, 5], fault: [5, 60] } as const;

/** Returns the delay after this many failures, in seconds. */
export const delaySecondsOf = (error: Error, failures: number): number => {
  const [first, second] = backoff[error instanceof RefusalError ? 'refusal' : 'fault'];
  return failures === 1 ? first : second;
};

/** Returns the URL of a queue on AWS. A local AWS accepts it too: it reads only the account and the name. */
export const queueUrlOf = (queueArn: string): string => {
  const [, , , region = '', account, name] = queueArn.split(':');
  return `https://sqs.${region}.${suffixOf(region)}/${account}/${name}`;
};

const string = (StringValue: string) => ({ DataType: 'String', StringValue });

/** Returns a sender of messages back to their own queues, with their delay. */
export const sendToOwnQueue =
  (sqs: Pick<SQSClient, 'send'> = sqsClient()): Resend =>
  async ({ queueArn, body, attributes, failures, delaySeconds }) => {
    const published = Object.entries(attributes).map(([name, value]) => [name, string(value)]);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrlOf(queueArn),
        MessageBody: body,
        DelaySeconds: delaySeconds,
        MessageAttributes: { ...Object.fromEntries(published), failures: string(String(failures)) },
      }),
    );
  };
