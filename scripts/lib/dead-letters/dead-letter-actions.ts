import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type DeadLetter, toDeadLetter } from './dead-letter';
import { type Held, type Queue, type ReadOptions, readMessages, removeMessage } from './dead-letter-queue';
import { type Route, type Routes, routeOf } from './dead-letter-route';

/** What was done with one dead letter, or why it was not. */
export type Deed = {
  readonly action: 'redrive' | 'delete';
  readonly deadLetter: DeadLetter;
  readonly to?: readonly string[];
  readonly problem?: string;
};

export type ActOptions = Pick<ReadOptions, 'signal'> & {
  /** Called after each dead letter; before a dead letter is deleted, too. A throw stops the run and leaves the rest in place. */
  readonly note?: (deed: Deed) => Promise<void> | void;
  readonly onProgress?: (done: number, of: number) => void;
};

export type Outcome = { readonly deeds: readonly Deed[]; readonly missing: readonly string[] };

/** Every dead letter of the queue, oldest failure first. They are hidden from others only while they are being read. */
export const listDeadLetters = async (
  queue: Queue,
  options: Omit<ReadOptions, 'take' | 'enough'> = {},
): Promise<DeadLetter[]> => {
  const deadLetters: DeadLetter[] = [];
  const take = async (held: readonly Held[]) => {
    deadLetters.push(...held.map(({ message }) => toDeadLetter(message)));
    return [];
  };
  await readMessages(queue, { ...options, take });
  return deadLetters.sort((one, other) => one.failedAt.localeCompare(other.failedAt));
};

/** Does something with each of the wanted dead letters, ten at a time; the queue's others are left alone. */
const actOn = async (
  queue: Queue,
  messageIds: readonly string[],
  act: (held: Held) => Promise<Deed>,
  { signal, onProgress = () => {} }: ActOptions,
): Promise<Outcome> => {
  const wanted = new Set(messageIds);
  const deeds: Deed[] = [];
  const take = async (held: readonly Held[]) => {
    const ours = held.filter(({ message }) => wanted.has(message.MessageId ?? ''));
    const done = await Promise.all(ours.map(act));
    deeds.push(...done);
    onProgress(deeds.length, wanted.size);
    return ours.filter((_, index) => done[index]?.problem === undefined);
  };
  await readMessages(queue, { take, enough: () => deeds.length === wanted.size, ...(signal ? { signal } : {}) });
  const found = new Set(deeds.map(({ deadLetter }) => deadLetter.messageId));
  return { deeds, missing: messageIds.filter((messageId) => !found.has(messageId)) };
};

const kept = ['type', 'tenantId']; // what the publisher set; what the parking added would be stale

const keptAttributes = ({ attributes }: DeadLetter) =>
  Object.fromEntries(
    kept.flatMap((name) => {
      const StringValue = attributes[name];
      return StringValue ? [[name, { DataType: 'String', StringValue }]] : [];
    }),
  );

export type RedriveQueue = Queue & {
  /** URLs of the queues by name. */
  readonly queueUrls: Readonly<Record<string, string>>;
  readonly routes: Routes;
};

const send = async ({ sqs, queueUrls }: RedriveQueue, deadLetter: DeadLetter, to: readonly string[]): Promise<void> => {
  for (const name of to) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrls[name],
        MessageBody: deadLetter.body,
        MessageAttributes: keptAttributes(deadLetter),
      }),
    );
  }
};

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const redriveOne = async (queue: RedriveQueue, held: Held, route: Route): Promise<string | undefined> => {
  if ('problem' in route) return route.problem;
  try {
    await send(queue, toDeadLetter(held.message), route.to);
    await removeMessage(queue, held); // after the send: a crash in between leaves it twice, never nowhere
    return undefined;
  } catch (error) {
    return textOf(error);
  }
};

/** Sends dead letters back where they came from and takes them out of the queue. One that cannot go stays and says why. */
export const redriveDeadLetters = (
  queue: RedriveQueue,
  messageIds: readonly string[],
  options: ActOptions = {},
): Promise<Outcome> => {
  const act = async (held: Held): Promise<Deed> => {
    const deadLetter = toDeadLetter(held.message);
    const route = routeOf(deadLetter, queue.routes);
    const problem = await redriveOne(queue, held, route);
    const to = 'to' in route ? route.to : [];
    const deed = { action: 'redrive', deadLetter, to, ...(problem === undefined ? {} : { problem }) } as const;
    await options.note?.(deed);
    return deed;
  };
  return actOn(queue, messageIds, act, options);
};

/** Deletes dead letters for good; each is noted before it goes. */
export const deleteDeadLetters = (
  queue: Queue,
  messageIds: readonly string[],
  options: ActOptions = {},
): Promise<Outcome> => {
  const act = async (held: Held): Promise<Deed> => {
    const deed = { action: 'delete', deadLetter: toDeadLetter(held.message) } as const;
    await options.note?.(deed);
    try {
      await removeMessage(queue, held);
      return deed;
    } catch (error) {
      const failed = { ...deed, problem: textOf(error) };
      await options.note?.(failed);
      return failed;
    }
  };
  return actOn(queue, messageIds, act, options);
};
