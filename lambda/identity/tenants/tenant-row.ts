import { createHash } from 'node:crypto';
import * as z from 'zod';
import { tenantSettings } from '../../contracts/events/tenant-events';
import { type Origin, originColumns } from '../../kernel/http/caller';
import { type Tenant, trustedTenant } from '../../kernel/tenant';
import type { StorefrontKey, TenantAccount } from './tenant';

const Key = z.object({ keyId: z.string(), hash: z.string(), createdAt: z.iso.datetime() });

const written = {
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
  correlationId: z.string(),
};

/** A tenant's item in the tenants table, also as a stream image. */
const TenantRow = z.object({
  tenantId: z.string(),
  ...tenantSettings,
  storefrontKeys: z.array(Key),
  requestHash: z.string(),
  ...written,
  fact: z.object({ type: z.enum(['TenantCreated', 'TenantUpdated', 'StorefrontKeysChanged']), ...originColumns }),
});

/** The index partition that lists all tenants by ID. */
export const tenantList = 'TENANT';

export const tenantRow = ({ tenant, ...rest }: TenantAccount) => ({
  ...rest,
  tenantId: tenant as string,
  kind: tenantList,
});

/** Parses a tenant's row. Throws when its shape is wrong. */
export const tenantFromRow = (item: unknown): TenantAccount => {
  const { tenantId, ...rest } = TenantRow.parse(item);
  return { ...rest, tenant: trustedTenant(tenantId) };
};

/** A storefront key's item, under the key's hash; the key itself is not stored. */
const StorefrontRow = z.object({
  tenantId: z.string().startsWith('#STOREFRONT#'),
  /** The tenant of the key, also after its deletion. */
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

/** The fields that a key's row takes from the tenant's version written with it. */
type Written = { readonly correlationId: string; readonly fact: Origin };

/** Returns the row of a new key. It has `storefrontTenant` as long as the key is valid. */
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

/** Returns the tombstone of a deleted key, so that it is never reused. */
export const deletedStorefrontRow = (
  tenant: Tenant,
  key: StorefrontKey,
  account: Written & Pick<TenantAccount, 'updatedAt'>,
): StorefrontRow => {
  const { storefrontTenant: _, ...row } = storefrontRow(tenant, key, account);
  return { ...row, version: 2, updatedAt: account.updatedAt, fact: { ...row.fact, type: 'StorefrontKeyDeleted' } };
};
