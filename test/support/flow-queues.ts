import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { queueUrl, sqs } from './flow';

const attributes = { type: { DataType: 'String', StringValue: 'OrderPlaced.v1' } };

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

/** Looks through the dead-letter queue and leaves it as it was. */
export const deadLetters = async (matches: (message: Message) => boolean): Promise<Message[]> => {
  const QueueUrl = await queueUrl('order-processing-dlq');
  const found = new Map<string, Message>();
  for (let empty = 0; empty < 2; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 2, // long enough to see each once, short enough to leave no trace
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    const fresh = Messages.filter(({ MessageId = '' }) => !found.has(MessageId));
    for (const message of fresh) found.set(message.MessageId ?? '', message);
    empty = fresh.length === 0 ? empty + 1 : 0;
  }
  return [...found.values()].filter(matches);
};

/** Takes a message out of the dead-letter queue for good. */
export const forget = async (messages: readonly Message[]) => {
  const QueueUrl = await queueUrl('order-processing-dlq');
  for (const { ReceiptHandle } of messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
};

export const attributeOf = ({ MessageAttributes = {} }: Message, name: string) => MessageAttributes[name]?.StringValue;
