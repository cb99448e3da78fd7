import { createHash } from 'node:crypto';
import * as z from 'zod';
import { tenantSettings } from '../contracts/tenant-events';
import { type Origin, originColumns } from '../kernel/actor';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import type { StorefrontKey, TenantAccount } from './tenant-account';

const Key = z.object({ keyId: z.string(), hash: z.string(), createdAt: z.iso.datetime() });

const written = {
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
  correlationId: z.string(),
};

/** An item of the tenants table that is a tenant; a stream image is one too. */
const TenantRow = z.object({
  tenantId: z.string(),
  ...tenantSettings,
  storefrontKeys: z.array(Key),
  requestHash: z.string(),
  ...written,
  fact: z.object({ type: z.enum(['TenantCreated', 'TenantUpdated', 'StorefrontKeysChanged']), ...originColumns }),
});

/** All tenants are one list, by their names. */
export const tenantList = 'TENANT';

export const tenantRow = ({ tenant, ...rest }: TenantAccount) => ({
  ...rest,
  tenantId: tenant as string,
  kind: tenantList,
});

/** Throws when the item is not a tenant that this version knows. */
export const tenantFromRow = (item: unknown): TenantAccount => {
  const { tenantId, ...rest } = TenantRow.parse(item);
  return { ...rest, tenant: trustedTenant(tenantId) };
};

/** An item that is a storefront key: found by its hash, so that the key itself is nowhere. */
const StorefrontRow = z.object({
  tenantId: z.string().startsWith('#STOREFRONT#'),
  /** Whose key it is, also when it is deleted. */
  keyTenant: z.string(),
  keyId: z.string(),
  hash: z.string(),
  ...written,
  fact: z.object({ type: z.enum(['StorefrontKeyCreated', 'StorefrontKeyDeleted']), ...originColumns }),
});
export type StorefrontRow = z.infer<typeof StorefrontRow>;

export const storefrontFromRow = (item: unknown): StorefrontRow => StorefrontRow.parse(item);

export const isStorefrontRow = ({ tenantId }: Readonly<Record<string, unknown>>): boolean =>
  String(tenantId).startsWith('#STOREFRONT#');

export const hashOf = (storefrontKey: string): string => createHash('sha256').update(storefrontKey).digest('hex');

export const storefrontRowKey = (hash: string): string => `#STOREFRONT#${hash}`;

/** What a key's row takes over from the version of its tenant that is written with it. */
type Written = { readonly correlationId: string; readonly fact: Origin };

/** The row of a new key. `storefrontTenant` is there as long as the key opens the shop. */
export const storefrontRow = (
  tenant: Tenant,
  { keyId, hash, createdAt }: StorefrontKey,
  { correlationId, fact: { actor, network } }: Written,
): StorefrontRow & { storefrontTenant: string } => ({
  tenantId: storefrontRowKey(hash),
  storefrontTenant: tenant,
  keyTenant: tenant,
  keyId,
  hash,
  createdAt,
  updatedAt: createdAt,
  version: 1,
  correlationId,
  fact: { type: 'StorefrontKeyCreated', actor, network },
});

/** What stays of a deleted key: nobody gets it again. */
export const deletedStorefrontRow = (
  tenant: Tenant,
  key: StorefrontKey,
  account: Written & Pick<TenantAccount, 'updatedAt'>,
): StorefrontRow => {
  const { storefrontTenant: _, ...row } = storefrontRow(tenant, key, account);
  return { ...row, version: 2, updatedAt: account.updatedAt, fact: { ...row.fact, type: 'StorefrontKeyDeleted' } };
};
