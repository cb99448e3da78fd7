import { type MessageAttributeValue, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { suffixOf } from '../aws/aws-endpoint';
import { RefusalError } from '../decision';

let client: SQSClient | undefined;

/** The client of all queues. A queue's URL says which queue is meant; where SQS answers is the SDK's own knowledge. */
export const sqsClient = (): SQSClient => {
  client ??= new SQSClient({ useQueueUrlAsEndpoint: false });
  return client;
};

/** A message that its consumer gave up on, and why. `attributes` are the ones it arrived with. */
export type DeadLetter = {
  readonly body: string;
  readonly consumer: string;
  readonly sourceQueue: string;
  readonly eventType: string;
  readonly error: Error;
  /** How often its handler failed on it. */
  readonly receiveCount: number;
  readonly failedAt: Date;
  readonly attributes: Readonly<Record<string, string>>;
};

export type SendToDeadLetterQueue = (letter: DeadLetter) => Promise<void>;

/** What SQS takes as an attribute: not empty, no control characters, well formed, not long. */
const attributeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, ' ')
    .slice(0, 1024)
    .toWellFormed() || '-';

/** The SQS message attributes of a parked message: its own `type` and `tenantId`, and what went wrong. */
export const deadLetterAttributes = (letter: DeadLetter): Record<string, string> => ({
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

/** Parks messages in the dead-letter queue at `queueUrl`, with attributes that say where they came from. */
export const deadLetterQueue = (
  queueUrl: string,
  sqs: Pick<SQSClient, 'send'> = sqsClient(),
): SendToDeadLetterQueue => {
  return async (letter) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: letter.body,
        MessageAttributes: Object.fromEntries(Object.entries(deadLetterAttributes(letter)).map(asString)),
      }),
    );
  };
};

/** A message that its handler failed on, on its way back into its own queue. */
export type FailedMessage = {
  readonly queueArn: string;
  readonly body: string;
  /** The ones that its publisher set. */
  readonly attributes: Readonly<Record<string, string>>;
  /** How often its handler has failed on it. The message carries the number, so that no killed worker changes it. */
  readonly failures: number;
  /** How long nobody sees it. */
  readonly delaySeconds: number;
};

export type Resend = (message: FailedMessage) => Promise<void>;

/** A message that its handler failed on so often goes to the dead-letter queue. */
export const maxFailures = 3;

/** How long a message waits after its first failure, and after its second. */
const backoff = { refusal: [1, 5], fault: [5, 60] } as const;

/** How long a message waits that has failed so often. */
export const delaySecondsOf = (error: Error, failures: number): number => {
  const [first, second] = backoff[error instanceof RefusalError ? 'refusal' : 'fault'];
  return failures === 1 ? first : second;
};

/** The URL of a queue on AWS. A local AWS takes it, too: it goes by the account and the name. */
export const queueUrlOf = (queueArn: string): string => {
  const [, , , region = '', account, name] = queueArn.split(':');
  return `https://sqs.${region}.${suffixOf(region)}/${account}/${name}`;
};

const string = (StringValue: string) => ({ DataType: 'String', StringValue });

/** Sends messages into the queues that they came from, to be seen after their delay. */
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
