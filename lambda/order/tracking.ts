import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { OrderKey } from './order';

/** The token that opens one order to its guest. Made again from the secret for a repeated request, so only its hash is stored. */
export const trackingToken = (secret: string, { tenant, orderId }: OrderKey): string =>
  createHmac('sha256', secret).update(`${tenant}#${orderId}`).digest('base64url');

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Compares in constant time. */
export const opens = (token: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hash.padEnd(43).slice(0, 43)));
