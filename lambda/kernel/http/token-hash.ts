import { createHash, timingSafeEqual } from 'node:crypto';

/** Returns the stored form of a secret token: its SHA-256. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Whether the token has this hash, compared in constant time. */
export const hasHash = (token: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hash.padEnd(43).slice(0, 43)));
