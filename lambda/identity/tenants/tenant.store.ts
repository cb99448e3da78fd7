import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { tenantSettings } from '../../contracts/tenant-events';
import { batchGet, cancellationCodes, isTransactionConflict } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import { type Origin, originColumns } from '../../kernel/http/caller';
import { retry } from '../../kernel/retry';
import { type Tenant, trustedTenant } from '../../kernel/tenant';
import type { StorefrontKey, TenantAccount } from './tenant';

const Key = z.object({ keyId: z.string(), hash: z.string(), createdAt: z.iso.datetime() });

const written = {
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
  correlationId: z.string(),
};

/** A tenant's item in the tenants table, also as a stream image. */
const TenantRow = z.object({
  tenantId: z.string(),
  ...tenantSettings,
  storefrontKeys: z.array(Key),
  requestHash: z.string(),
  ...written,
  fact: z.object({ type: z.enum(['TenantCreated', 'TenantUpdated', 'StorefrontKeysChanged']), ...originColumns }),
});

/** The index partition that lists all tenants by ID. */
export const tenantList = 'TENANT';

export const tenantRow = ({ tenant, ...rest }: TenantAccount) => ({
  ...rest,
  tenantId: tenant as string,
  kind: tenantList,
});

/** Parses a tenant's row. Throws when its shape is wrong. */
export const tenantFromRow = (item: unknown): TenantAccount => {
  const { tenantId, ...rest } = TenantRow.parse(item);
  return { ...rest, tenant: trustedTenant(tenantId) };
};

/** A storefront key's item, under the key's hash; the key itself is not stored. */
const StorefrontRow = z.object({
  tenantId: z.string().startsWith('#STOREFRONT#'),
  /** The tenant of the key, also after its deletion. */
  keyTenant: z.string(),
  keyId: z.string(),
  hash: z.string(),
  ...written,
  fact: z.object({ type: z.enum(['StorefrontKeyCreated', 'StorefrontKeyDeleted']), ...originColumns }),
});
export type StorefrontRow = z.infer<typeof StorefrontRow>;

export const storefrontFromRow = (item: unknown): StorefrontRow => StorefrontRow.parse(item);

export const isStorefrontRow = ({ tenantId }: Readonly<Record<string, unknown>>): boolean =>
  String(tenantId).startsWith('#STOREFRONT#');

export const hashOf = (storefrontKey: string): string => createHash('sha256').update(storefrontKey).digest('hex');

export const storefrontRowKey = (hash: string): string => `#STOREFRONT#${hash}`;

/** The fields that a key's row takes from the tenant's version written with it. */
type Written = { readonly correlationId: string; readonly fact: Origin };

/** Returns the row of a new key. It has `storefrontTenant` as long as the key is valid. */
export const storefrontRow = (
  tenant: Tenant,
  { keyId, hash, createdAt }: StorefrontKey,
  { correlationId, fact: { actor, network } }: Written,
): StorefrontRow & { storefrontTenant: string } => ({
  tenantId: storefrontRowKey(hash),
  storefrontTenant: tenant,
  keyTenant: tenant,
  keyId,
  hash,
  createdAt,
  updatedAt: createdAt,
  version: 1,
  correlationId,
  fact: { type: 'StorefrontKeyCreated', actor, network },
});

/** Returns the tombstone of a deleted key, so that it is never reused. */
export const deletedStorefrontRow = (
  tenant: Tenant,
  key: StorefrontKey,
  account: Written & Pick<TenantAccount, 'updatedAt'>,
): StorefrontRow => {
  const { storefrontTenant: _, ...row } = storefrontRow(tenant, key, account);
  return { ...row, version: 2, updatedAt: account.updatedAt, fact: { ...row.fact, type: 'StorefrontKeyDeleted' } };
};

type Tenants = { readonly table: string; readonly db: DynamoDBDocumentClient };

const isNew = { ConditionExpression: 'attribute_not_exists(tenantId)' };
const follows = ({ version }: TenantAccount) => ({
  ConditionExpression: 'version = :previous',
  ExpressionAttributeValues: { ':previous': version - 1 },
});

/** Returns false when a condition failed. Retries on transaction conflicts. */
const unlessRefused = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await retry(write, isTransactionConflict);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (cancellationCodes(error).includes('ConditionalCheckFailed')) return false;
    throw error;
  }
};

type Page = { readonly limit: number; readonly after?: string | undefined };

const list = async ({ table, db }: Tenants, { limit, after }: Page) => {
  const { Items = [], LastEvaluatedKey } = await db.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byName',
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': tenantList },
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : { kind: tenantList, tenantId: after },
    }),
  );
  const rows = await batchGet(
    db,
    table,
    Items.map(({ tenantId }) => ({ tenantId })),
  );
  const byKey = new Map(rows.map((row) => [String(row.tenantId), row]));
  const found = Items.flatMap(({ tenantId }) => byKey.get(String(tenantId)) ?? []);
  const next = LastEvaluatedKey === undefined ? undefined : String(LastEvaluatedKey.tenantId);
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
