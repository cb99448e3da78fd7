import type { CategoryStore } from '../../lambda/catalog/categories/category.store';
import { createCategory, renameCategory } from '../../lambda/catalog/categories/category.store';
import type { Product } from '../../lambda/catalog/products/product';
import type { ProductStore } from '../../lambda/catalog/products/product.store';
import type { Tenant } from '../../lambda/kernel/tenant';
import { aProduct } from '../support/products';
import { freshTenant } from './builders';

export type CatalogHarness = {
  readonly products: ProductStore;
  readonly categories: CategoryStore;
  /** Waits until the indexes have caught up with the tables. */
  readonly settled: () => Promise<unknown>;
};

const at = '2026-11-21T08:00:00.000Z';

const next = (product: Product, change: Partial<Product>): Product => ({
  ...product,
  ...change,
  version: product.version + 1,
});

type Filter = { readonly category?: string; readonly shown?: boolean };

/** The IDs on every page of a list. */
const pagesOf =
  (products: ProductStore) =>
  async (tenant: Tenant, limit: number, { category, shown = false }: Filter = {}): Promise<string[][]> => {
    const list = { tenant, category, from: shown ? 'sold-out' : 'retired', to: 'on-sale' } as const;
    const all: string[][] = [];
    let page = await products.list(list, { limit });
    for (;;) {
      if (page.productIds.length > 0) all.push([...page.productIds]);
      if (page.next === undefined) return all;
      page = await products.list(list, { limit, start: page.next });
    }
  };

