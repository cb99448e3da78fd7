import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export type Queue = { readonly sqs: SQSClient; readonly queueUrl: string };

/** A message that is ours for the moment: hidden from others until it is put back, removed, or its time is over. */
export type Held = { readonly message: Message; readonly receiptHandle: string };

export type ReadOptions = {
  /** Looks at each message once. What it takes it has removed itself; the rest is put back at the end. */
  readonly take?: (held: readonly Held[]) => Promise<readonly Held[]>;
  /** Stops before the queue is read to its end. */
  readonly enough?: () => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (seen: number) => void;
};

const batchSize = 10;
const emptyAnswers = { expected: 2, unexpected: 10 }; // SQS may answer "nothing" although there is something
const hideSeconds = { least: 120, perMessage: 0.1, most: 43_200 };

const hint = async ({ sqs, queueUrl }: Queue): Promise<number> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
};

const receive = async ({ sqs, queueUrl }: Queue, visibilityTimeout: number): Promise<Held[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: visibilityTimeout,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.flatMap((message) =>
    message.ReceiptHandle === undefined ? [] : [{ message, receiptHandle: message.ReceiptHandle }],
  );
};

/** Shows messages to everybody again. One that cannot be shown now shows itself when its time is over. */
const putBack = async ({ sqs, queueUrl }: Queue, held: readonly Held[]): Promise<void> => {
  for (let at = 0; at < held.length; at += batchSize) {
    const Entries = held
      .slice(at, at + batchSize)
      .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
};

/** Removes one message for good. */
export const removeMessage = async ({ sqs, queueUrl }: Queue, { receiptHandle }: Held): Promise<void> => {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
};

const idOf = ({ message }: Held): string => message.MessageId ?? '';

/** What one run has seen and still holds. */
const readingOf = (expected: number) => {
  const seen = new Set<string>();
  const held = new Map<string, Held>();
  let fruitless = 0;
  return {
    seen: () => seen.size,
    held: () => [...held.values()],

    /** Whether SQS has said often enough that there is nothing new. */
    isComplete: () => fruitless >= (seen.size >= expected ? emptyAnswers.expected : emptyAnswers.unexpected),

    /** Returns the messages that are new; of the others, the newest receipt is the one that counts. */
    add: (received: readonly Held[]): Held[] => {
      const fresh = received.filter((one) => !seen.has(idOf(one)));
      for (const one of received) {
        seen.add(idOf(one));
        held.set(idOf(one), one);
      }
      fruitless = fresh.length === 0 ? fruitless + 1 : 0;
      return fresh;
    },

    forget: (taken: readonly Held[]) => {
      for (const one of taken) held.delete(idOf(one));
    },
  };
};

/**
 * Reads every message of a queue once, however many there are, and puts back what was not taken, also when it is
 * interrupted or fails. Nothing is ever lost: a message that could not be put back shows itself again by itself.
 */
export const readMessages = async (queue: Queue, options: ReadOptions = {}): Promise<void> => {
  const { take = async () => [], enough = () => false, signal, onProgress = () => {} } = options;
  const expected = await hint(queue);
  const hidden = Math.ceil(Math.min(hideSeconds.most, hideSeconds.least + expected * hideSeconds.perMessage));
  const reading = readingOf(expected);
  try {
    while (!reading.isComplete() && !enough() && !signal?.aborted) {
      const fresh = reading.add(await receive(queue, hidden));
      if (fresh.length > 0) reading.forget(await take(fresh));
      onProgress(reading.seen());
    }
  } finally {
    await putBack(queue, reading.held());
  }
};
