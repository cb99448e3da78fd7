import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { tenantKey } from '../../kernel/tenant';
import { availabilityOf, type Product, type ProductKey } from './product';

export type CatalogTables = { readonly products: string; readonly categories: string };

/** A product as it was read, when it was there, and as it is to be. */
export type ProductChange = { readonly before?: Product | undefined; readonly next: Product };

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of a transaction, and the category that is missing when its condition fails; else a product has changed. */
type Write = { readonly action: Action; readonly category?: string };

/** Lists are read from the last to the first: what is on sale comes first, and the newest first of each. */
export const ranks = { retired: 1, 'off-sale': 2, 'sold-out': 3, 'on-sale': 4 } as const;

export const listOfAll = 'PRODUCTS';
export const listOfCategory = (categoryId: string): string => `CATEGORY#${categoryId}`;
export const categoryKey = ({ tenant }: Pick<ProductKey, 'tenant'>, categoryId: string): string =>
  tenantKey(tenant, `CATEGORY#${categoryId}`);

/** Where a product stands in its lists; a deleted one stands in none. */
const placeOf = (product: Product): string | undefined =>
  product.life === 'deleted' ? undefined : `${ranks[availabilityOf(product)]}#${product.createdAt}`;

const toRow = ({ tenant, productId, ...rest }: Product) => {
  const place = placeOf({ tenant, productId, ...rest });
  return {
    ...rest,
    productId: tenantKey(tenant, productId),
    ...(place === undefined ? {} : { list: tenantKey(tenant, listOfAll), place }),
  };
};

const productWrite = ({ products }: CatalogTables, { before, next }: ProductChange): Write => ({
  action: {
    Put: {
      TableName: products,
      Item: toRow(next),
      ...(before === undefined
        ? { ConditionExpression: 'attribute_not_exists(productId)' }
        : { ConditionExpression: 'version = :seen', ExpressionAttributeValues: { ':seen': before.version } }),
    },
  },
});

/** That a product is in a category: a row of its own, so that the category's list has it. */
const memberKey = ({ tenant, productId }: ProductKey, categoryId: string) => ({
  productId: tenantKey(tenant, `${listOfCategory(categoryId)}#${productId}`),
});

const enter = ({ products }: CatalogTables, next: Product, categoryId: string): Action => ({
  Put: {
    TableName: products,
    Item: {
      ...memberKey(next, categoryId),
      list: tenantKey(next.tenant, listOfCategory(categoryId)),
      place: placeOf(next),
      assignedAt: next.updatedAt,
    },
  },
});

const leave = ({ products }: CatalogTables, next: Product, categoryId: string): Action => ({
  Delete: { TableName: products, Key: memberKey(next, categoryId) },
});

const move = ({ products }: CatalogTables, next: Product, categoryId: string): Action => ({
  Update: {
    TableName: products,
    Key: memberKey(next, categoryId),
    UpdateExpression: 'SET place = :place',
    ExpressionAttributeValues: { ':place': placeOf(next) },
  },
});

const entered = ({ before, next }: ProductChange) =>
  next.categories.filter((categoryId) => !before?.categories.includes(categoryId));
const left = ({ before, next }: ProductChange) =>
  (before?.categories ?? []).filter((categoryId) => !next.categories.includes(categoryId));

const memberWrites = (tables: CatalogTables, change: ProductChange): Action[] => {
  const { before, next } = change;
  const stays = next.categories.filter((categoryId) => before?.categories.includes(categoryId));
  const moves = before !== undefined && placeOf(before) !== placeOf(next) ? stays : [];
  return [
    ...entered(change).map((categoryId) => enter(tables, next, categoryId)),
    ...left(change).map((categoryId) => leave(tables, next, categoryId)),
    ...moves.map((categoryId) => move(tables, next, categoryId)),
  ];
};

/** Keeps count of a category's products, and fails when there is no such category. */
const countWrites = ({ categories }: CatalogTables, changes: readonly ProductChange[]): Write[] => {
  const counts = new Map<string, { categoryId: string; by: number }>();
  const add = (change: ProductChange, by: number) => (categoryId: string) => {
    const key = categoryKey(change.next, categoryId);
    counts.set(key, { categoryId, by: (counts.get(key)?.by ?? 0) + by });
  };
  for (const change of changes) {
    entered(change).forEach(add(change, 1));
    left(change).forEach(add(change, -1));
  }
  return [...counts].map(([key, { categoryId, by }]) => ({
    category: categoryId,
    action: {
      Update: {
        TableName: categories,
        Key: { categoryId: key },
        UpdateExpression: 'ADD products :by', // no word of the category itself, so its version stays
        ConditionExpression: 'attribute_exists(categoryId)',
        ExpressionAttributeValues: { ':by': by },
      },
    },
  }));
};

/** What is to be written so that the changes happen together. */
export const writesOf = (tables: CatalogTables, changes: readonly ProductChange[]): Write[] => [
  ...changes.map((change) => productWrite(tables, change)),
  ...changes.flatMap((change) => memberWrites(tables, change).map((action) => ({ action }))),
  ...countWrites(tables, changes),
];

const failed = ({ Code }: CancellationReason) => Code === 'ConditionalCheckFailed';

/** The categories that were missing when a transaction of these writes was cancelled. */
export const missingCategories = (writes: readonly Write[], error: TransactionCanceledException): string[] => {
  const reasons = error.CancellationReasons ?? [];
  return writes.flatMap(({ category }, index) => {
    const reason = reasons[index];
    return category !== undefined && reason !== undefined && failed(reason) ? [category] : [];
  });
};

/** Whether a condition cancelled the transaction: something has changed since it was read. */
export const isRefused = (error: unknown): error is TransactionCanceledException =>
  error instanceof TransactionCanceledException && (error.CancellationReasons ?? []).some(failed);
