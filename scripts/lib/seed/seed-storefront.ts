import { createHash, randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { CommandError } from '../command';
import type { Tables } from '../system/tables';
import { until } from '../wait';

const timeoutMs = 60_000;

const rowOf = (tenant: string, hash: string, at: string) => ({
  tenantId: `#STOREFRONT#${hash}`,
  storefrontTenant: tenant,
  keyTenant: tenant,
  keyId: `seed-${hash.slice(0, 12)}`,
  hash,
  createdAt: at,
  updatedAt: at,
  version: 1,
  correlationId: `seed-${randomUUID()}`,
  fact: { type: 'StorefrontKeyCreated' },
});

/** Only the key's hash is stored. A key that is another tenant's, or was deleted, is left alone. */
const write = async ({ db, called }: Tables, tenant: string, hash: string): Promise<void> => {
  const Item = rowOf(tenant, hash, new Date().toISOString());
  const TableName = called('tenants');
  try {
    const ConditionExpression = 'attribute_not_exists(tenantId)';
    await db.send(new PutCommand({ TableName, Item, ConditionExpression }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const Key = { tenantId: Item.tenantId };
    const { Item: known } = await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    if (known?.storefrontTenant !== tenant)
      throw new CommandError('--storefront-key: this key belongs to another tenant already, or was deleted');
  }
};

/** Lets whoever sends the key buy from the tenant, and waits until the order service has received it. */
export const openStorefront = async (tables: Tables, tenant: string, key: string): Promise<void> => {
  const { db, called } = tables;
  const hash = createHash('sha256').update(key).digest('hex');
  await write(tables, tenant, hash);
  const Key = { orderId: `#STOREFRONT#${hash}`, createdAt: '-' };
  const received = await until(
    async () => {
      const { Item } = await db.send(new GetCommand({ TableName: called('orders'), Key, ConsistentRead: true }));
      return Item?.storefrontTenant === tenant ? true : undefined;
    },
    { timeoutMs },
  );
  if (received === undefined)
    throw new CommandError('The order service has not received the storefront key: see "npm run logs".');
};
