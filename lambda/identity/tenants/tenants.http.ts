import { createHash } from 'node:crypto';
import * as z from 'zod';
import { page } from '../../contracts/api/page';
import { CreateTenantRequest, type TenantView, UpdateTenantRequest } from '../../contracts/api/tenant-api';
import { currencyWarnings } from '../../contracts/values/payment-methods';
import { defaultSelling } from '../../contracts/values/selling';
import { TenantId } from '../../contracts/values/text';
import type { Secrets } from '../../kernel/aws/secret';
import { accept } from '../../kernel/decision';
import { type Answer, isProblem, refuse } from '../../kernel/http/answer';
import { etag, parseBody, parseQuery } from '../../kernel/http/input';
import { answerPage, type PageAfter } from '../../kernel/http/list-page';
import type { Request, Route } from '../../kernel/http/route';
import { type Tenant, trustedTenant } from '../../kernel/tenant';
import { mismatch, momentOf, readChange } from '../identity.http';
import type { Directory } from '../sign-in/directory.gateway';
import {
  addStorefrontKey,
  changeTenant,
  dropStorefrontKey,
  openTenant,
  type TenantAccount,
  updateTenant,
} from './tenant';
import type { TenantStore } from './tenant.store';
import { hashOf } from './tenant-row';

export type TenantsDeps = {
  readonly tenants: Pick<TenantStore, 'get' | 'create' | 'save' | 'list' | 'saveWithKey' | 'saveWithoutKey'>;
  /** Missing when an external provider keeps the accounts; the first admin is created there. */
  readonly directory: Pick<Directory, 'invite' | 'find'> | undefined;
  readonly cursorSecret: Secrets;
  /** Returns a random storefront key. */
  readonly newStorefrontKey: () => string;
  readonly now: () => Date;
};

const notFound = refuse('TenantNotFound', 'There is no such tenant.');
const exists = refuse('TenantExists', 'There is a tenant of this name already.');

/** Returns warnings about the currency; none for an offline shop with the default currency. */
const warningsOf = ({ currency, payments }: TenantAccount): string[] | undefined => {
  if (payments === 'offline' && currency === defaultSelling.currency) return undefined;
  const warnings = currencyWarnings(currency);
  return warnings.length === 0 ? undefined : warnings;
};

const view = (account: TenantAccount): TenantView => {
  const { tenant, requestHash: _hash, correlationId: _id, fact: _fact, storefrontKeys, ...settings } = account;
  const keys = storefrontKeys.map(({ keyId, createdAt }) => ({ keyId, createdAt }));
  return { ...settings, tenantId: tenant, storefrontKeys: keys, warnings: warningsOf(account) };
};

const shown = (account: TenantAccount, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  body: view(account),
  headers: { ...etag(account.version), ...headers },
});

/** Returns the tenant in the path, undefined when the caller may not access it. */
const accessibleTenant = ({ caller, scope, pathParameter }: Request): Tenant | undefined => {
  const parsed = TenantId.safeParse(pathParameter('tenantId'));
  if (!parsed.success || (scope !== 'all' && parsed.data !== caller.tenant)) return undefined;
  return trustedTenant(parsed.data);
};

const createTenant =
  ({ tenants, directory, now }: TenantsDeps): Route =>
  async (request) => {
    const parsed = parseBody(request, CreateTenantRequest);
    if (isProblem(parsed)) return parsed;
    const { tenantId, admin, ...settings } = parsed.body;
    const tenant = trustedTenant(tenantId); // only a platform admin may call this
    const requestHash = createHash('sha256').update(JSON.stringify(parsed.body)).digest('hex');
    const opened = openTenant(tenant, settings, requestHash, momentOf(request, now));
    const account = (await tenants.create(opened)) ? opened : await tenants.get(tenant);
    if (account === undefined || account.requestHash !== requestHash) return exists;
    await inviteAdmin(directory, tenant, admin);
    return shown(account, 201, { location: `/tenants/${tenant}` });
  };

/** Invites the first admin, once: a repeated request sends no second invitation. */
const inviteAdmin = async (
  directory: TenantsDeps['directory'],
  tenant: Tenant,
  admin: CreateTenantRequest['admin'],
): Promise<void> => {
  if (directory === undefined || admin === undefined) return;
  const account = { tenant, email: admin.email };
  const known = await directory.find(account);
  if (known?.status === 'RESET_REQUIRED' || known?.status === 'CONFIRMED') return;
  await directory.invite(account, { roles: ['tenant-admin'], displayName: admin.displayName });
};

const Mark = z.object({ tenantId: z.string() });

const listTenants =
  ({ tenants, cursorSecret }: TenantsDeps): Route =>
  async (request) => {
    const parsed = parseQuery(request, z.object(page));
    if (isProblem(parsed)) return parsed;
    const list = { secret: cursorSecret, scope: { tenant: request.caller.tenant, list: 'tenants' }, key: Mark };
    const read = async ({ limit, after }: PageAfter<z.output<typeof Mark>>) => {
      const { items, next } = await tenants.list({ limit, after: after?.tenantId });
      return { items, next: next === undefined ? undefined : { tenantId: next } };
    };
    return answerPage(parsed.query, list, read, view);
  };

const getTenant =
  ({ tenants }: TenantsDeps): Route =>
  async (request) => {
    const tenant = accessibleTenant(request);
    const account = tenant && (await tenants.get(tenant));
    if (account === undefined) return notFound;
    const tag = etag(account.version);
    return request.header('if-none-match') === tag.etag ? { status: 304, headers: tag } : shown(account);
  };

const update =
  ({ tenants, now }: TenantsDeps): Route =>
  async (request) => {
    const parsed = readChange(request, UpdateTenantRequest);
    if (isProblem(parsed)) return parsed;
    const tenant = accessibleTenant(request);
    if (tenant === undefined) return notFound;
    let version = 0;
    const decision = await changeTenant(tenants, tenant, (account) => {
      version = account.version;
      const decided = updateTenant(account, parsed.change, parsed.expected, momentOf(request, now));
      return decided.accepted ? { accepted: true, fact: { account: decided.fact, write: tenants.save } } : decided;
    });
    if (decision.accepted) return shown(decision.fact.account);
    return decision.reason === 'unknown' ? notFound : mismatch[decision.reason](version);
  };

/** Returns the routes of tenants, by operation. */
export const tenantAdminRoutes = (deps: TenantsDeps) => ({
  createTenant: createTenant(deps),
  listTenants: listTenants(deps),
  getTenant: getTenant(deps),
  updateTenant: update(deps),
});

const tooMany = refuse(
  'TooManyStorefrontKeys',
  'The tenant already has two keys. Delete the one that is no longer in use.',
);
const unknownKey = refuse('StorefrontKeyNotFound', 'The tenant has no storefront key with this ID.');

const createKey =
  ({ tenants, newStorefrontKey, now }: TenantsDeps): Route =>
  async (request) => {
    const tenant = accessibleTenant(request);
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
    const tenant = accessibleTenant(request);
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

/** Returns the routes of storefront keys, by operation. */
export const storefrontKeyRoutes = (deps: TenantsDeps) => ({
  createStorefrontKey: createKey(deps),
  deleteStorefrontKey: deleteKey(deps),
});
