import { StorefrontKey } from '../../contracts/api/request-headers';
import { type ProblemAnswer, refuse } from '../../kernel/http/answer';
import { type Caller, callerFrom, guest } from '../../kernel/http/caller';
import type { Incoming } from '../../kernel/http/request';
import { defaultTenant } from '../../kernel/tenant';
import type { StorefrontStore, TenantSettingsStore } from '../shop/shop.store';
import { termsOf } from '../shop/tenant-settings';

export type OrderCallerDeps = {
  readonly storefronts: Pick<StorefrontStore, 'tenantOf'>;
  readonly settings: Pick<TenantSettingsStore, 'of'>;
  /** Returns the caller of a bearer token, or undefined when the token is invalid. */
  readonly bearer: (authorization: string) => Promise<Caller | undefined>;
};

/** API Gateway passes an authorizer context on routes that have an authorizer, and none on the others. */
const isVerified = (authorizer: unknown): boolean =>
  typeof authorizer === 'object' && authorizer !== null && 'tenant' in authorizer;

const invalidToken = refuse('InvalidToken', 'The token is invalid or has expired. Sign in again.', {
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
});

const shopOf = async (storefronts: OrderCallerDeps['storefronts'], key: string | undefined) => {
  if (key === undefined) return defaultTenant;
  return StorefrontKey.safeParse(key).success ? storefronts.tenantOf(key) : undefined;
};

/**
 * Returns the caller who places an order: the user of the authorizer's context or of the token, or a guest of the shop
 * with the storefront key. Most callers are guests, so `POST /orders` has no authorizer: it would cost each order a
 * call.
 */
export const orderCaller =
  ({ storefronts, settings, bearer }: OrderCallerDeps) =>
  async ({ header, authorizer }: Incoming): Promise<Caller | ProblemAnswer> => {
    if (isVerified(authorizer)) return callerFrom(authorizer);
    const authorization = header('authorization');
    if (authorization !== undefined) return (await bearer(authorization)) ?? invalidToken;
    const tenant = await shopOf(storefronts, header('x-storefront-key'));
    return tenant === undefined
      ? refuse('UnknownStorefrontKey', 'The X-Storefront-Key is unknown.')
      : guest(tenant, termsOf(await settings.of(tenant)));
  };
