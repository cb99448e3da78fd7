import { type DynamoDBDocumentClient, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, queryPage, unlessRefused } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { type Tenant, trustedTenant } from '../../kernel/tenant';
import type { StorefrontKey, TenantAccount } from './tenant';
import {
  deletedStorefrontRow,
  hashOf,
  storefrontRow,
  storefrontRowKey,
  tenantFromRow,
  tenantList,
  tenantRow,
} from './tenant-row';

type Tenants = { readonly table: string; readonly db: DynamoDBDocumentClient };

const isNew = { ConditionExpression: 'attribute_not_exists(tenantId)' };
const follows = ({ version }: TenantAccount) => ({
  ConditionExpression: 'version = :previous',
  ExpressionAttributeValues: { ':previous': version - 1 },
});

type Page = { readonly limit: number; readonly after?: string | undefined };

const list = async ({ table, db }: Tenants, { limit, after }: Page) => {
  const { rows: entries, next: last } = await queryPage(db, {
    TableName: table,
    IndexName: 'byName',
    KeyConditionExpression: 'kind = :kind',
    ExpressionAttributeValues: { ':kind': tenantList },
    Limit: limit,
    ExclusiveStartKey: after === undefined ? undefined : { kind: tenantList, tenantId: after },
  });
  const rows = await batchGet(
    db,
    table,
    entries.map(({ tenantId }) => ({ tenantId })),
  );
  const byKey = new Map(rows.map((row) => [String(row.tenantId), row]));
  const found = entries.flatMap(({ tenantId }) => byKey.get(String(tenantId)) ?? []);
  const next = last === undefined ? undefined : String(last.tenantId);
  return { items: readableRows(found, tenantFromRow), next };
};

/** The table of tenants and their storefront keys. Every write checks the previous version. */
export const tenantStore = (table: string, db: DynamoDBDocumentClient) => {
  const both = (account: TenantAccount, key: { Item: object; ConditionExpression: string }) =>
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName: table, Item: tenantRow(account), ...follows(account) } },
        { Put: { TableName: table, Item: { ...key.Item }, ConditionExpression: key.ConditionExpression } },
      ],
    });
  return {
    /** Returns the tenant of a storefront key, undefined for an unknown or deleted one. */
    ofStorefront: async (storefrontKey: string): Promise<Tenant | undefined> => {
      const Key = { tenantId: storefrontRowKey(hashOf(storefrontKey)) };
      const { Item } = await db.send(new GetCommand({ TableName: table, Key }));
      return typeof Item?.storefrontTenant === 'string' ? trustedTenant(Item.storefrontTenant) : undefined;
    },

    get: async (tenant: Tenant): Promise<TenantAccount | undefined> => {
      const { Item } = await db.send(
        new GetCommand({ TableName: table, Key: { tenantId: tenant }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : tenantFromRow(Item);
    },

    /** Returns false when the tenant already exists. */
    create: (account: TenantAccount): Promise<boolean> =>
      unlessRefused(() => db.send(new PutCommand({ TableName: table, Item: tenantRow(account), ...isNew }))),

    /** Writes the next version. Returns false when the stored version has changed. */
    save: (account: TenantAccount): Promise<boolean> =>
      unlessRefused(() => db.send(new PutCommand({ TableName: table, Item: tenantRow(account), ...follows(account) }))),

    /** Writes the next version together with its new key. */
    saveWithKey: (account: TenantAccount, key: StorefrontKey): Promise<boolean> => {
      const Item = storefrontRow(account.tenant, key, account);
      return unlessRefused(() => db.send(both(account, { Item, ...isNew })));
    },

    /** Writes the next version together with the tombstone of its deleted key. */
    saveWithoutKey: (account: TenantAccount, key: StorefrontKey): Promise<boolean> => {
      const Item = deletedStorefrontRow(account.tenant, key, account);
      return unlessRefused(() => db.send(both(account, { Item, ConditionExpression: 'attribute_exists(tenantId)' })));
    },

    /** Returns a page of all tenants by ID, eventually consistent. */
    list: (page: Page) => list({ table, db }, page),
  };
};

export type TenantStore = ReturnType<typeof tenantStore>;
