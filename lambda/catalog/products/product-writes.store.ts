import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { tenantKey } from '../../kernel/tenant';
import { availabilityOf, type Product, type ProductKey } from './product';

export type CatalogTables = { readonly products: string; readonly categories: string };

/** A product as it was read, if it existed, and its next version. */
export type ProductChange = { readonly before?: Product | undefined; readonly next: Product };

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of a transaction. `category` is the one that is missing when the write's condition fails. */
type Write = { readonly action: Action; readonly category?: string };

/** Lists are read backwards: those on sale come first, and within each rank the newest. */
export const ranks = { retired: 1, 'off-sale': 2, 'sold-out': 3, 'on-sale': 4 } as const;

export const listOfAll = 'PRODUCTS';
export const listOfCategory = (categoryId: string): string => `CATEGORY#${categoryId}`;
export const categoryKey = ({ tenant }: Pick<ProductKey, 'tenant'>, categoryId: string): string =>
  tenantKey(tenant, `CATEGORY#${categoryId}`);

/** Returns the sort key of a product in its lists, or undefined for a deleted one. */
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
        : { ConditionExpression: 'version = :before', ExpressionAttributeValues: { ':before': before.version } }),
    },
  },
});

/** The key of the row that puts a product into a category's list. */
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

/** Returns the updates of the categories' product counts. Their conditions fail for unknown categories. */
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
        UpdateExpression: 'ADD products :by', // the count is no part of the category's version
        ConditionExpression: 'attribute_exists(categoryId)',
        ExpressionAttributeValues: { ':by': by },
      },
    },
  }));
};

/** Returns the writes of one transaction for all changes. */
export const writesOf = (tables: CatalogTables, changes: readonly ProductChange[]): Write[] => [
  ...changes.map((change) => productWrite(tables, change)),
  ...changes.flatMap((change) => memberWrites(tables, change).map((action) => ({ action }))),
  ...countWrites(tables, changes),
];

const failed = ({ Code }: CancellationReason) => Code === 'ConditionalCheckFailed';

/** Returns the unknown categories that cancelled a transaction of these writes. */
export const missingCategories = (writes: readonly Write[], error: TransactionCanceledException): string[] => {
  const reasons = error.CancellationReasons ?? [];
  return writes.flatMap(({ category }, index) => {
    const reason = reasons[index];
    return category !== undefined && reason !== undefined && failed(reason) ? [category] : [];
  });
};

/** Whether a failed condition cancelled the transaction. */
export const isRefused = (error: unknown): error is TransactionCanceledException =>
  error instanceof TransactionCanceledException && (error.CancellationReasons ?? []).some(failed);
