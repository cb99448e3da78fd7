import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Tenant, tenantKey } from '../kernel/tenant';
import { notOrder } from './order-claim';
import type { Product } from './place-order';
import type { TenantSettings } from './tenant-settings';
import { settingsKey } from './tenant-settings.store';

/** A copy, with the version of what it is a copy of. */
type Versioned<Copy> = Copy & { readonly version: number };

/** A storefront key as the order service knows it: by its hash. One that was deleted opens no tenant's shop. */
export type StorefrontKeyCopy = { readonly hash: string; readonly tenant: Tenant | undefined };

/** Where the copy of a storefront key is kept. */
export const storefrontKeyOf = (hash: string) => ({ orderId: `#STOREFRONT#${hash}`, createdAt: notOrder });

/**
 * What the order service keeps of other services' data, as their events tell it. A copy that is older than what is there,
 * or as old, changes nothing: events come in any order, and more than once.
 */
export const copyStore = (
  tables: { readonly orders: string; readonly products: string },
  db: DynamoDBDocumentClient,
) => {
  const keep = async (table: string, row: Versioned<Record<string, unknown>>): Promise<void> => {
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
      keep(tables.products, { ...product, productId: tenantKey(tenant, product.productId) }),

    settings: (tenant: Tenant, settings: Versioned<TenantSettings>): Promise<void> =>
      keep(tables.orders, { ...settings, ...settingsKey(tenant) }),

    storefrontKey: ({ hash, tenant, version }: Versioned<StorefrontKeyCopy>): Promise<void> =>
      keep(tables.orders, { ...storefrontKeyOf(hash), storefrontTenant: tenant, version }),
  };
};

export type CopyStore = ReturnType<typeof copyStore>;
