import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { ttlCache } from '../kernel/ttl-cache';

const limits = { entries: 1000, ageMs: 60_000 };

/** Which tenant a storefront key belongs to. Only hashes of keys are stored; an answer is kept for a minute. */
export const storefrontStore = (table: string, db: DynamoDBDocumentClient, now: () => number = Date.now) => {
  const cache = ttlCache<Tenant>(limits, now);
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
