import type { Message } from '@aws-sdk/client-sqs';

/** A message of a dead-letter queue, as an operator sees it. What the queue does not know is missing. */
export type DeadLetter = {
  readonly messageId: string;
  readonly body: string;
  /** The message attributes, its publisher's and those of its parking. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly eventType: string;
  /** CloudEvents ID of the body, where it has one. */
  readonly eventId?: string;
  readonly consumer: string;
  readonly errorName: string;
  readonly errorMessage: string;
  /** When it failed; when it came into the queue, for one that SQS moved there. */
  readonly failedAt: string;
  /** The queue that SQS says it came from. */
  readonly movedFrom?: string;
};

const unknown = '-';

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** What the body says of itself, if it is JSON at all: old and broken messages must be shown too. */
const envelopeOf = (body: string): { id?: string; type?: string } => {
  try {
    const { id, type } = Object(JSON.parse(body));
    return { ...(typeof id === 'string' ? { id } : {}), ...(typeof type === 'string' ? { type } : {}) };
  } catch {
    return {};
  }
};

const textAttributes = ({ MessageAttributes = {} }: Message): Record<string, string> =>
  Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]));

/** Reads a received message. Every one can be read, whatever is in it. */
export const toDeadLetter = (message: Message): DeadLetter => {
  const { MessageId = '', Body = '' } = message;
  const { SentTimestamp, DeadLetterQueueSourceArn } = message.Attributes ?? {};
  const attributes = textAttributes(message);
  const envelope = envelopeOf(Body);
  return {
    messageId: MessageId,
    body: Body,
    attributes,
    eventType: envelope.type ?? attributes.eventType ?? attributes.type ?? unknown,
    ...(envelope.id === undefined ? {} : { eventId: envelope.id }),
    consumer: attributes.consumer ?? (DeadLetterQueueSourceArn ? nameOf(DeadLetterQueueSourceArn) : unknown),
    errorName: attributes.errorName ?? unknown,
    errorMessage: attributes.errorMessage ?? attributes.ErrorMessage ?? 'moved here without a word by SQS or SNS',
    failedAt: attributes.failedAt ?? new Date(Number(SentTimestamp ?? 0)).toISOString(),
    ...(DeadLetterQueueSourceArn ? { movedFrom: nameOf(DeadLetterQueueSourceArn) } : {}),
  };
};

export type Group = {
  readonly consumer: string;
  readonly eventType: string;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly count: number;
  readonly oldest: string;
  readonly newest: string;
};

/** Groups dead letters by consumer and error, the largest group first. */
export const groupDeadLetters = (deadLetters: readonly DeadLetter[]): Group[] => {
  const groups = new Map<string, Group>();
  const byTime = [...deadLetters].sort((one, other) => one.failedAt.localeCompare(other.failedAt));
  for (const { consumer, eventType, errorName, errorMessage, failedAt } of byTime) {
    const key = JSON.stringify([consumer, eventType, errorName, errorMessage]);
    const { count = 0, oldest = failedAt } = groups.get(key) ?? {};
    const of = { consumer, eventType, errorName, errorMessage };
    groups.set(key, { ...of, count: count + 1, oldest, newest: failedAt });
  }
  return [...groups.values()].sort(
    (one, other) => other.count - one.count || one.consumer.localeCompare(other.consumer),
  );
};

/** Which dead letters an operator means. */
export type Selection = { readonly all: true } | { readonly messageId: string } | { readonly consumer: string };

export const isSelected = (selection: Selection, { messageId, consumer }: DeadLetter): boolean => {
  if ('messageId' in selection) return messageId === selection.messageId;
  if ('consumer' in selection) return consumer === selection.consumer;
  return selection.all;
};
