import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Tenant, tenantKey } from '../kernel/tenant';
import { ttlCache } from '../kernel/ttl-cache';
import { notOrder } from './order-claim';
import { defaultSettings, TenantSettings } from './tenant-settings';

const limits = { entries: 1000, ageMs: 30_000 };

/** Where the copy of a tenant's settings is kept. */
export const settingsKey = (tenant: Tenant) => ({ orderId: tenantKey(tenant, 'SETTINGS'), createdAt: notOrder });

/** The copies of the tenants' settings. A warm function keeps what it read, or did not find, for 30 seconds. */
export const tenantSettingsStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = ttlCache<TenantSettings>(limits, now);
  const read = async (tenant: Tenant): Promise<TenantSettings> => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: settingsKey(tenant) }));
    return Item === undefined ? defaultSettings : TenantSettings.parse(Item);
  };

  return { of: (tenant: Tenant): Promise<TenantSettings> => cache.read(tenant, () => read(tenant)) };
};

export type TenantSettingsStore = ReturnType<typeof tenantSettingsStore>;
