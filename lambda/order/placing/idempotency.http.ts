import type { PlaceOrderRequest } from '../../contracts/api/order-api';
import type { Claim } from '../../kernel/dynamodb/claim';
import { type Answer, refuse } from '../../kernel/http/answer';
import { optionalClaimOf } from '../../kernel/http/idempotency';
import type { Request } from '../../kernel/http/route';
import type { Order } from '../domain/order';
import type { ClaimHolder } from '../order-row';
import { placedView } from '../order-view';
import type { Personal } from '../personal/personal';

/** Returns the owner of the key. The prefix keeps a user ID from colliding with `guest`. */
const principalOf = ({ caller: { userId } }: Request) => (userId === undefined ? 'guest' : `user:${userId}`);

export type PlacementRequest = { readonly route: 'POST /orders' | 'POST /order'; readonly body: PlaceOrderRequest };

/**
 * Returns the claim on the request's `Idempotency-Key`, if it has one. A key belongs to a tenant, a principal and a
 * route.
 */
export const placingClaimOf = (request: Request, { route, body }: PlacementRequest, now: Date) =>
  optionalClaimOf(request, {
    scope: `${principalOf(request)} ${route}`,
    content: body,
    now,
    detail: 'The Idempotency-Key header is invalid.',
  });

/** Returns the 201 response for a new order or a replayed one. */
export const created = (
  order: Order,
  personal: Personal,
  token: string,
  headers: Record<string, string> = {},
): Answer => ({
  status: 201,
  body: placedView(order, personal, token),
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
