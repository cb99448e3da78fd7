import { type DynamoDBDocumentClient, GetCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet, cancellationCodes, queryPage, transact } from '../../kernel/dynamodb/dynamodb';
import { readableRows } from '../../kernel/dynamodb/index-list';
import type { PageKey } from '../../kernel/http/list-page';
import { parseTenantKey, type Tenant, tenantKey } from '../../kernel/tenant';
import { categoryKey } from '../products/product-writes.store';

/** A category of a tenant's products. */
export type Category = {
  readonly tenant: Tenant;
  readonly categoryId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
};

/** The key of one category in the whole system. */
export type CategoryKey = Pick<Category, 'tenant' | 'categoryId'>;

export const createCategory = (key: CategoryKey, name: string, at: string): Category => ({
  ...key,
  name,
  createdAt: at,
  updatedAt: at,
  version: 1,
});

/** Returns the renamed category, or the same object when the name is unchanged. */
export const renameCategory = (category: Category, name: string, at: string): Category =>
  category.name === name ? category : { ...category, name, updatedAt: at, version: category.version + 1 };

/** Returns the form by which names must be unique in a tenant. It ignores case and character width. */
const comparedName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

const prefix = 'CATEGORY#';

const CategoryRow = z.object({
  categoryId: z.string(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
});

const fromRow = (item: unknown): Category => {
  const { categoryId: key, ...rest } = CategoryRow.parse(item);
  const { tenant, id } = parseTenantKey(key);
  return { ...rest, tenant, categoryId: id.slice(prefix.length) };
};

type Categories = { readonly table: string; readonly db: DynamoDBDocumentClient };
type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

/** The key of the row that reserves a name, so that no two categories have it. */
const nameKey = ({ tenant, name }: Pick<Category, 'tenant' | 'name'>) => ({
  categoryId: tenantKey(tenant, `NAME#${comparedName(name)}`),
});

const claim = ({ table }: Categories, category: Category): Actions[number] => ({
  Put: {
    TableName: table,
    Item: { ...nameKey(category), namedCategory: category.categoryId },
    ConditionExpression: 'attribute_not_exists(categoryId)',
  },
});

const unclaim = ({ table }: Categories, category: Category): Actions[number] => ({
  Delete: { TableName: table, Key: nameKey(category) },
});

/** Returns the indexes of the writes whose conditions failed. Empty when all were written. */
const write = async ({ db }: Categories, actions: Actions): Promise<number[]> => {
  const cancelled = await transact(db, actions);
  const refused = cancellationCodes(cancelled).flatMap((code, index) =>
    code === 'ConditionalCheckFailed' ? [index] : [],
  );
  if (cancelled !== undefined && refused.length === 0) throw cancelled;
  return refused;
};

const get = async ({ table, db }: Categories, key: CategoryKey): Promise<Category | undefined> => {
  const Key = { categoryId: categoryKey(key, key.categoryId) };
  const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item === undefined ? undefined : fromRow(Item);
};

const create = async (categories: Categories, category: Category): Promise<'created' | 'id-taken' | 'name-taken'> => {
  const { tenant, categoryId, ...rest } = category;
  const Item = { ...rest, categoryId: categoryKey(category, categoryId), list: tenantKey(tenant, 'CATEGORIES') };
  const put = { TableName: categories.table, Item, ConditionExpression: 'attribute_not_exists(categoryId)' };
  const refused = await write(categories, [{ Put: put }, claim(categories, category)]);
  if (refused.includes(0)) return 'id-taken';
  return refused.length > 0 ? 'name-taken' : 'created';
};

const rename = async (
  categories: Categories,
  before: Category,
  next: Category,
): Promise<'renamed' | 'changed' | 'name-taken'> => {
  const update = {
    TableName: categories.table,
    Key: { categoryId: categoryKey(next, next.categoryId) },
    UpdateExpression: 'SET #name = :name, updatedAt = :at, version = :next',
    ConditionExpression: 'version = :before',
    ExpressionAttributeNames: { '#name': 'name' },
    ExpressionAttributeValues: {
      ':name': next.name,
      ':at': next.updatedAt,
      ':next': next.version,
      ':before': before.version,
    },
  };
  const sameName = comparedName(before.name) === comparedName(next.name);
  const claims = sameName ? [] : [claim(categories, next), unclaim(categories, before)];
  const refused = await write(categories, [{ Update: update }, ...claims]);
  if (refused.includes(0)) return 'changed';
  return refused.length > 0 ? 'name-taken' : 'renamed';
};

const remove = async (categories: Categories, category: Category): Promise<'removed' | 'changed' | 'in-use'> => {
  const deletion = {
    TableName: categories.table,
    Key: { categoryId: categoryKey(category, category.categoryId) },
    ConditionExpression: 'version = :before AND (attribute_not_exists(products) OR products = :none)',
    ExpressionAttributeValues: { ':before': category.version, ':none': 0 },
  };
  const refused = await write(categories, [{ Delete: deletion }, unclaim(categories, category)]);
  if (refused.length === 0) return 'removed';
  const now = await get(categories, category);
  return now?.version === category.version ? 'in-use' : 'changed';
};

const getMany = async ({ table, db }: Categories, keys: readonly string[]): Promise<Category[]> => {
  const wanted = keys.map((categoryId) => ({ categoryId }));
  return readableRows(await batchGet(db, table, wanted, { ConsistentRead: true }), fromRow);
};

const list = async (
  categories: Categories,
  tenant: Tenant,
  { limit, start }: { limit: number; start?: PageKey | undefined },
): Promise<{ items: Category[]; next?: PageKey | undefined }> => {
  const { rows, next } = await queryPage(categories.db, {
    TableName: categories.table,
    IndexName: 'byList',
    KeyConditionExpression: '#list = :list',
    ExpressionAttributeNames: { '#list': 'list' },
    ExpressionAttributeValues: { ':list': tenantKey(tenant, 'CATEGORIES') },
    Limit: limit,
    ExclusiveStartKey: start,
  });
  const keys = rows.map(({ categoryId }) => String(categoryId));
  const found = new Map((await getMany(categories, keys)).map((one) => [categoryKey(one, one.categoryId), one]));
  return { items: keys.flatMap((key) => found.get(key) ?? []), next: next as PageKey | undefined };
};

/** The categories table: categories with their product counts, and rows that reserve their names. */
export const categoryStore = (table: string, db: DynamoDBDocumentClient) => {
  const categories = { table, db };
  return {
    get: (key: CategoryKey): Promise<Category | undefined> => get(categories, key),

    /** Returns those of the IDs that exist. */
    existing: async (tenant: Tenant, categoryIds: readonly string[]): Promise<ReadonlySet<string>> => {
      const found = await getMany(
        categories,
        categoryIds.map((categoryId) => categoryKey({ tenant }, categoryId)),
      );
      return new Set(found.map(({ categoryId }) => categoryId));
    },

    /** Returns one page of a tenant's categories by ID. Eventually consistent. */
    list: (tenant: Tenant, page: { readonly limit: number; readonly start?: PageKey | undefined }) =>
      list(categories, tenant, page),

    create: (category: Category) => create(categories, category),

    /** Writes the next version. Returns `changed` when another writer was faster. */
    rename: (before: Category, next: Category) => rename(categories, before, next),

    /** Deletes an empty category. Returns `in-use` when it has products. */
    remove: (category: Category) => remove(categories, category),
  };
};

export type CategoryStore = ReturnType<typeof categoryStore>;
