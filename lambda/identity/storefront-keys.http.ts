import { accept } from '../kernel/decision';
import type { Route } from '../kernel/http';
import { changeTenant } from './change-tenant';
import { momentOf, refuse } from './identity.http';
import { addStorefrontKey, dropStorefrontKey } from './tenant-account';
import { hashOf } from './tenant-row';
import { notFound, reachedTenant, type TenantsDeps } from './tenants.http';

const tooMany = refuse(
  'TooManyStorefrontKeys',
  'Two keys are good already: delete the one that is not in use any more.',
);
const unknownKey = refuse('StorefrontKeyNotFound', 'The tenant has no storefront key of this name.');

const createKey =
  ({ tenants, newStorefrontKey, now }: TenantsDeps): Route =>
  async (request) => {
    const tenant = reachedTenant(request);
    if (tenant === undefined) return notFound;
    const storefrontKey = newStorefrontKey();
    const hash = hashOf(storefrontKey);
    const moment = momentOf(request, now);
    const key = { keyId: `key-${hash.slice(0, 12)}`, hash, createdAt: moment.now.toISOString() };
    const decision = await changeTenant(tenants, tenant, (account) => {
      const decided = addStorefrontKey(account, key, moment);
      if (!decided.accepted) return decided;
      return accept({ account: decided.fact, write: (next) => tenants.saveWithKey(next, key) });
    });
    if (!decision.accepted) return decision.reason === 'unknown' ? notFound : tooMany;
    const { keyId, createdAt } = key;
    const location = `/tenants/${tenant}/storefront-keys/${keyId}`;
    return { status: 201, body: { keyId, createdAt, storefrontKey }, headers: { location } };
  };

const deleteKey =
  ({ tenants, now }: TenantsDeps): Route =>
  async (request) => {
    const tenant = reachedTenant(request);
    if (tenant === undefined) return notFound;
    const decision = await changeTenant(tenants, tenant, (account) => {
      const decided = dropStorefrontKey(account, request.pathParameter('keyId'), momentOf(request, now));
      if (!decided.accepted) return decided;
      const { account: next, key } = decided.fact;
      return accept({ account: next, write: (written) => tenants.saveWithoutKey(written, key) });
    });
    if (decision.accepted) return { status: 204 };
    return decision.reason === 'unknown' ? notFound : unknownKey;
  };

/** The routes of storefront keys, by operation. */
export const storefrontKeyRoutes = (deps: TenantsDeps) => ({
  createStorefrontKey: createKey(deps),
  deleteStorefrontKey: deleteKey(deps),
});
