import type { SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { asNewestVersion } from '../../contracts/events/earlier-versions';
import { asError } from '../error';
import { pointerTo } from '../http/input';

/** The part of an event that the consumer wrapper needs. */
export type Consumable = { readonly id: string; readonly type: string; readonly correlationid: string };

/** A message that parsed. */
export type Readable<Event> = { readonly record: SQSRecord; readonly event: Event };

/** A message that no contract accepts, with the error. */
export type Unreadable = { readonly record: SQSRecord; readonly event: undefined; readonly error: Error };

/** No contract accepts the message. The error text names the wrong fields, never their values, since it is logged. */
class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnreadableMessageError('body is not JSON', { cause });
  }
};

const parse = <Event>(schema: z.ZodType<Event>, body: string): Event => {
  const event = parseJson(body);
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const newest = schema.safeParse(asNewestVersion(event));
  if (newest.success) return newest.data;
  const wrong = newest.error.issues.slice(0, 5).map(({ path, code }) => `${pointerTo(path)} (${code})`);
  throw new UnreadableMessageError(`no event contract accepts it: ${wrong.join(', ')}`);
};

export const readMessage = <Event>(schema: z.ZodType<Event>, record: SQSRecord): Readable<Event> | Unreadable => {
  try {
    return { record, event: parse(schema, record.body) };
  } catch (error) {
    return { record, event: undefined, error: asError(error) };
  }
};

/** Returns the queue's name: the last part of its ARN. */
export const queueNameOf = ({ eventSourceARN }: SQSRecord): string =>
  eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);

/** Returns how often SQS has delivered the message, including after killed workers, timeouts and throttles. */
export const receivesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

/** Returns how often a handler has failed on the message before; 0 when the attribute is not a number. */
export const failuresOf = ({ messageAttributes }: SQSRecord): number => {
  const count = messageAttributes.failures?.stringValue ?? '';
  return /^\d{1,3}$/.test(count) ? Number(count) : 0;
};

/** Returns the attributes that the publisher set. Others stem from an earlier failure and are stale. */
export const publishedAttributes = ({ messageAttributes }: SQSRecord): Record<string, string> =>
  Object.fromEntries(
    ['type', 'tenantId'].flatMap((name) => {
      const value = messageAttributes[name]?.stringValue;
      return value ? [[name, value]] : [];
    }),
  );
