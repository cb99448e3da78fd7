import type { Product as CatalogProduct } from '../../../../lambda/catalog/products/product';
import { movementRow } from '../../../../lambda/inventory/stock/movement';
import type { StockItem } from '../../../../lambda/inventory/stock/stock-item';
import { defaultTenant } from '../../../../lambda/kernel/tenant';
import { starterProducts } from '../../../../scripts/lib/seed/product';
import { parseProducts } from '../../../../scripts/lib/seed/product-file';
import { checkProducts, loadProduct, type SeededCatalog } from '../../../../scripts/lib/seed/seed-catalog';
import { loadStock } from '../../../../scripts/lib/seed/seed-stock';
import { openCatalog } from '../../../catalog/shop';
import { inventoryStores } from '../../../inventory/inventory-stores';
import type { Item } from '../../../support/dynamodb/item';

const now = new Date('2026-11-21T08:00:00.000Z');
const rates = { currency: 'JPY', standardTaxBps: 800, reducedTaxBps: 500 };

const opened = () => {
  const { deps, put, ask } = openCatalog();
  const cause = { at: now.toISOString(), correlationId: 'seed-1' };
  const catalog: SeededCatalog = { products: deps.products, tenant: defaultTenant, selling: rates, cause };
  const read = async (productId: string) => (await deps.products.get({ tenant: defaultTenant, productId })) ?? {};
  const load = async (csv: string, stockVersion = 0, knownVersion?: number) => {
    for (const product of parseProducts(csv, '.csv'))
      await loadProduct(catalog, { product, stockVersion, knownVersion });
  };
  return { catalog, put, ask, read, load };
};

const kept: Partial<CatalogProduct> = {
  ...{ productId: 'P', name: 'マウス', price: 3000, taxRateBps: 800, description: 'old', rating: 4 },
  ...{ status: false, offSaleBy: 'staff', ordered: true, stockVersion: 3 },
};

describe('F-21 a product that is loaded from a file', () => {
  test.each([
    ['the required columns alone', 'productId,name,price,currency\nP,マウス,2500,JPY', { price: 2500 }],
    ['empty cells', 'productId,name,price,currency,taxRate,status,description\nP,マウス,2500,JPY,,,', { price: 2500 }],
    ['a rate', 'productId,name,price,currency,taxRate\nP,マウス,3000,JPY,10', { taxRateBps: 1000 }],
    ['a named rate', 'productId,name,price,currency,taxRate\nP,マウス,3000,JPY,reduced', { taxRateBps: 500 }],
    ['a sale', 'productId,name,price,currency,status\nP,マウス,3000,JPY,TRUE', { status: true, offSaleBy: 'nobody' }],
    ['a text', 'productId,name,price,currency,description\nP,マウス,3000,JPY,new', { description: 'new' }],
  ])('keeps what the file does not name, as the import of the API does: %s', async (_, csv, changed) => {
    const bySeed = opened();
    await bySeed.put(kept);
    await bySeed.load(csv);
    expect({ offSaleBy: 'nobody', ...(await bySeed.read('P')) }).toMatchObject({
      ...kept,
      ...changed,
      version: 2,
      fact: { type: 'ProductUpdated' },
    });

    const byApi = opened();
    await byApi.put(kept);
    const headers = { 'content-type': 'text/csv' };
    const caller = { tenant: defaultTenant, userId: 'u', roles: ['staff'], selling: rates };
    expect(await byApi.ask('importProducts', { body: csv, headers, caller })).toMatchObject({ status: 200 });
    expect({ ...(await byApi.read('P')), fact: {} }).toEqual({ ...(await bySeed.read('P')), fact: {} });
  });

  test('is not written when it is as the file says and the order service knows it', async () => {
    const { load, put, read } = opened();
    await put(kept);
    await load('productId,name,price,currency\nP,マウス,3000,JPY', 0, 1);
    expect(await read('P')).toMatchObject({ version: 1 });
    await load('productId,name,price,currency\nP,マウス,3000,JPY', 0, undefined);
    expect(await read('P')).toMatchObject({ ...kept, version: 2 });
  });

  test('has the standard rate of its shop and is on sale when it is new, or was deleted', async () => {
    const { load, put, read } = opened();
    await put({ productId: 'OLD', life: 'deleted', status: false, description: 'gone', stockVersion: 3 });
    await load('productId,name,price,currency\nP,マウス,2500,JPY\nOLD,また,1,JPY');
    expect(await read('P')).toMatchObject({ price: 2500, taxRateBps: 800, status: true, version: 1 });
    expect(await read('OLD')).toMatchObject({
      life: 'active',
      name: 'また',
      status: true,
      stockVersion: 3,
      version: 2,
    });
    expect(await read('OLD')).not.toHaveProperty('description');
  });

  test('is refused before any is written when its ID was retired', async () => {
    const { catalog, put, read } = opened();
    await put({ productId: 'P', life: 'retired', status: false });
    const products = parseProducts('productId,name,price,currency\nNEW,x,1,JPY\nP,マウス,2500,JPY', '.csv');
    await expect(checkProducts(catalog, products)).rejects.toThrow(
      'nothing was written:\n  productId: Product P is discontinued',
    );
    expect(await read('NEW')).toEqual({});
  });

  test('comes back on sale with new stock when it was sold out, and not when staff took it off', async () => {
    const stock = (quantity: number) => `productId,name,price,currency,stock\nP,マウス,3000,JPY,${quantity}`;
    const { load, put, read } = opened();
    await put({ ...kept, offSaleBy: 'system' });
    await load(stock(0), 4, 1);
    expect(await read('P')).toMatchObject({ status: false, offSaleBy: 'system' });
    await load(stock(10), 5, 2);
    expect(await read('P')).toMatchObject({ status: true, stockVersion: 5 });
    expect(await read('P')).not.toHaveProperty('offSaleBy');
    const byStaff = opened();
    await byStaff.put(kept);
    await byStaff.load(stock(10), 4, 1);
    expect(await byStaff.read('P')).toMatchObject({ status: false, offSaleBy: 'staff' });
  });

  test('S0-47 without stock is on sale all the same when the file says so: PROD-004 can be ordered and is short', async () => {
    const { catalog, read } = opened();
    const [product] = starterProducts.slice(3);
    if (product === undefined) throw new Error('there is no PROD-004');
    await loadProduct(catalog, { product, stockVersion: 1, knownVersion: undefined });
    await loadProduct(catalog, { product, stockVersion: 9, knownVersion: 1 });
    expect(await read('PROD-004')).toMatchObject({ status: true, stockVersion: 9, taxRateBps: 1000, version: 2 });
  });
});

