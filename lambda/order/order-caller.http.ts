import { StorefrontKey } from '../contracts/order-api';
import type { ProblemAnswer } from '../kernel/answer';
import { type Caller, guest } from '../kernel/caller';
import type { Incoming } from '../kernel/http-request';
import { defaultTenant } from '../kernel/tenant';
import { refuse } from './order.http';
import type { StorefrontStore } from './storefront.store';

export type OrderCallerDeps = {
  readonly storefronts: Pick<StorefrontStore, 'tenantOf'>;
  /** Whom a bearer token names, if it is good for anything. */
  readonly bearer: (authorization: string) => Promise<Caller | undefined>;
};

const invalidToken: ProblemAnswer = {
  ...refuse(401, 'InvalidToken', 'The token is not valid, or no longer.'),
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};

/**
 * Who places an order: whom the token names, or a guest in the shop of the storefront key. Guests are by far the most,
 * so they are told apart here instead of by the API's authorizer, which would cost each order one more call.
 */
export const orderCaller =
  ({ storefronts, bearer }: OrderCallerDeps) =>
  async ({ header }: Incoming): Promise<Caller | ProblemAnswer> => {
    const authorization = header('authorization');
    if (authorization !== undefined) return (await bearer(authorization)) ?? invalidToken;
    const key = header('x-storefront-key');
    if (key === undefined) return guest(defaultTenant);
    const tenant = StorefrontKey.safeParse(key).success ? await storefronts.tenantOf(key) : undefined;
    return tenant === undefined
      ? refuse(401, 'UnknownStorefrontKey', 'No storefront has this X-Storefront-Key.')
      : guest(tenant);
  };
