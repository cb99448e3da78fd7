import type { Message, SQSClient } from '@aws-sdk/client-sqs';

type Stored = { readonly message: Message; hidden: boolean; receives: number };
type Entry = { readonly ReceiptHandle: string };
type Command = {
  readonly constructor: { readonly name: string };
  readonly input: {
    readonly ReceiptHandle?: string;
    readonly Entries?: readonly Entry[];
    readonly MessageBody?: string;
    readonly MessageAttributes?: Message['MessageAttributes'];
  };
};

export type Faults = {
  /** Whether this receive, counted from 0, answers with nothing although there is something. */
  readonly isSilent?: (receive: number) => boolean;
  /** Whether messages show themselves again although they are held. */
  readonly redelivers?: (receive: number) => boolean;
  readonly failSend?: (body: string) => boolean;
  readonly failDelete?: boolean;
};

/** A dead-letter queue in memory, as unreliable as SQS may be, and the messages that were sent from it. */
export const fakeQueue = (messages: readonly Message[], faults: Faults = {}) => {
  const stored = new Map<string, Stored>(
    messages.map((message) => [message.MessageId ?? '', { message, hidden: false, receives: 0 }]),
  );
  const sent: string[] = [];
  const sentAttributes: string[][] = [];
  const log: string[] = [];
  let receives = -1;
  const idOf = (receipt = '') => receipt.slice(0, receipt.indexOf('@'));
  const isCurrent = (receipt = '') => stored.get(idOf(receipt))?.receives === Number(receipt.split('@')[1]);

  const receive = () => {
    receives += 1;
    if (faults.redelivers?.(receives)) for (const one of stored.values()) one.hidden = false;
    if (faults.isSilent?.(receives)) return {};
    const visible = [...stored.values()].filter(({ hidden }) => !hidden).slice(0, 10);
    for (const one of visible) {
      one.hidden = true;
      one.receives += 1;
    }
    return {
      Messages: visible.map(({ message, receives }) => ({
        ...message,
        ReceiptHandle: `${message.MessageId}@${receives}`,
      })),
    };
  };

  const answers: Readonly<Record<string, (input: Command['input']) => unknown>> = {
    GetQueueAttributesCommand: () => ({ Attributes: { ApproximateNumberOfMessages: String(stored.size) } }),
    ReceiveMessageCommand: receive,
    ChangeMessageVisibilityBatchCommand: ({ Entries = [] }) => {
      for (const { ReceiptHandle } of Entries) {
        const one = stored.get(idOf(ReceiptHandle));
        if (one !== undefined && isCurrent(ReceiptHandle)) one.hidden = false;
      }
      return {};
    },
    SendMessageCommand: ({ MessageBody = '', MessageAttributes = {} }) => {
      if (faults.failSend?.(MessageBody)) throw new Error('send failed');
      sent.push(MessageBody);
      sentAttributes.push(Object.keys(MessageAttributes));
      log.push(`send ${MessageBody}`);
      return {};
    },
    DeleteMessageCommand: ({ ReceiptHandle }) => {
      if (faults.failDelete) throw new Error('delete failed');
      stored.delete(idOf(ReceiptHandle));
      log.push(`delete ${idOf(ReceiptHandle)}`);
      return {};
    },
  };
  const send = async ({ constructor: { name }, input }: Command) => answers[name]?.(input);
  return {
    queue: { sqs: { send } as unknown as SQSClient, queueUrl: 'http://localhost/0/dlq' },
    sent,
    sentAttributes,
    log,
    left: () => [...stored.keys()],
    visible: () => [...stored.values()].filter(({ hidden }) => !hidden).map(({ message }) => message.MessageId),
  };
};

/** Messages of the inventory consumer, whose bodies are their numbers. */
export const parked = (count: number): Message[] =>
  Array.from({ length: count }, (_, index) => ({
    MessageId: `m-${index}`,
    Body: String(index),
    MessageAttributes: { sourceQueue: { DataType: 'String', StringValue: 'inventory-queue' } },
  }));
