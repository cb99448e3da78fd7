import type { CatalogRow, Loaded } from '../../../../scripts/lib/seed/seed-row';
import { isRight, nextRow } from '../../../../scripts/lib/seed/seed-row';

const before: CatalogRow = {
  life: 'active',
  name: 'マウス',
  description: 'old',
  price: 3000,
  currency: 'JPY',
  taxRateBps: 800,
  status: false,
  offSaleBy: 'staff',
  categories: ['mice'],
  images: [{ imageId: 'i' }],
  rating: 4,
  stockVersion: 3,
  place: '2#2026-11-01T00:00:00.000Z',
  createdAt: '2026-11-01T00:00:00.000Z',
  version: 7,
};
const product = { productId: 'P', name: 'マウス', price: 2500, currency: 'JPY' };
const loaded = (more: object = {}, stockVersion = 0): Loaded => ({
  tenant: 'shop-a',
  product: { ...product, ...more },
  rates: { standard: 800, reduced: 500 },
  stockVersion,
  at: '2026-11-30T00:00:00.000Z',
  correlationId: 'seed-1',
});

test('F-21 a file without columns for tax rate, sale and description changes neither of a known product', () => {
  expect(nextRow(loaded(), before)).toEqual({
    ...before,
    price: 2500,
    productId: 'shop-a#P',
    list: 'shop-a#PRODUCTS',
    updatedAt: '2026-11-30T00:00:00.000Z',
    version: 8,
    fact: { type: 'ProductUpdated', correlationId: 'seed-1' },
  });
});

test('F-21 a product that is as the file says is not written', () => {
  expect(isRight(before, loaded({ price: 3000 }))).toBe(true);
  expect(isRight(before, loaded({ price: 3000, taxRateBps: 1000 }))).toBe(false);
  expect(isRight(before, loaded({ price: 3000, status: true }))).toBe(false);
});

test('F-21 a new product has the standard rate of its shop and is on sale', () => {
  const fresh = { taxRateBps: 800, status: true, place: '4#2026-11-30T00:00:00.000Z', version: 1, stockVersion: 0 };
  expect(nextRow(loaded(), undefined)).toMatchObject(fresh);
  expect(nextRow(loaded({ taxRateBps: 'reduced' }), undefined)).toMatchObject({ taxRateBps: 500 });
  const deleted = { ...before, life: 'deleted' as const };
  expect(nextRow(loaded(), deleted)).toMatchObject({ ...fresh, version: 8, stockVersion: 3, categories: [] });
  expect(nextRow(loaded(), deleted)).not.toHaveProperty('description');
});

test('F-21 only what was sold out comes back on sale with new stock; staff decide of all else', () => {
  const soldOut = { ...before, offSaleBy: 'system', place: '3#2026-11-01T00:00:00.000Z' };
  const again = nextRow(loaded({ stock: 10 }, 4), soldOut);
  expect(again).toMatchObject({ status: true, place: '4#2026-11-01T00:00:00.000Z', stockVersion: 4 });
  expect(again).not.toHaveProperty('offSaleBy');
  expect(nextRow(loaded({ stock: 10 }, 4), before)).toMatchObject({ status: false, offSaleBy: 'staff' });
  expect(nextRow(loaded({ stock: 0 }, 4), soldOut)).toMatchObject({ status: false, offSaleBy: 'system' });
  expect(nextRow(loaded(), soldOut)).toMatchObject({ status: false, offSaleBy: 'system', place: soldOut.place });
});

test('a status that the file names is set, by staff', () => {
  const onSale = { ...before, status: true, offSaleBy: undefined };
  expect(nextRow(loaded({ status: false }), onSale)).toMatchObject({
    status: false,
    offSaleBy: 'staff',
    place: '2#2026-11-01T00:00:00.000Z',
  });
  expect(nextRow(loaded({ status: true }), before)).toMatchObject({
    status: true,
    place: '4#2026-11-01T00:00:00.000Z',
  });
});
