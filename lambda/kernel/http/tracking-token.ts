import { createHash, timingSafeEqual } from 'node:crypto';

/** What is kept of a token that opens one order to its guest. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Compares in constant time. */
export const opens = (token: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hash.padEnd(43).slice(0, 43)));
