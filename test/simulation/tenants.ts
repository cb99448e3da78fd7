import type { TenantCreated, TenantUpdated } from '../../lambda/contracts/events/tenant-events';
import type { Tenant } from '../../lambda/kernel/tenant';

/** How a shop is run: what the platform's admins say of it. */
export type TenantAccount = {
  readonly tenant: Tenant;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly backorders: 'allowed' | 'refused';
  readonly payments: 'offline' | 'online';
  readonly version: number;
};

type OnChange = (before: unknown, after: unknown) => void;

export type TenantsTable = { readonly accounts: Map<Tenant, TenantAccount>; readonly onChange: OnChange };

export const tenantsTable = (onChange: OnChange): TenantsTable => ({ accounts: new Map(), onChange });

/** Writes the next version of an account. */
export const putAccount = (table: TenantsTable, next: Omit<TenantAccount, 'version' | 'payments'>): void => {
  const before = table.accounts.get(next.tenant);
  const after = { payments: 'offline' as const, ...before, ...next, version: (before?.version ?? 0) + 1 };
  table.accounts.set(next.tenant, after);
  table.onChange(before, { ...after, fact: { type: 'TenantUpdated' } });
};

/** What the identity service tells of an account. */
export const tenantEvent = (image: Record<string, unknown>): TenantCreated | TenantUpdated => {
  const { tenant, status, backorders, payments, version } = image as TenantAccount;
  return {
    specversion: '1.0',
    id: `${tenant}/${tenant}:${version}`,
    source: '/tenants',
    type: version === 1 ? 'TenantCreated.v1' : 'TenantUpdated.v1',
    subject: tenant,
    time: '2026-11-21T08:00:00.000Z',
    datacontenttype: 'application/json',
    tenantid: tenant,
    correlationid: 'platform',
    data: {
      ...{ tenantId: tenant, version, name: tenant, status, backorders, payments, currency: 'JPY' },
      taxRatesBps: { standard: 1000, reduced: 800 },
      limits: { tenantPerMinute: 6000, callerPerMinute: 1200 },
    },
  };
};
