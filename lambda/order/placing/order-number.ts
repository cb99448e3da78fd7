import { createHmac } from 'node:crypto';
import type { Secrets } from '../../kernel/aws/secret';
import { hashToken } from '../../kernel/http/tracking-token';
import type { Tenant } from '../../kernel/tenant';
import type { Order, OrderKey } from '../domain/order';

const blockSize = 20;

/** The human code that is the order's ID: at least six digits. */
export const orderCode = (number: number): string => `ORD-${String(number).padStart(6, '0')}`;

type Block = { next: number; end: number };

/**
 * Gives out order codes of one tenant after another from blocks, so that most orders need no write for their number.
 * What a function has not used when it ends is a gap; no code is ever given twice.
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
      if (blocks.get(tenant) === pending) blocks.delete(tenant); // unless another request has refilled it meanwhile
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

/** The token that opens one order to its guest. Made again from the secret for a repeated request, so only its hash is stored. */
export const trackingToken = ({ signing }: Pick<Secrets, 'signing'>, { tenant, orderId }: OrderKey): string =>
  createHmac('sha256', signing).update(`${tenant}#${orderId}`).digest('base64url');

/** Returns the token that an order has had from the start, whichever of the good secrets it was made from. */
export const trackingTokenOf = ({ signing, good }: Secrets, order: Order): string => {
  const tokens = good.map((secret) => trackingToken({ signing: secret }, order));
  return tokens.find((token) => hashToken(token) === order.trackingTokenHash) ?? trackingToken({ signing }, order);
};
