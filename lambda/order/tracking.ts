import { createHmac } from 'node:crypto';
import type { OrderKey } from './order';

/** The token that opens one order to its guest. Made again from the secret for a repeated request, so only its hash is stored. */
export const trackingToken = (secret: string, { tenant, orderId }: OrderKey): string =>
  createHmac('sha256', secret).update(`${tenant}#${orderId}`).digest('base64url');