describe('F-21 the stock of a file', () => {
  const key = { tenant: defaultTenant, productId: 'P' };
  const openedStock = (row?: Item, recorded = true) => {
    const { inventory, movements: moved, ledger, audit } = inventoryStores(() => now);
    if (row !== undefined) inventory.put({ ...row, productId: 'default#P' });
    const load = (stock: number) =>
      loadStock({ ledger, tenant: defaultTenant, recorded, at: now }, { productId: 'P', name: 'マウス', stock });
    const read = async (): Promise<Partial<StockItem>> => (await ledger.get(key)) ?? {};
    const movements = async () => (await ledger.movements(key, { limit: 9 })).reverse();
    return { audit, load, read, moved, movements };
  };
  const row = { productName: '前', stock: 7, reservedQuantity: 2, version: 5 };
  const movement = movementRow({
    ...{ ...key, movementId: '000000000005', type: 'receive', quantity: 9 },
    ...{ change: 9, reservedChange: 0, reason: 'r', by: 'b', at: now.toISOString(), version: 5 },
  });

  test('goes through the ledger, keeps what orders hold, and is seen by the audit', async () => {
    const { audit, load, read, moved, movements } = openedStock(row);
    moved.put(movement);
    expect(await load(10)).toBe(6);
    expect(await read()).toMatchObject({ stock: 10, reservedQuantity: 2, productName: '前', version: 6 });
    expect((await movements()).slice(1)).toMatchObject([
      { type: 'receive', change: 3, reason: 'seed data', by: 'seed-data' },
    ]);
    expect(await audit.changedProducts()).toEqual(['default#P']);
    expect(await load(4)).toBe(7);
    expect((await movements()).slice(2)).toMatchObject([{ type: 'adjust', change: -6, version: 7 }]);
    expect(await load(4)).toBe(7);
    expect(await movements()).toHaveLength(3);
  });

  test.each([
    [10, [{ type: 'receive', change: 10 }]],
    [0, []],
  ])('of a new product begins with %d', async (stock, moved) => {
    const { load, read, movements } = openedStock();
    expect(await load(stock)).toBe(1);
    expect(await read()).toMatchObject({ stock, reservedQuantity: 0, productName: 'マウス', warehouseCode: 'MAIN' });
    expect(await movements()).toMatchObject(moved);
  });

  test('that no movement accounts for is written into the ledger in whole', async () => {
    const { load, movements } = openedStock(row);
    expect(await load(7)).toBe(6);
    expect(await movements()).toMatchObject([{ type: 'receive', change: 9 }]); // 7 available, 2 reserved
  });

  test('that was deleted begins anew', async () => {
    const gone = { ...row, stock: 0, reservedQuantity: 0, deletedAt: now.toISOString() };
    const { load, read, moved } = openedStock(gone);
    moved.put(movement);
    await load(0);
    expect(await read()).toMatchObject({ stock: 0, version: 6 });
    expect(await read()).not.toHaveProperty('deletedAt');
  });

  test('of the core alone has no ledger, and its row has the name of the file', async () => {
    const { load, read, movements } = openedStock(row, false);
    expect(await load(7)).toBe(6);
    expect(await load(7)).toBe(6);
    expect(await read()).toMatchObject({ stock: 7, reservedQuantity: 2, productName: 'マウス' });
    expect(await movements()).toEqual([]);
  });
});
