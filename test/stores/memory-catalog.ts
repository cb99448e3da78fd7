import type { CategoryStore } from '../../lambda/catalog/categories/category.store';
import { type Category, type CategoryKey, comparedName } from '../../lambda/catalog/categories/category.store';
import { availabilityOf, type Product } from '../../lambda/catalog/products/product';
import type { ProductList, ProductStore, SaveOutcome } from '../../lambda/catalog/products/product.store';
import { type ProductChange, ranks, writesOf } from '../../lambda/catalog/products/product-writes.store';
import type { PageKey } from '../../lambda/kernel/http/list-page';
import { tenantKey } from '../../lambda/kernel/tenant';
import { directly, type Io, stored } from './io';

/** What is in the tables of a catalog. */
export type CatalogTables = { readonly products: Map<string, Product>; readonly categories: Map<string, Category> };

export const catalogTables = (): CatalogTables => ({ products: new Map(), categories: new Map() });

const productKey = ({ tenant, productId }: Pick<Product, 'tenant' | 'productId'>) => tenantKey(tenant, productId);
const categoryKey = ({ tenant, categoryId }: CategoryKey) => tenantKey(tenant, categoryId);

const save = ({ products, categories }: CatalogTables, changes: readonly ProductChange[]): SaveOutcome => {
  const stale = changes.some(({ before, next }) => products.get(productKey(next))?.version !== before?.version);
  const entered = changes.flatMap(({ before, next }) =>
    next.categories
      .filter((categoryId) => !before?.categories.includes(categoryId))
      .map((categoryId) => ({ tenant: next.tenant, categoryId })),
  );
  const missing = entered.filter((key) => !categories.has(categoryKey(key))).map(({ categoryId }) => categoryId);
  const unknownCategories = [...new Set(missing)];
  if (stale || unknownCategories.length > 0) return { saved: false, unknownCategories };
  for (const { next } of changes) products.set(productKey(next), stored(next));
  return { saved: true };
};

const placeOf = (product: Product) => `${ranks[availabilityOf(product)]}#${product.createdAt}#${product.productId}`;

const list = (
  { products }: CatalogTables,
  which: ProductList,
  page: { limit: number; start?: PageKey | undefined },
) => {
  const found = [...products.values()]
    .filter(({ tenant, life }) => tenant === which.tenant && life !== 'deleted')
    .filter(({ categories }) => which.category === undefined || categories.includes(which.category))
    .filter((product) => {
      const rank = ranks[availabilityOf(product)];
      return rank >= ranks[which.from] && rank <= ranks[which.to];
    })
    .sort((one, other) => placeOf(other).localeCompare(placeOf(one)));
  const from = page.start?.place;
  const rest = from === undefined ? found : found.filter((product) => placeOf(product) < from);
  const items = rest.slice(0, page.limit);
  const last = items.at(-1);
  const next = last !== undefined && rest.length > items.length ? { place: placeOf(last) } : undefined;
  return { productIds: items.map(({ productId }) => productId), next };
};

/** The product store over tables in memory. */
export const memoryProductStore = (tables: CatalogTables, io: Io = directly): ProductStore => ({
  get: (key) => io('products.get', () => stored(tables.products.get(productKey(key)) ?? null) ?? undefined),
  getMany: async (tenant, productIds) => {
    const found = productIds.flatMap((productId) => tables.products.get(tenantKey(tenant, productId)) ?? []);
    return new Map(found.map((product) => [product.productId, stored(product)]));
  },
  save: (...changes) => io('products.save', () => save(tables, changes)),
  countWrites: (changes) => writesOf({ products: 'products', categories: 'categories' }, changes).length,
  list: async (which, page) => list(tables, which, page),
});

/** The category store over tables in memory. */
export const memoryCategoryStore = ({ products, categories }: CatalogTables): CategoryStore => {
  const hasName = (category: Category) =>
    [...categories.values()].some(
      ({ tenant, categoryId, name }) =>
        tenant === category.tenant &&
        categoryId !== category.categoryId &&
        comparedName(name) === comparedName(category.name),
    );
  const isCurrent = (category: Category) => categories.get(categoryKey(category))?.version === category.version;
  return {
    get: async (key) => categories.get(categoryKey(key)),
    existing: async (tenant, ids) => new Set(ids.filter((categoryId) => categories.has(tenantKey(tenant, categoryId)))),
    list: async (tenant, { limit, start }) => {
      const all = [...categories.values()]
        .filter((one) => one.tenant === tenant && one.categoryId > (start?.categoryId ?? ''))
        .sort((one, other) => one.categoryId.localeCompare(other.categoryId));
      const items = all.slice(0, limit);
      const last = items.at(-1);
      return { items, next: last && all.length > items.length ? { categoryId: last.categoryId } : undefined };
    },
    create: async (category) => {
      if (categories.has(categoryKey(category))) return 'id-taken';
      if (hasName(category)) return 'name-taken';
      categories.set(categoryKey(category), category);
      return 'created';
    },
    rename: async (before, next) => {
      if (!isCurrent(before)) return 'changed';
      if (hasName(next)) return 'name-taken';
      categories.set(categoryKey(next), next);
      return 'renamed';
    },
    remove: async (category) => {
      if (!isCurrent(category)) return 'changed';
      const { tenant, categoryId } = category;
      if ([...products.values()].some((one) => one.tenant === tenant && one.categories.includes(categoryId)))
        return 'in-use';
      categories.delete(categoryKey(category));
      return 'removed';
    },
  };
};
