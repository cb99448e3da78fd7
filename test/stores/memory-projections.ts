import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import type { Product } from '../../lambda/order/placing/place-order';
import type { ProductReadStore, ShopStore, TenantSettingsStore } from '../../lambda/order/shop/shop.store';
import { defaultSettings, TenantSettings } from '../../lambda/order/shop/tenant-settings';
import { type Io, stored } from './io';

type Versioned<Copy> = Copy & { readonly version: number };

/** What the order service keeps of others' data. */
export type ProjectionsTable = {
  readonly products: Map<string, Versioned<Product>>;
  readonly settings: Map<Tenant, Versioned<TenantSettings>>;
  readonly storefronts: Map<string, Versioned<{ readonly tenant: Tenant | undefined }>>;
};

export const projectionsTable = (): ProjectionsTable => ({
  products: new Map(),
  settings: new Map(),
  storefronts: new Map(),
});

const keepNewer = <Copy>(copies: Map<string, Versioned<Copy>>, key: string, copy: Versioned<Copy>): void => {
  if ((copies.get(key)?.version ?? 0) < copy.version) copies.set(key, stored(copy));
};

/** The copy store over tables in memory. It keeps the same promises as the one on DynamoDB. */
export const memoryProjectionStore = (table: ProjectionsTable, io: Io): ShopStore => ({
  product: (tenant, product) =>
    io('copies.product', () => keepNewer(table.products, tenantKey(tenant, product.productId), product)),
  settings: (tenant, settings) => io('copies.settings', () => keepNewer(table.settings, tenant, settings)),
  storefrontKey: ({ hash, ...copy }) => io('copies.storefrontKey', () => keepNewer(table.storefronts, hash, copy)),
});

/** The product copies as orders are placed from them, read anew each time. */
export const memoryProductProjections = (table: ProjectionsTable, io: Io): ProductReadStore => ({
  find: (tenant, productIds) =>
    io('copies.find', () => {
      const found = productIds.flatMap((productId) => table.products.get(tenantKey(tenant, productId)) ?? []);
      return new Map(found.map(({ version: _, ...product }) => [product.productId, product]));
    }),
});

/** The settings as they are decided by, read anew each time. */
export const memoryTenantSettings = (table: ProjectionsTable, io: Io): TenantSettingsStore => ({
  of: (tenant) =>
    io('copies.settingsOf', () => {
      const row = table.settings.get(tenant);
      return row === undefined ? defaultSettings : TenantSettings.parse(row);
    }),
});
