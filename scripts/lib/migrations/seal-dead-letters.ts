import { type Message, type MessageAttributeValue, SendMessageCommand } from '@aws-sdk/client-sqs';
import { toDeadLetter } from '../dead-letters/dead-letter';
import { type Held, type Queue, readMessages, removeMessage } from '../dead-letters/dead-letter-queue';
import type { Migration, Page, Position } from './migration';
import { type PersonalRows, personalRows, type Row } from './personal-fields';
import { isPlainEvent, isPlainRow, type Sealer } from './sealer';

/** A dead-letter queue, by its bare name. */
export type DeadLetterQueue = Queue & { readonly name: string };

type Deps = { readonly queues: readonly DeadLetterQueue[]; readonly sealer: Sealer };

const bodyOf = ({ Body = '' }: Message): Row | undefined => {
  try {
    const body: unknown = JSON.parse(Body);
    return typeof body === 'object' && body !== null ? (body as Row) : undefined;
  } catch {
    return undefined; // what is no JSON is left as it is
  }
};

const rowsIn = (queue: string): PersonalRows | undefined =>
  personalRows.find(({ relayDeadLetters }) => relayDeadLetters === queue);

const isPlain = (message: Message, rows: PersonalRows | undefined): boolean => {
  const body = bodyOf(message);
  if (body === undefined) return false;
  return rows !== undefined && body[rows.key[0]] !== undefined ? isPlainRow(body, rows) : isPlainEvent(body);
};

const sealedBody = async (message: Message, rows: PersonalRows | undefined, sealer: Sealer): Promise<Row> => {
  const body = bodyOf(message) ?? {};
  if (rows !== undefined && body[rows.key[0]] !== undefined) return { ...body, ...(await sealer.row(body, rows)) };
  return (await sealer.event(body)) ?? body;
};

const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

/** The attributes of a message, and what SQS alone knew of it: where it came from and when it failed. */
const attributesOf = (message: Message, body: Row): Record<string, MessageAttributeValue> => {
  const { movedFrom, failedAt } = toDeadLetter(message);
  const { MessageAttributes = {} } = message;
  const { type } = body;
  return {
    failedAt: text(failedAt),
    ...(movedFrom === undefined ? {} : { sourceQueue: text(movedFrom) }),
    ...Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { DataType = 'String', StringValue, BinaryValue }]) => [
        name,
        BinaryValue === undefined ? { DataType, StringValue } : { DataType, BinaryValue },
      ]),
    ),
    ...(typeof type === 'string' && MessageAttributes.type !== undefined ? { type: text(type) } : {}),
    ...(typeof type === 'string' && MessageAttributes.eventType !== undefined ? { eventType: text(type) } : {}),
  };
};

/** Sends a message sealed and removes it then: whatever ends this in between leaves it twice, never nowhere. */
const replace = async (queue: DeadLetterQueue, held: Held, sealer: Sealer): Promise<void> => {
  const body = await sealedBody(held.message, rowsIn(queue.name), sealer);
  await queue.sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.queueUrl,
      MessageBody: JSON.stringify(body),
      MessageAttributes: attributesOf(held.message, body),
    }),
  );
  await removeMessage(queue, held);
};

/** A queue is one page: it has no order in which one could go on. */
const pageOf = async ({ queues, sealer }: Deps, { cursor, dryRun }: Position): Promise<Page> => {
  const at = Number(cursor ?? 0);
  const queue = queues[at];
  if (queue === undefined) return { seen: 0, found: 0 };
  const rows = rowsIn(queue.name);
  let [seen, found] = [0, 0];
  const take = async (held: readonly Held[]): Promise<readonly Held[]> => {
    const plain = held.filter(({ message }) => isPlain(message, rows));
    seen += held.length;
    found += plain.length;
    if (dryRun) return [];
    for (const one of plain) await replace(queue, one, sealer);
    return plain;
  };
  await readMessages(queue, { take });
  return { seen: dryRun ? seen : seen - found, found, next: at + 1 < queues.length ? String(at + 1) : undefined };
};

/** Seals text about people in messages that were parked. */
export const sealDeadLetters = (deps: Deps): Migration => ({
  service: 'dead-letters',
  number: 1,
  title: 'personal data sealed',
  of: 'messages',
  page: (at) => pageOf(deps, at),
});
