import {
  applyStock,
  availabilityOf,
  createProduct,
  markOrdered,
  type Product,
  removeProduct,
  updateProduct,
} from '../../lambda/catalog/products/product';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { permutations } from '../simulation/permutations';
import { aProduct } from '../support/products';

const cause = { at: '2026-11-21T09:00:00.000Z', correlationId: 'correlation-2' };
const fields = { name: 'mouse', price: 3000, currency: 'JPY', taxRateBps: 1000, categories: [], status: true };
const key = { tenant: defaultTenant, productId: 'PROD-002' };
const gone: Partial<Product> = { life: 'deleted', status: false, offSaleBy: 'staff', version: 4, stockVersion: 9 };

describe('a product', () => {
  test('S1-07 S1-10 is made once, on sale or not', () => {
    expect(createProduct(key, undefined, fields, cause)).toMatchObject({
      accepted: true,
      fact: { version: 1, status: true, offSaleBy: undefined, fact: { type: 'ProductCreated' } },
    });
    expect(createProduct(key, undefined, { ...fields, status: false }, cause)).toMatchObject({
      fact: { status: false, offSaleBy: 'staff' },
    });
    expect(createProduct(key, aProduct(), fields, cause)).toEqual({ accepted: false, reason: 'product-exists' });
    expect(createProduct(key, aProduct({ life: 'retired' }), fields, cause)).toMatchObject({ accepted: false });
  });

  test('S1-07 that was deleted leaves its ID free, and its versions go on, so that no projection takes the new one for old', () => {
    expect(createProduct(key, aProduct(gone), fields, cause)).toMatchObject({
      fact: { version: 5, stockVersion: 9, life: 'active', status: true, createdAt: '2026-11-21T09:00:00.000Z' },
    });
  });

  test('S1-07 changes by what is new alone', () => {
    const product = aProduct({ categories: ['sport'], rating: 4 });
    const changed = updateProduct(product, { price: 2500, rating: undefined }, cause);
    expect(changed).toMatchObject({
      fact: { price: 2500, rating: undefined, categories: ['sport'], version: 2, fact: { type: 'ProductUpdated' } },
    });
    const same = updateProduct(product, { price: 3000, categories: ['sport'], status: true }, cause);
    expect(same.accepted && same.fact).toBe(product);
  });

  test.each([
    [true, undefined, 'active', 'on-sale'],
    [false, 'system', 'active', 'sold-out'],
    [false, 'staff', 'active', 'off-sale'],
    [false, 'staff', 'retired', 'retired'],
  ] as const)('status %p by %p, %s: is %s', (status, offSaleBy, life, availability) => {
    expect(availabilityOf(aProduct({ status, offSaleBy, life }))).toBe(availability);
  });

  test('S1-07 that nobody ordered is deleted, one that was ordered is retired for ever', () => {
    const product = aProduct({ categories: ['sport'] });
    const common = { status: false, categories: [], version: 2, fact: { type: 'ProductDiscontinued' } };
    expect(removeProduct(product, cause)).toMatchObject({ ...common, life: 'deleted' });
    const retired = removeProduct({ ...product, ordered: true }, cause);
    expect(retired).toMatchObject({ ...common, life: 'retired' });
    expect(removeProduct(retired, cause)).toBe(retired);
    expect(updateProduct(retired, { price: 1 }, cause)).toEqual({ accepted: false, reason: 'retired' });
  });

  test('that was deleted while an order of it was under way is retired after all', () => {
    expect(markOrdered(aProduct(gone), cause)).toMatchObject({ life: 'retired', ordered: true, version: 5 });
    expect(markOrdered(aProduct(), cause)).toMatchObject({ life: 'active', ordered: true });
    expect(markOrdered(aProduct({ ordered: true }), cause)).toBeUndefined();
  });
});

const soldOut = (stockVersion: number) => ({ soldOut: true, stockVersion });
const restocked = (stockVersion: number) => ({ soldOut: false, stockVersion });

describe('stock', () => {
  test('S1-20 S1-28 sold out: off sale, by the system', () => {
    expect(applyStock(aProduct(), soldOut(6), cause)).toMatchObject({
      status: false,
      offSaleBy: 'system',
      stockVersion: 6,
      version: 2,
      fact: { type: 'ProductUpdated' },
    });
  });

  test('S1-28 back: on sale again, if it was the system that took it off', () => {
    const bySystem = aProduct({ status: false, offSaleBy: 'system', stockVersion: 6 });
    expect(applyStock(bySystem, restocked(7), cause)).toMatchObject({ status: true, offSaleBy: undefined });
    const byStaff = aProduct({ status: false, offSaleBy: 'staff', stockVersion: 6 });
    expect(applyStock(byStaff, restocked(7), cause)).toMatchObject({ status: false, offSaleBy: 'staff' });
  });

  test('S1-28 staff that take a sold out product off keep it off when stock comes back', () => {
    const bySystem = aProduct({ status: false, offSaleBy: 'system', stockVersion: 6 });
    const off = updateProduct(bySystem, { status: false }, cause);
    expect(off).toMatchObject({ fact: { status: false, offSaleBy: 'staff' } });
    expect(off.accepted && applyStock(off.fact, restocked(7), cause)?.status).toBe(false);
  });

  test('P12 whatever the order in which news come, the newest decides', () => {
    const news = [soldOut(2), restocked(3), soldOut(5), restocked(8), soldOut(9)];
    for (const all of permutations(news)) {
      const last = all.reduce((product, one) => applyStock(product, one, cause) ?? product, aProduct());
      expect(last).toMatchObject({ status: false, offSaleBy: 'system', stockVersion: 9 });
    }
    for (const all of permutations(news.slice(0, 4))) {
      const last = all.reduce((product, one) => applyStock(product, one, cause) ?? product, aProduct());
      expect(last).toMatchObject({ status: true, stockVersion: 8 });
    }
  });

  test('P2 the same news twice change nothing, and none changes what is out of the catalog', () => {
    const heard = applyStock(aProduct(), soldOut(6), cause);
    expect(heard && applyStock(heard, soldOut(6), cause)).toBeUndefined();
    expect(applyStock(aProduct({ life: 'retired', status: false }), restocked(7), cause)).toBeUndefined();
    expect(applyStock(aProduct(gone), restocked(10), cause)).toBeUndefined();
  });
});
