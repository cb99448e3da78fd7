import { createHmac, timingSafeEqual } from 'node:crypto';
import type * as z from 'zod';
import { fieldErrors } from '../../kernel/http/input';
import type { WebhookRefusal } from '../providers/provider';

const toleranceSeconds = 300;
const maxErrors = 20;
const minKeyBytes = 8; // an empty key would match anybody's signature

/** The claims of a signed message: its time, the signed bytes, and the signatures. */
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
 * Returns why a message is rejected, or undefined for one signed with a key within 300 seconds. Every signature is
 * compared with every key in constant time.
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

/** Refuses a signed body with wrong fields. */
export const unreadable = (issues: readonly z.core.$ZodIssue[], root = ''): WebhookRefusal => ({
  refused: 'unreadable',
  errors: fieldErrors(issues, root).slice(0, maxErrors),
});

/** Returns the body as JSON, or undefined when it is not JSON. */
export const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};
