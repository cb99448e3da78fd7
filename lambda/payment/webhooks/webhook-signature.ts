import { createHmac, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { fieldErrors } from '../../kernel/http/input';
import type { WebhookRefusal } from '../providers/provider';

const toleranceSeconds = 300;
const maxErrors = 20;
const minKeyBytes = 8; // an empty key would be everybody's

/** What a sender claims of one message: when it was signed, the bytes that are signed, and its signatures. */
export type Signed = {
  readonly timestamp: string;
  readonly content: string;
  readonly signatures: readonly string[];
  readonly encoding: 'hex' | 'base64';
};

const equal = (one: string, other: string): boolean => {
  const [mine, theirs] = [Buffer.from(one), Buffer.from(other)];
  return mine.length === theirs.length && timingSafeEqual(mine, theirs);
};

const isFresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= toleranceSeconds;

/**
 * Why a message is not taken for one that a holder of one of the keys has signed within 300 seconds; nothing when it is.
 * Every signature is compared with every key's, in a time that does not tell how much of it was right.
 */
export const refusalOf = (
  { timestamp, content, signatures, encoding }: Signed,
  keys: readonly Buffer[],
  now: Date,
): WebhookRefusal | undefined => {
  const matches = keys
    .filter(({ length }) => length >= minKeyBytes)
    .map((key) => createHmac('sha256', key).update(content, 'utf8').digest(encoding))
    .flatMap((expected) => signatures.map((signature) => equal(expected, signature)));
  if (!matches.includes(true)) return { refused: 'wrong-signature' };
  return isFresh(timestamp, now) ? undefined : { refused: 'too-old' };
};

/** Refuses a signed body in which fields are wrong that are read. */
export const unreadable = (issues: readonly z.core.$ZodIssue[], root = ''): WebhookRefusal => ({
  refused: 'unreadable',
  errors: fieldErrors(issues, root).slice(0, maxErrors),
});

/** The body as JSON, or nothing when it is none. */
export const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
