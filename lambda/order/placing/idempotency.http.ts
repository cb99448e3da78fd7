import { createHash } from 'node:crypto';
import type { PlaceOrderRequest } from '../../contracts/order-api';
import { IdempotencyKey } from '../../contracts/request-headers';
import type { Answer, ProblemAnswer, Request } from '../../kernel/http/http';
import { fieldErrors } from '../../kernel/http/input';
import { refuse, wrongFields } from '../../kernel/http/refusal';
import type { Order } from '../domain/order';
import type { Claim, ClaimHolder } from '../order-row';
import { placedView } from '../order-view';

const claimDays = 7;

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Returns the owner of the key. The prefix keeps a user ID from colliding with `guest`. */
const principalOf = ({ caller: { userId } }: Request) => (userId === undefined ? 'guest' : `user:${userId}`);

export type PlacementRequest = { readonly route: 'POST /orders' | 'POST /order'; readonly body: PlaceOrderRequest };

/**
 * Returns the claim on the request's `Idempotency-Key`, if it has one. A key belongs to a tenant, a principal and a
 * route.
 */
export const claimOf = (
  request: Request,
  { route, body }: PlacementRequest,
  now: Date,
): Claim | ProblemAnswer | undefined => {
  const given = request.header('idempotency-key');
  if (given === undefined) return undefined;
  const parsed = IdempotencyKey.safeParse(given);
  if (!parsed.success) {
    const errors = fieldErrors(parsed.error.issues, '/headers/Idempotency-Key');
    return wrongFields(errors, 'The Idempotency-Key header is invalid.');
  }
  return {
    key: sha256(`${principalOf(request)} ${route} ${parsed.data}`),
    requestHash: sha256(JSON.stringify(body)),
    expiresAt: new Date(now.getTime() + claimDays * 86_400_000),
  };
};

/** Returns the 201 response for a new order or a replayed one. */
export const created = (order: Order, token: string, headers: Record<string, string> = {}): Answer => ({
  status: 201,
  body: placedView(order, token),
  headers: { location: `/orders/${order.orderId}`, ...headers },
});

/** Returns whether the key was used for the same request. */
export const isSame = (claim: Claim, holder: ClaimHolder): boolean => holder.requestHash === claim.requestHash;

export const otherBody = refuse(
  'IdempotencyKeyMismatch',
  'This Idempotency-Key was used with another body. Use a new key for a new request.',
);

export const inUse = refuse('IdempotencyKeyInUse', 'A request with this Idempotency-Key is still running. Try again.', {
  headers: { 'retry-after': '1' },
});
