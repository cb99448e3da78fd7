import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OrderLine } from '../../contracts/events/order-events';
import { Amount, Currency } from '../../contracts/values/money';
import { batchGet } from '../../kernel/dynamodb/dynamodb';
import { type Tenant, tenantKey, trustedTenant } from '../../kernel/tenant';
import { ttlCache } from '../../kernel/ttl-cache';
import { notOrder } from '../order-row';
import type { Product } from '../placing/place-order';
import { defaultSettings, TenantSettings } from './tenant-settings';

const settingsCache = { entries: 1000, ageMs: 30_000 };

/** Returns the row key of a tenant's settings. */
const settingsKey = (tenant: Tenant) => ({ orderId: tenantKey(tenant, 'SETTINGS'), createdAt: notOrder });

/** Reads the projection of the tenants' settings. A result, also a missing one, is cached for 30 seconds. */
export const tenantSettingsStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = ttlCache<TenantSettings>(settingsCache, now);
  const read = async (tenant: Tenant): Promise<TenantSettings> => {
    const { Item } = await db.send(new GetCommand({ TableName: table, Key: settingsKey(tenant) }));
    return Item === undefined ? defaultSettings : TenantSettings.parse(Item);
  };

  return { of: (tenant: Tenant): Promise<TenantSettings> => cache.read(tenant, () => read(tenant)) };
};

export type TenantSettingsStore = ReturnType<typeof tenantSettingsStore>;

const storefrontCache = { entries: 1000, ageMs: 60_000 };

/** Reads the tenant of a storefront key. Only hashes of keys are stored. A result is cached for a minute. */
export const storefrontStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = ttlCache<Tenant>(storefrontCache, now);
  const read = async (hash: string): Promise<Tenant | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { orderId: `#STOREFRONT#${hash}`, createdAt: '-' } }),
    );
    return typeof Item?.storefrontTenant === 'string' ? trustedTenant(Item.storefrontTenant) : undefined;
  };

  return {
    tenantOf: async (storefrontKey: string): Promise<Tenant | undefined> => {
      const hash = createHash('sha256').update(storefrontKey).digest('hex');
      return cache.read(hash, () => read(hash));
    },
  };
};

export type StorefrontStore = ReturnType<typeof storefrontStore>;

/** The fields must satisfy the event schema: otherwise the order's events could not be published. */
const ProductRow = OrderLine.pick({ name: true, taxRateBps: true }).extend({
  price: Amount,
  currency: Currency,
  onSale: z.boolean(),
});

const productCache = { entries: 5000, ageMs: 30_000 };

/**
 * Reads the order service's projection of the catalog. Products are cached for 30 seconds, so an order may be placed at
 * a price that changed in that time. Unknown products are not cached.
 */
export const productReadStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = ttlCache<Product>(productCache, now);

  const read = async (tenant: Tenant, keys: Record<string, unknown>[]): Promise<Product[]> => {
    const at = now();
    const rows = await batchGet(db, table, keys);
    return rows.map((row) => {
      const key = String(row.productId);
      const product = { ...ProductRow.parse(row), productId: key.slice(tenant.length + 1) };
      cache.set(key, product, at);
      return product;
    });
  };

  return {
    /** Returns the products that exist, by ID. */
    find: async (tenant: Tenant, productIds: readonly string[]): Promise<ReadonlyMap<string, Product>> => {
      const cached = productIds.flatMap((productId) => cache.get(tenantKey(tenant, productId)) ?? []);
      const uncached = productIds.filter((productId) => !cached.some((product) => product.productId === productId));
      const keys = uncached.map((productId) => ({ productId: tenantKey(tenant, productId) }));
      // a cached product is used even when it expires while the rest is read
      const found = keys.length > 0 ? await read(tenant, keys) : [];
      return new Map([...cached, ...found].map((product) => [product.productId, product]));
    },
  };
};

export type ProductReadStore = ReturnType<typeof productReadStore>;

/** A projected row with the version of its source. */
type Versioned<Row> = Row & { readonly version: number };

/** The projection of a storefront key, by its hash. A deleted key has no tenant. */
export type StorefrontKeyProjection = { readonly hash: string; readonly tenant: Tenant | undefined };

/** Returns the row key of a storefront key. */
const storefrontKeyOf = (hash: string) => ({ orderId: `#STOREFRONT#${hash}`, createdAt: notOrder });

/**
 * Writes the projections of other services' data. A version that is not newer than the stored one changes nothing,
 * since events come in any order and more than once.
 */
export const shopStore = (
  tables: { readonly orders: string; readonly products: string },
  db: DynamoDBDocumentClient,
) => {
  const putIfNewer = async (table: string, row: Versioned<Record<string, unknown>>): Promise<void> => {
    try {
      await db.send(
        new PutCommand({
          TableName: table,
          Item: row,
          ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': row.version },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  return {
    product: (tenant: Tenant, product: Versioned<Product>): Promise<void> =>
      putIfNewer(tables.products, { ...product, productId: tenantKey(tenant, product.productId) }),

    settings: (tenant: Tenant, settings: Versioned<TenantSettings>): Promise<void> =>
      putIfNewer(tables.orders, { ...settings, ...settingsKey(tenant) }),

    storefrontKey: ({ hash, tenant, version }: Versioned<StorefrontKeyProjection>): Promise<void> =>
      putIfNewer(tables.orders, { ...storefrontKeyOf(hash), storefrontTenant: tenant, version }),
  };
};

export type ShopStore = ReturnType<typeof shopStore>;
