import type { TenantEvent } from '../../contracts/events/tenant-events';
import type { Origin } from '../../kernel/http/caller';
import type { TenantAccount } from './tenant';
import { isStorefrontRow, type StorefrontRow, storefrontFromRow, tenantFromRow } from './tenant-row';

type Written = Pick<TenantAccount, 'version' | 'updatedAt' | 'correlationId'> & { readonly fact: Origin };

const envelope = (tenant: string, subject: string, { version, updatedAt, correlationId, fact }: Written) => ({
  specversion: '1.0' as const,
  id: `${tenant}/${subject}:${version}`,
  source: '/tenants',
  subject,
  time: updatedAt,
  datacontenttype: 'application/json' as const,
  tenantid: tenant,
  correlationid: correlationId,
  actor: fact.actor,
  network: fact.network,
});

const keyEvent = (row: StorefrontRow): TenantEvent => {
  const { keyTenant, keyId, hash, version, fact } = row;
  const data = { tenantId: keyTenant, keyId, hash, version };
  return { ...envelope(keyTenant, keyId, row), type: `${fact.type}.v1`, data };
};

const accountEvent = (account: TenantAccount): TenantEvent | undefined => {
  const { tenant, version, fact, name, status, currency, taxRatesBps, backorders, backorderHours, limits, payments } =
    account;
  if (fact.type === 'StorefrontKeysChanged') return undefined; // the key's own row has the event
  const settings = { name, status, currency, taxRatesBps, backorders, backorderHours, limits, payments };
  return {
    ...envelope(tenant, tenant, account),
    type: `${fact.type}.v1`,
    data: { tenantId: tenant, version, ...settings },
  };
};

/** Returns the event of the newest fact of a tenant or a storefront key, undefined when the fact is internal. */
export const tenantEvent = (image: Record<string, unknown>): TenantEvent | undefined =>
  isStorefrontRow(image) ? keyEvent(storefrontFromRow(image)) : accountEvent(tenantFromRow(image));
