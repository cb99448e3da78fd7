import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { suffixOf } from './aws-endpoint';
import { RefusalError } from './refusal-error';
import { sqsClient } from './sqs';

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

export type SendAgain = (message: FailedMessage) => Promise<void>;

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
  (sqs: Pick<SQSClient, 'send'> = sqsClient()): SendAgain =>
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
