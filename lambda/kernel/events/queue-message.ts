import type { SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { asError } from '../http/http';
import { pointerTo } from '../http/input';

/** As much of an event as the consumer wrapper needs to know. */
export type Consumable = { readonly id: string; readonly type: string; readonly correlationid: string };

/** A message that parsed. */
export type Readable<Event> = { readonly record: SQSRecord; readonly event: Event };

/** A message that no contract accepts, and why. */
export type Unreadable = { readonly record: SQSRecord; readonly event: undefined; readonly error: Error };

/** No contract accepts the message. Its text names the wrong fields, never their values: it ends up in logs. */
export class UnreadableMessageError extends Error {
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
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.slice(0, 5).map(({ path, code }) => `${pointerTo(path)} (${code})`);
  throw new UnreadableMessageError(`no event contract accepts it: ${wrong.join(', ')}`);
};

export const readMessage = <Event>(schema: z.ZodType<Event>, record: SQSRecord): Readable<Event> | Unreadable => {
  try {
    return { record, event: parse(schema, record.body) };
  } catch (error) {
    return { record, event: undefined, error: asError(error) };
  }
};

/** The last part of the queue's ARN. */
export const queueNameOf = ({ eventSourceARN }: SQSRecord): string =>
  eventSourceARN.slice(eventSourceARN.lastIndexOf(':') + 1);

/** How often SQS has delivered this copy of the message: failures, killed workers, time-outs and throttles alike. */
export const receivesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

/** How often a handler has failed on the message before. Whatever is no count is none. */
export const failuresOf = ({ messageAttributes }: SQSRecord): number => {
  const count = messageAttributes.failures?.stringValue ?? '';
  return /^\d{1,3}$/.test(count) ? Number(count) : 0;
};

/** The attributes that the publisher set. Any others are from an earlier failure and would be stale. */
export const publishedAttributes = ({ messageAttributes }: SQSRecord): Record<string, string> =>
  Object.fromEntries(
    ['type', 'tenantId'].flatMap((name) => {
      const value = messageAttributes[name]?.stringValue;
      return value ? [[name, value]] : [];
    }),
  );
