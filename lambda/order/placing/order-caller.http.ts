import { StorefrontKey } from '../../contracts/request-headers';
import { type Caller, callerFrom, guest } from '../../kernel/http/caller';
import type { ProblemAnswer } from '../../kernel/http/http';
import type { Incoming } from '../../kernel/http/request';
import { defaultTenant } from '../../kernel/tenant';
import { refuse } from '../order.http';
import type { StorefrontStore, TenantSettingsStore } from '../shop/shop.store';
import { termsOf } from '../shop/tenant-settings';

export type OrderCallerDeps = {
  readonly storefronts: Pick<StorefrontStore, 'tenantOf'>;
  readonly settings: Pick<TenantSettingsStore, 'of'>;
  /** Whom a bearer token names, if it is good for anything. */
  readonly bearer: (authorization: string) => Promise<Caller | undefined>;
};

/** API Gateway hands over what its authorizer said on the routes that it asks it for, and nothing of the kind elsewhere. */
const isVerified = (authorizer: unknown): boolean =>
  typeof authorizer === 'object' && authorizer !== null && 'tenant' in authorizer;

const invalidToken: ProblemAnswer = {
  ...refuse(401, 'InvalidToken', 'The token is not valid, or no longer.'),
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
};

const shopOf = async (storefronts: OrderCallerDeps['storefronts'], key: string | undefined) => {
  if (key === undefined) return defaultTenant;
  return StorefrontKey.safeParse(key).success ? storefronts.tenantOf(key) : undefined;
};

/**
 * Who places an order: whom the API's authorizer verified or the token names, or a guest in the shop of the storefront
 * key. Guests are by far the most, so they are told apart here instead of by the API's authorizer, which would cost each
 * order one more call.
 */
export const orderCaller =
  ({ storefronts, settings, bearer }: OrderCallerDeps) =>
  async ({ header, authorizer }: Incoming): Promise<Caller | ProblemAnswer> => {
    if (isVerified(authorizer)) return callerFrom(authorizer);
    const authorization = header('authorization');
    if (authorization !== undefined) return (await bearer(authorization)) ?? invalidToken;
    const tenant = await shopOf(storefronts, header('x-storefront-key'));
    return tenant === undefined
      ? refuse(401, 'UnknownStorefrontKey', 'X-Storefront-Key is not the key of a storefront.')
      : guest(tenant, termsOf(await settings.of(tenant)));
  };
