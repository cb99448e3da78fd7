import type { Tenant } from '../kernel/tenant';

/** What products are sorted by. */
export type Category = {
  readonly tenant: Tenant;
  readonly categoryId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
};

/** What names one category in the whole system. */
export type CategoryKey = Pick<Category, 'tenant' | 'categoryId'>;

export const createCategory = (key: CategoryKey, name: string, at: string): Category => ({
  ...key,
  name,
  createdAt: at,
  updatedAt: at,
  version: 1,
});

/** The category under its new name; itself when the name is its own already. */
export const renameCategory = (category: Category, name: string, at: string): Category =>
  category.name === name ? category : { ...category, name, updatedAt: at, version: category.version + 1 };

/** What a name is compared by: two categories of a tenant are never told apart by case or width alone. */
export const comparedName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
