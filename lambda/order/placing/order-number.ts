import { createHmac } from 'node:crypto';
import type { Secrets } from '../../kernel/aws/secret';
import { hashToken } from '../../kernel/http/token-hash';
import type { Tenant } from '../../kernel/tenant';
import type { Order, OrderKey } from '../domain/order';

const blockSize = 20;

/** Returns the readable order ID for a number, with at least six digits: `ORD-000001`. */
export const orderCode = (number: number): string => `ORD-${String(number).padStart(6, '0')}`;

type Block = { next: number; end: number };

/**
 * Hands out order codes from blocks per tenant, so that most orders need no write for their number. Unused numbers of a
 * function that ends leave a gap; no code is used twice.
 */
export const orderNumbers = (takeNumbers: (tenant: Tenant, size: number) => Promise<number>) => {
  const blocks = new Map<Tenant, Promise<Block>>();

  const refill = (tenant: Tenant): Promise<Block> => {
    const block = takeNumbers(tenant, blockSize).then((next) => ({ next, end: next + blockSize }));
    blocks.set(tenant, block);
    block.catch(() => blocks.delete(tenant));
    return block;
  };

  const next = async (tenant: Tenant): Promise<string> => {
    for (;;) {
      const pending = blocks.get(tenant) ?? refill(tenant);
      const block = await pending;
      if (block.next < block.end) {
        block.next += 1;
        return orderCode(block.next - 1);
      }
      if (blocks.get(tenant) === pending) blocks.delete(tenant); // unless another request has refilled it
    }
  };

  return {
    next,
    /** Fetches a tenant's first block ahead of its first order. */
    prepare: async (tenant: Tenant): Promise<void> => {
      await (blocks.get(tenant) ?? refill(tenant));
    },
  };
};

/** Returns the tracking token of an order. It is derived from the secret, so that only its hash is stored. */
export const trackingToken = ({ signing }: Pick<Secrets, 'signing'>, { tenant, orderId }: OrderKey): string =>
  createHmac('sha256', signing).update(`${tenant}#${orderId}`).digest('base64url');

/** Returns the token that the order was placed with, whichever of the valid secrets it was derived from. */
export const trackingTokenOf = ({ signing, good }: Secrets, order: Order): string => {
  const tokens = good.map((secret) => trackingToken({ signing: secret }, order));
  return tokens.find((token) => hashToken(token) === order.trackingTokenHash) ?? trackingToken({ signing }, order);
};
