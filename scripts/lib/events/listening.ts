import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export type Listening = {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly signal: AbortSignal;
  /** How many messages end it. @default none does */
  readonly count?: number | undefined;
  /** When it ends, in milliseconds since 1970. @default it goes on until `signal` */
  readonly deadline?: number | undefined;
  readonly now: () => Date;
  readonly onBody: (body: string) => void;
  /** Called before each wait for messages, which takes 20 seconds at most. */
  readonly onWait: () => Promise<void>;
};

const longestWait = 20; // seconds: what SQS allows

const waitOf = ({ deadline = Number.POSITIVE_INFINITY, now }: Listening): number =>
  Math.min(longestWait, Math.max(0, Math.ceil((deadline - now().getTime()) / 1000)));

const receive = async (listening: Listening, most: number): Promise<Message[]> => {
  const { sqs, url, signal } = listening;
  const ask = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: Math.min(10, most),
    WaitTimeSeconds: waitOf(listening),
  });
  try {
    const { Messages = [] } = await sqs.send(ask, { abortSignal: signal });
    return Messages;
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
};

const remove = async ({ sqs, url }: Listening, messages: readonly Message[]): Promise<void> => {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
};

/** Tells of each message of a queue and removes it. Returns how many there were when it is ended. */
export const listenTo = async (listening: Listening): Promise<number> => {
  const { signal, now, count = Number.POSITIVE_INFINITY, deadline = Number.POSITIVE_INFINITY } = listening;
  let heard = 0;
  while (!signal.aborted && heard < count && now().getTime() < deadline) {
    await listening.onWait();
    const messages = await receive(listening, count - heard);
    for (const { Body = '' } of messages) listening.onBody(Body);
    await remove(listening, messages);
    heard += messages.length;
  }
  return heard;
};
