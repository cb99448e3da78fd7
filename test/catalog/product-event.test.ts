import { catalogEvent } from '../../lambda/catalog/products/product';
import { productFromRow } from '../../lambda/catalog/products/product-row';
import { ProductCreated, ProductUpdated } from '../../lambda/contracts/events/catalog-events';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { aProduct } from '../support/products';
import { openCatalog } from './shop';

const fact = { type: 'ProductUpdated', correlationId: 'correlation-1', causationId: 'default/PROD-002:7' } as const;

test('the event of a product reports what others need of it, under an ID of its version', () => {
  const event = catalogEvent(aProduct({ version: 3, status: false, offSaleBy: 'system', categories: ['sport'], fact }));
  expect(event).toEqual({
    specversion: '1.0',
    id: 'default/PROD-002:3',
    source: '/products',
    type: 'ProductUpdated.v1',
    subject: 'PROD-002',
    time: '2026-11-21T08:00:00.000Z',
    datacontenttype: 'application/json',
    tenantid: 'default',
    correlationid: 'correlation-1',
    causationid: 'default/PROD-002:7',
    traceparent: undefined,
    data: {
      productId: 'PROD-002',
      version: 3,
      name: 'ワイヤレスマウス',
      price: 3000,
      currency: 'JPY',
      taxRateBps: 1000,
      status: false,
      categories: ['sport'],
    },
  });
  expect(ProductUpdated.safeParse(event).success).toBe(true);
});

test('S2-39 the event of a product reports who changed it, and from which network', async () => {
  const { ask, deps } = openCatalog();
  const body = { productId: 'PROD-009', name: 'マウス', price: 3000 };
  await ask('createProduct', { body, sourceIp: '203.0.113.77' });
  const product = await deps.products.get({ tenant: defaultTenant, productId: 'PROD-009' });
  const event = product && catalogEvent(productFromRow({ ...product, productId: 'default#PROD-009' }));
  expect(event).toMatchObject({ type: 'ProductCreated.v1', actor: 'user-1', network: '203.0.113.0/24' });
  expect(ProductCreated.safeParse(event).success).toBe(true);
  expect(JSON.stringify(event)).not.toContain('203.0.113.77');
});

test.each([['ProductOrdered'], ['StockHeard']] as const)('%s is for nobody else', (type) => {
  expect(catalogEvent(aProduct({ fact: { ...fact, type } }))).toBeUndefined();
});

test('a row of the table, as its stream shows it, is the product again', () => {
  const { tenant: _, ...rest } = aProduct({ rating: 4.5 });
  const row = { ...rest, productId: 'default#PROD-002', list: 'default#PRODUCTS', place: '4#x' };
  expect(productFromRow(row)).toEqual({ ...rest, tenant: defaultTenant });
});

test('a row that is no product is poison', () => {
  expect(() => productFromRow({ productId: 'default#CATEGORY#sport#PROD-002', assignedAt: 'x' })).toThrow();
});
