import { type Message, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { type Held, readMessages, removeMessage } from '../../scripts/lib/dead-letters/dead-letter-queue';
import { queueUrl, sqs } from './flow';

const attributes = { type: { DataType: 'String', StringValue: 'OrderPlaced.v2' } };

/** Sends bodies to a queue, each under a message ID of its own, ten at a time. */
export const sendAll = async (queueName: string, bodies: readonly unknown[]) => {
  const QueueUrl = await queueUrl(queueName);
  for (let at = 0; at < bodies.length; at += 10) {
    const Entries = bodies.slice(at, at + 10).map((body, index) => ({
      Id: String(index),
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      MessageAttributes: attributes,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
};

const deadLetterQueue = async () => ({ sqs, queueUrl: await queueUrl('order-processing-dlq') });

/** Looks through the dead-letter queue and leaves it as it was. */
export const deadLetters = async (matches: (message: Message) => boolean): Promise<Message[]> => {
  const found: Message[] = [];
  const take = async (held: readonly Held[]) => {
    found.push(...held.map(({ message }) => message).filter(matches));
    return [];
  };
  await readMessages(await deadLetterQueue(), { take });
  return found;
};

/** Takes messages out of the dead-letter queue for good, each after `use` is done with it. */
export const takeDeadLetters = async (
  matches: (message: Message) => boolean,
  use: (message: Message) => Promise<void> = async () => undefined,
) => {
  const queue = await deadLetterQueue();
  const take = async (held: readonly Held[]) => {
    const taken = held.filter(({ message }) => matches(message));
    for (const one of taken) {
      await use(one.message);
      await removeMessage(queue, one);
    }
    return taken;
  };
  await readMessages(queue, { take });
};

export const attributeOf = ({ MessageAttributes = {} }: Message, name: string) => MessageAttributes[name]?.StringValue;
