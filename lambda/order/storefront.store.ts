import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Tenant, trustedTenant } from '../kernel/tenant';

const cacheMs = 60_000;

/** Which tenant a storefront key belongs to. Only hashes of keys are stored; an answer is kept for a minute. */
export const storefrontStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = new Map<string, { tenant: Tenant; readAt: number }>();

  return {
    tenantOf: async (storefrontKey: string): Promise<Tenant | undefined> => {
      const hash = createHash('sha256').update(storefrontKey).digest('hex');
      const known = cache.get(hash);
      if (known !== undefined && now() - known.readAt < cacheMs) return known.tenant;
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: { orderId: `#STOREFRONT#${hash}`, createdAt: '-' } }),
      );
      if (typeof Item?.storefrontTenant !== 'string') return undefined;
      const tenant = trustedTenant(Item.storefrontTenant);
      cache.set(hash, { tenant, readAt: now() });
      return tenant;
    },
  };
};

export type StorefrontStore = ReturnType<typeof storefrontStore>;
