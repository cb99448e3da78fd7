import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Tenant, trustedTenant } from '../kernel/tenant';

/** The key of a storefront key's row: only hashes of keys are stored. */
const storefrontRow = (storefrontKey: string): string =>
  `#STOREFRONT#${createHash('sha256').update(storefrontKey).digest('hex')}`;

/** The table of tenants and their storefront keys. */
export const tenantStore = (table: string, db: DynamoDBDocumentClient) => ({
  /** Which tenant a storefront key belongs to. */
  ofStorefront: async (storefrontKey: string): Promise<Tenant | undefined> => {
    const { Item } = await db.send(
      new GetCommand({ TableName: table, Key: { tenantId: storefrontRow(storefrontKey) } }),
    );
    return typeof Item?.storefrontTenant === 'string' ? trustedTenant(Item.storefrontTenant) : undefined;
  },
});

export type TenantStore = ReturnType<typeof tenantStore>;
