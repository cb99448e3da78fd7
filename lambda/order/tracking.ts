import { createHmac } from 'node:crypto';
import type { Secrets } from '../kernel/secret';
import { hashToken } from '../kernel/tracking-token';
import type { Order, OrderKey } from './order';

/** The token that opens one order to its guest. Made again from the secret for a repeated request, so only its hash is stored. */
export const trackingToken = ({ signing }: Pick<Secrets, 'signing'>, { tenant, orderId }: OrderKey): string =>
  createHmac('sha256', signing).update(`${tenant}#${orderId}`).digest('base64url');

/** Returns the token that an order has had from the start, whichever of the good secrets it was made from. */
export const trackingTokenOf = ({ signing, good }: Secrets, order: Order): string => {
  const tokens = good.map((secret) => trackingToken({ signing: secret }, order));
  return tokens.find((token) => hashToken(token) === order.trackingTokenHash) ?? trackingToken({ signing }, order);
};