/** What the stores of the catalog promise, whatever they are made of. */
export const catalogStoreContract = (name: string, open: () => CatalogHarness): void => {
  describe(`catalog stores ${name}`, () => {
    const { products, categories, settled } = open();

    const category = async (tenant: Tenant, categoryId: string, title = categoryId) => {
      const made = createCategory({ tenant, categoryId }, title, at);
      expect(await categories.create(made)).toBe('created');
      return made;
    };

    const stored = async (tenant: Tenant, productId: string, change: Partial<Product> = {}) => {
      const product = aProduct({ tenant, productId, ...change });
      expect(await products.save({ next: product })).toEqual({ saved: true });
      return product;
    };

    const pages = pagesOf(products);

    test('S1-07 S1-09 keeps a product and finds it by its ID', async () => {
      const tenant = freshTenant();
      const product = await stored(tenant, 'P-1', { description: '静音', rating: 4.5 });
      expect(await products.get({ tenant, productId: 'P-1' })).toEqual(product);
      expect(await products.get({ tenant, productId: 'P-2' })).toBeUndefined();
    });

    test('S1-07 makes a product once, and changes the version that was read alone', async () => {
      const tenant = freshTenant();
      const product = await stored(tenant, 'P-1');
      const refused = { saved: false, unknownCategories: [] };
      expect(await products.save({ next: product })).toEqual(refused);
      expect(await products.save({ before: product, next: next(product, { price: 1 }) })).toEqual({ saved: true });
      expect(await products.save({ before: product, next: next(product, { price: 2 }) })).toEqual(refused);
      expect(await products.get(product)).toMatchObject({ price: 1, version: 2 });
    });

    test('S1-08 S3-10 a product is in no category that does not exist, and nothing of it is written', async () => {
      const tenant = freshTenant();
      await category(tenant, 'known');
      const product = aProduct({ tenant, productId: 'P-1', categories: ['known', 'unknown'] });
      expect(await products.save({ next: product })).toEqual({ saved: false, unknownCategories: ['unknown'] });
      expect(await products.get(product)).toBeUndefined();
      expect(await categories.remove(createCategory({ tenant, categoryId: 'known' }, 'known', at))).toBe('removed');
    });

    test('S1-08 a category stays as long as a product is in it', async () => {
      const tenant = freshTenant();
      const sport = await category(tenant, 'sport');
      const product = await stored(tenant, 'P-1', { categories: ['sport'] });
      await stored(tenant, 'P-2', { categories: ['sport'] });
      expect(await categories.remove(sport)).toBe('in-use');
      await products.save({ before: product, next: next(product, { categories: [] }) });
      expect(await categories.remove(sport)).toBe('in-use');
      const other = aProduct({ tenant, productId: 'P-2', categories: ['sport'] });
      await products.save({ before: other, next: next(other, { categories: [] }) });
      expect(await categories.remove(sport)).toBe('removed');
      expect(await categories.get(sport)).toBeUndefined();
    });

    test('S3-11 lists by category: what is on sale first, the newest first of each, page by page', async () => {
      const tenant = freshTenant();
      await category(tenant, 'sport');
      const times = ['2026-11-21T08:00:01.000Z', '2026-11-21T08:00:02.000Z', '2026-11-21T08:00:03.000Z'];
      for (const [index, createdAt] of times.entries())
        await stored(tenant, `ON-${index}`, { createdAt, categories: index === 1 ? [] : ['sport'] });
      await stored(tenant, 'OUT', {
        createdAt: times[2] ?? at,
        status: false,
        offSaleBy: 'system',
        categories: ['sport'],
      });
      await stored(tenant, 'OFF', { createdAt: times[2] ?? at, status: false, offSaleBy: 'staff' });
      await stored(tenant, 'OLD', { createdAt: times[2] ?? at, status: false, life: 'retired' });
      await settled();
      expect(await pages(tenant, 4)).toEqual([
        ['ON-2', 'ON-1', 'ON-0', 'OUT'],
        ['OFF', 'OLD'],
      ]);
      expect(await pages(tenant, 20, { shown: true })).toEqual([['ON-2', 'ON-1', 'ON-0', 'OUT']]);
      expect(await pages(tenant, 2, { category: 'sport' })).toEqual([['ON-2', 'ON-0'], ['OUT']]);
      expect(await pages(tenant, 2, { category: 'unknown' })).toEqual([]);
    });

    test('S3-11 a product moves in its lists when it is sold out, leaves its category, or is deleted', async () => {
      const tenant = freshTenant();
      await category(tenant, 'sport');
      const first = await stored(tenant, 'P-1', { categories: ['sport'], createdAt: '2026-11-21T08:00:09.000Z' });
      await stored(tenant, 'P-2', { categories: ['sport'] });
      const soldOut = next(first, { status: false, offSaleBy: 'system' });
      await products.save({ before: first, next: soldOut });
      await settled();
      expect(await pages(tenant, 20, { category: 'sport' })).toEqual([['P-2', 'P-1']]);
      const left = next(soldOut, { categories: [] });
      await products.save({ before: soldOut, next: left });
      await settled();
      expect(await pages(tenant, 20, { category: 'sport' })).toEqual([['P-2']]);
      await products.save({ before: left, next: next(left, { life: 'deleted' }) });
      await settled();
      expect(await pages(tenant, 20)).toEqual([['P-2']]);
      expect(await products.get(first)).toMatchObject({ life: 'deleted', version: 4 });
    });

    test('S3-11 writes several products together or none of them', async () => {
      const tenant = freshTenant();
      await category(tenant, 'sport');
      const known = await stored(tenant, 'P-1', { categories: ['sport'] });
      const fresh = (productId: string) => aProduct({ tenant, productId, categories: ['sport'] });
      const stale = { before: { ...known, version: 7 }, next: next(known, { price: 1 }) };
      expect(await products.save({ next: fresh('P-2') }, stale)).toEqual({ saved: false, unknownCategories: [] });
      expect(await products.get({ tenant, productId: 'P-2' })).toBeUndefined();
      const both = [{ next: fresh('P-2') }, { next: fresh('P-3') }, { before: known, next: next(known, { price: 1 }) }];
      expect(products.countWrites(both)).toBe(6);
      expect(await products.save(...both)).toEqual({ saved: true });
      const found = await products.getMany(tenant, ['P-1', 'P-2', 'P-3', 'P-4']);
      expect([...found.values()].map(({ productId, price }) => `${productId} ${price}`).sort()).toEqual([
        'P-1 1',
        'P-2 3000',
        'P-3 3000',
      ]);
    });

    test('S3-09 a category has an ID and a name that no other has, however it is written', async () => {
      const tenant = freshTenant();
      const books = await category(tenant, 'books', 'Books');
      expect(await categories.create(createCategory({ tenant, categoryId: 'books' }, 'Other', at))).toBe('id-taken');
      expect(await categories.create(createCategory({ tenant, categoryId: 'b' }, 'ＢＯＯＫＳ', at))).toBe('name-taken');
      const other = await category(tenant, 'films', 'Films');
      expect(await categories.rename(other, renameCategory(other, 'books', at))).toBe('name-taken');
      const louder = renameCategory(books, 'BOOKS', at);
      expect(await categories.rename(books, louder)).toBe('renamed');
      expect(await categories.rename(books, renameCategory(books, 'Novels', at))).toBe('changed');
      expect(await categories.rename(louder, renameCategory(louder, 'Novels', at))).toBe('renamed');
      expect(await categories.get(books)).toMatchObject({ name: 'Novels', version: 3 });
      await category(tenant, 'again', 'Books'); // the name is free again
    });

    test('S3-11 lists categories by their IDs, page by page', async () => {
      const tenant = freshTenant();
      for (const id of ['c', 'a', 'b']) await category(tenant, id);
      await settled();
      const first = await categories.list(tenant, { limit: 2 });
      expect(first.items.map(({ categoryId }) => categoryId)).toEqual(['a', 'b']);
      const second = await categories.list(tenant, { limit: 2, start: first.next });
      expect(second.items.map(({ categoryId }) => categoryId)).toEqual(['c']);
      expect(second.next).toBeUndefined();
    });

    test('P8 two tenants have the same product and category and never meet', async () => {
      const [one, other] = [freshTenant(), freshTenant()];
      await category(one, 'sport');
      await stored(one, 'P-1', { categories: ['sport'], price: 1 });
      await category(other, 'sport');
      await stored(other, 'P-1', { price: 2 });
      await settled();
      expect(await pages(other, 20, { category: 'sport' })).toEqual([]);
      expect(await categories.remove(createCategory({ tenant: other, categoryId: 'sport' }, 'sport', at))).toBe(
        'removed',
      );
      expect(await categories.existing(one, ['sport', 'none'])).toEqual(new Set(['sport']));
      expect(await categories.existing(other, ['sport', 'none'])).toEqual(new Set());
      expect(await products.get({ tenant: one, productId: 'P-1' })).toMatchObject({ price: 1 });
    });
  });
};
