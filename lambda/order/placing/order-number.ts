import { createHmac } from 'node:crypto';
import type { Secrets } from '../../kernel/aws/secret';
import { blockSupply } from '../../kernel/block-supply';
import { hashToken } from '../../kernel/http/token-hash';
import type { Tenant } from '../../kernel/tenant';
import type { Order, OrderKey } from '../domain/order';

const blockSizes = { first: 20, largest: 160 };

/** Returns the readable order ID for a number, with at least six digits: `ORD-000001`. */
export const orderCode = (number: number): string => `ORD-${String(number).padStart(6, '0')}`;

/** Hands out order codes from blocks per tenant. Unused numbers of a function that ends leave a gap. */
export const orderNumbers = (takeNumbers: (tenant: Tenant, size: number) => Promise<number>) =>
  blockSupply(async (tenant, size) => {
    const first = await takeNumbers(tenant, size);
    return Array.from({ length: size }, (_, index) => orderCode(first + index));
  }, blockSizes);

/** Returns the tracking token of an order. It is derived from the secret, so that only its hash is stored. */
export const trackingToken = ({ signing }: Pick<Secrets, 'signing'>, { tenant, orderId }: OrderKey): string =>
  createHmac('sha256', signing).update(`${tenant}#${orderId}`).digest('base64url');

/** Returns the token that the order was placed with, whichever of the valid secrets it was derived from. */
export const trackingTokenOf = ({ signing, good }: Secrets, order: Order): string => {
  const tokens = good.map((secret) => trackingToken({ signing: secret }, order));
  return tokens.find((token) => hashToken(token) === order.trackingTokenHash) ?? trackingToken({ signing }, order);
};
