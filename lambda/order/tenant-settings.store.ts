import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Tenant, tenantKey } from '../kernel/tenant';
import { notOrder } from './order-claim';
import { defaultSettings, TenantSettings } from './tenant-settings';

const limits = { tenants: 1000, ageMs: 30_000 };

/** Where the copy of a tenant's settings is kept. */
export const settingsKey = (tenant: Tenant) => ({ orderId: tenantKey(tenant, 'SETTINGS'), createdAt: notOrder });

/** The copies of the tenants' settings. A warm function keeps what it read, or did not find, for 30 seconds. */
export const tenantSettingsStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = new Map<Tenant, { settings: TenantSettings; readAt: number }>();

  return {
    of: async (tenant: Tenant): Promise<TenantSettings> => {
      const known = cache.get(tenant);
      if (known !== undefined && now() - known.readAt < limits.ageMs) return known.settings;
      const { Item } = await db.send(new GetCommand({ TableName: table, Key: settingsKey(tenant) }));
      const settings = Item === undefined ? defaultSettings : TenantSettings.parse(Item);
      cache.delete(tenant); // so that the map's order is the order of reading, oldest first
      cache.set(tenant, { settings, readAt: now() });
      const oldest = cache.keys().next().value;
      if (cache.size > limits.tenants && oldest !== undefined) cache.delete(oldest);
      return settings;
    },
  };
};

export type TenantSettingsStore = ReturnType<typeof tenantSettingsStore>;
