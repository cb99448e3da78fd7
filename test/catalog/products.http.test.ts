import { catalogRoutes } from '../../lambda/catalog/catalog-routes.http';
import { guest } from '../../lambda/kernel/http/caller';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { askRoute, customer, openCatalog, otherStaff, staff } from './shop';

const mouse = { productId: 'PROD-002', name: 'ワイヤレスマウス', price: 3000 };
const path = { productId: 'PROD-002' };
const bySystem = { status: false, offSaleBy: 'system' } as const;
const byStaff = { status: false, offSaleBy: 'staff' } as const;

describe('POST /products', () => {
  test('S4-39 S4-05 adds a product', async () => {
    const { ask, put, deps } = openCatalog();
    await deps.categories.create({
      tenant: defaultTenant,
      categoryId: 'sport',
      name: 'Sport',
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:00.000Z',
      version: 1,
    });
    const body = {
      sku: 'SKU-1',
      name: 'Running shoes',
      description: 'Light.\nFor the road.',
      price: 59.98,
      currency: 'USD',
      taxRate: 8.25,
      categories: ['sport'],
      rating: 4.5,
    };
    const { status, headers, body: view } = await ask('createProduct', { body });
    expect(status).toBe(201);
    expect(headers).toMatchObject({ location: '/products/SKU-1', etag: '"1"' });
    expect(view).toEqual({
      ...body,
      productId: 'SKU-1',
      images: [],
      status: true,
      availability: 'on-sale',
      version: 1,
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:00.000Z',
    });
    expect(await deps.products.get({ tenant: defaultTenant, productId: 'SKU-1' })).toMatchObject({
      price: 5998,
      taxRateBps: 825,
      fact: { type: 'ProductCreated', correlationId: 'request-1' },
    });
    expect((await put({ productId: 'SKU-1' })).saved).toBe(false);
  });

  test('S1-10 sells in yen with 10 % tax, and at once, unless it is told otherwise', async () => {
    const { ask } = openCatalog();
    const { body } = await ask('createProduct', { body: mouse });
    expect(body).toMatchObject({ currency: 'JPY', taxRate: 10, status: true, categories: [] });
    const off = await ask('createProduct', { body: { ...mouse, productId: 'P-2', status: false } });
    expect(off.body).toMatchObject({ status: false, availability: 'off-sale' });
  });

  test('refuses an ID that another product has', async () => {
    const { ask, put } = openCatalog();
    await put({ life: 'retired', status: false });
    expect(await ask('createProduct', { body: mouse })).toMatchObject({
      status: 409,
      body: { title: 'ProductExists' },
    });
  });

  test('S1-08 refuses a category that does not exist, and names it', async () => {
    const { ask, deps } = openCatalog();
    const { status, body } = await ask('createProduct', { body: { ...mouse, categories: ['nowhere'] } });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: '/categories/0', detail: 'Category nowhere not found' }]);
    expect(await deps.products.get({ tenant: defaultTenant, productId: 'PROD-002' })).toBeUndefined();
  });

  test.each([
    ['no ID', { productId: undefined }, '/productId'],
    ['two different IDs', { sku: 'OTHER' }, '/sku'],
    ['an ID that could break out of a key', { productId: 'a#b' }, '/productId'],
    ['a price with more decimals than the currency', { price: 0.5 }, '/price'],
    ['a price below nothing', { price: -1 }, '/price'],
    ['a price beyond all bounds', { price: 1e11, currency: 'USD' }, '/price'],
    ['a currency that nobody has', { currency: 'XXX' }, '/currency'],
    ['a tax rate above all', { taxRate: 101 }, '/taxRate'],
    ['a tax rate with three decimals', { taxRate: 8.125 }, '/taxRate'],
    ['a name with control characters', { name: 'a\u0000b' }, '/name'],
    ['a description with control characters', { description: 'a\nb\u0007' }, '/description'],
    ['a category twice', { categories: ['a', 'a'] }, '/categories'],
    ['a status in words', { status: 'true' }, '/status'],
    ['a rating of six stars', { rating: 6 }, '/rating'],
    ['an unknown field', { tenant: 'shop-b' }, '/tenant'],
  ])('refuses %s', async (_what, change, pointer) => {
    const { status, body } = await openCatalog().ask('createProduct', { body: { ...mouse, ...change } });
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test('S3-05 is for staff: 403 for customers, 401 for guests', async () => {
    const { ask } = openCatalog();
    expect(await ask('createProduct', { body: mouse, caller: customer })).toMatchObject({ status: 403 });
    expect(await ask('createProduct', { body: mouse, caller: guest(defaultTenant) })).toMatchObject({ status: 401 });
  });
});

describe('GET /products/{productId}', () => {
  test('S1-09 shows one product with its version as the entity tag', async () => {
    const { ask, put } = openCatalog();
    await put({ version: 3 });
    expect(await ask('getProduct', { path, caller: guest(defaultTenant) })).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { productId: 'PROD-002', price: 3000 },
    });
    const again = await ask('getProduct', { path, headers: { 'if-none-match': '"2", W/"3"' } });
    expect(again).toMatchObject({ status: 304, body: undefined });
  });

  test('S1-21 an unknown one is 404, by name', async () => {
    const { status, body } = await openCatalog().ask('getProduct', { path });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      title: 'ProductNotFound',
      detail: 'Product PROD-002 not found',
      error: 'ProductNotFoundError',
    });
  });

  test.each([
    ['on sale', {}, 200],
    ['sold out', bySystem, 200],
    ['taken off sale', byStaff, 404],
    ['retired', { life: 'retired', status: false }, 404],
    ['deleted', { life: 'deleted', status: false }, 404],
  ] as const)('one that is %s is %d for customers', async (_what, change, expected) => {
    const { ask, put } = openCatalog();
    await put(change);
    expect((await ask('getProduct', { path, caller: customer })).status).toBe(expected);
    expect((await ask('getProduct', { path, caller: guest(defaultTenant) })).status).toBe(expected);
    const forStaff = 'life' in change && change.life === 'deleted' ? 404 : 200;
    expect((await ask('getProduct', { path })).status).toBe(forStaff);
  });

  test("P8 another tenant's is as unknown as one that nobody has", async () => {
    const { ask, put } = openCatalog();
    const unknown = await ask('getProduct', { path, caller: otherStaff });
    await put({});
    const foreign = await ask('getProduct', { path, caller: otherStaff });
    expect(foreign).toEqual(unknown);
    for (const operation of ['updateProduct', 'deleteProduct'] as const)
      expect(await ask(operation, { path, caller: otherStaff, body: { price: 1 } })).toMatchObject({ status: 404 });
  });

  test.each([['a#b'], ['../x'], ['%00'], ['x'.repeat(1024)]])('an ID that none can have is unknown: %s', async (id) => {
    expect((await openCatalog().ask('getProduct', { path: { productId: id } })).status).toBe(404);
  });
});

describe('PATCH /products/{productId}', () => {
  test('S1-07 changes what it names', async () => {
    const { ask, put } = openCatalog();
    await put({ rating: 4, description: 'old' });
    const { status, headers, body } = await ask('updateProduct', { path, body: { price: 2500, rating: null } });
    expect(status).toBe(200);
    expect(headers.etag).toBe('"2"');
    expect(body).toMatchObject({ price: 2500, description: 'old', version: 2 });
    expect(body).not.toHaveProperty('rating');
  });

  test('S1-10 takes a product off sale and puts it back', async () => {
    const { ask, put } = openCatalog();
    await put({});
    const off = await ask('updateProduct', { path, body: { status: false } });
    expect(off.body).toMatchObject({ status: false, availability: 'off-sale' });
    const on = await ask('updateProduct', { path, body: { status: true } });
    expect(on.body).toMatchObject({ status: true, availability: 'on-sale', version: 3 });
  });

  test('what is the same already is no change', async () => {
    const { ask, put } = openCatalog();
    await put({});
    expect((await ask('updateProduct', { path, body: { price: 3000 } })).body).toMatchObject({ version: 1 });
  });

  test('with another version than the caller has seen: 412 by If-Match, 409 by expectedVersion', async () => {
    const { ask, put } = openCatalog();
    await put({ version: 3 });
    const byTag = await ask('updateProduct', {
      path,
      body: { price: 1 },
      headers: { 'content-type': 'application/json', 'if-match': '"2"' },
    });
    expect(byTag).toMatchObject({ status: 412, body: { title: 'PreconditionFailed' } });
    const byBody = await ask('updateProduct', { path, body: { price: 1, expectedVersion: 2 } });
    expect(byBody).toMatchObject({
      status: 409,
      body: { title: 'VersionMismatch', error: 'VersionMismatchError', currentVersion: 3 },
    });
    expect(await ask('getProduct', { path })).toMatchObject({ body: { price: 3000, version: 3 } });
    const right = await ask('updateProduct', { path, body: { price: 1, expectedVersion: 3 } });
    expect(right).toMatchObject({ status: 200, body: { version: 4 } });
  });

  test('S1-22 a retired product stays as it is', async () => {
    const { ask, put } = openCatalog();
    await put({ life: 'retired', status: false });
    expect(await ask('updateProduct', { path, body: { price: 1 } })).toMatchObject({
      status: 409,
      body: { title: 'ProductDiscontinued', error: 'ProductDiscontinuedError' },
    });
  });

  test.each([
    ['nothing', {}, ''],
    ['another currency without its price', { currency: 'USD' }, '/price'],
    ['a price with more decimals than its currency', { price: 1.5 }, '/price'],
  ])('refuses %s', async (_what, body, pointer) => {
    const { ask, put } = openCatalog();
    await put({});
    const answer = await ask('updateProduct', { path, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });

  test('two changes at the same time are both made', async () => {
    const { ask, put } = openCatalog();
    await put({});
    await Promise.all([
      ask('updateProduct', { path, body: { price: 2000 } }),
      ask('updateProduct', { path, body: { name: 'Maus' } }),
    ]);
    expect((await ask('getProduct', { path })).body).toMatchObject({ price: 2000, name: 'Maus', version: 3 });
  });
});

describe('DELETE /products/{productId}', () => {
  test('S1-07 one that nobody ordered is gone for everybody, and its ID is free', async () => {
    const { ask, put } = openCatalog();
    await put({});
    expect(await ask('deleteProduct', { path })).toMatchObject({ status: 204, body: undefined });
    expect((await ask('getProduct', { path })).status).toBe(404);
    expect((await ask('deleteProduct', { path })).status).toBe(404);
    const again = await ask('createProduct', { body: mouse });
    expect(again).toMatchObject({ status: 201, body: { version: 3 } });
  });

  test('S1-07 one that was ordered is retired for ever', async () => {
    const { ask, put } = openCatalog();
    await put({ ordered: true });
    const retired = await ask('deleteProduct', { path });
    expect(retired).toMatchObject({ status: 200, body: { availability: 'retired', status: false } });
    expect((await ask('deleteProduct', { path })).body).toEqual(retired.body);
    expect((await ask('createProduct', { body: mouse })).status).toBe(409);
  });

  test('with another version than the caller has seen: 412', async () => {
    const { ask, put } = openCatalog();
    await put({ version: 2 });
    expect((await ask('deleteProduct', { path, headers: { 'if-match': '"1"' } })).status).toBe(412);
  });
});

describe('GET /products', () => {
  const stocked = async () => {
    const catalog = openCatalog();
    await catalog.put({ productId: 'ON-1' });
    await catalog.put({ productId: 'ON-2', createdAt: '2026-11-21T08:00:01.000Z' });
    await catalog.put({ productId: 'OUT', ...bySystem });
    await catalog.put({ productId: 'OFF', ...byStaff });
    await catalog.put({ productId: 'OLD', life: 'retired', status: false });
    await catalog.put({ productId: 'GONE', life: 'deleted', status: false });
    await catalog.put({ productId: 'FOREIGN', tenant: trustedTenant('shop-b') });
    return catalog;
  };

  const idsOf = ({ body }: { body: { items: { productId: string }[] } }) =>
    body.items.map(({ productId }) => productId);

  test('S4-40 staff see all products, what is on sale first and the newest first of each', async () => {
    const { ask } = await stocked();
    expect(idsOf(await ask('listProducts'))).toEqual(['ON-2', 'ON-1', 'OUT', 'OFF', 'OLD']);
  });

  test('S4-40 customers and guests see what is on sale or sold out', async () => {
    const { ask } = await stocked();
    for (const caller of [customer, guest(defaultTenant)])
      expect(idsOf(await ask('listProducts', { caller }))).toEqual(['ON-2', 'ON-1', 'OUT']);
    expect(idsOf(await ask('listProducts', { caller: guest(trustedTenant('shop-b')) }))).toEqual(['FOREIGN']);
  });

  test.each([
    ['true', ['ON-2', 'ON-1'], ['ON-2', 'ON-1']],
    ['on-sale', ['ON-2', 'ON-1'], ['ON-2', 'ON-1']],
    ['false', ['OUT', 'OFF', 'OLD'], ['OUT']],
    ['sold-out', ['OUT'], ['OUT']],
    ['off-sale', ['OFF'], []],
    ['retired', ['OLD'], []],
  ])('S3-11 by status %s', async (status, forStaff, forCustomers) => {
    const { ask } = await stocked();
    expect(idsOf(await ask('listProducts', { query: { status } }))).toEqual(forStaff);
    expect(idsOf(await ask('listProducts', { query: { status }, caller: customer }))).toEqual(forCustomers);
  });

  test('S3-11 by category', async () => {
    const { ask, put, deps } = await stocked();
    await ask('createCategory', { body: { categoryId: 'sport', name: 'Sport' } });
    await put({ productId: 'SHOE', categories: ['sport'] });
    expect(idsOf(await ask('listProducts', { query: { category: 'sport' }, caller: customer }))).toEqual(['SHOE']);
    expect(idsOf(await ask('listProducts', { query: { category: 'none' } }))).toEqual([]);
    expect(await deps.categories.existing(defaultTenant, ['sport'])).toEqual(new Set(['sport']));
  });

  test('S3-11 page by page, by cursors that are good for their list and tenant alone', async () => {
    const { ask } = await stocked();
    const first = await ask('listProducts', { query: { limit: '2' } });
    expect(idsOf(first)).toEqual(['ON-2', 'ON-1']);
    const cursor = first.body.nextCursor;
    const second = await ask('listProducts', { query: { limit: '4', cursor } });
    expect(idsOf(second)).toEqual(['OUT', 'OFF', 'OLD']);
    expect(second.body.nextCursor).toBeUndefined();
    const foreign = [
      ask('listProducts', { query: { cursor }, caller: otherStaff }),
      ask('listProducts', { query: { cursor, status: 'true' } }),
      ask('listProducts', { query: { cursor }, caller: customer }),
      ask('listCategories', { query: { cursor } }),
      ask('listProducts', { query: { cursor: `${cursor}x` } }),
    ];
    for (const { status, body } of await Promise.all(foreign)) {
      expect(status).toBe(400);
      expect(body.errors[0].pointer).toBe('/query/cursor');
    }
  });

  test.each([['0'], ['-1'], ['101'], ['1000000000'], ['x']])('refuses limit %s', async (limit) => {
    expect((await openCatalog().ask('listProducts', { query: { limit } })).status).toBe(400);
  });

  test('P8 a list that is behind shows nobody what it must not', async () => {
    const { deps } = await stocked();
    const list = async () => ({ productIds: ['ON-1', 'OUT', 'OFF', 'OLD', 'GONE', 'UNKNOWN'] });
    const routes = catalogRoutes({ ...deps, products: { ...deps.products, list } });
    expect(idsOf(await askRoute(routes, 'listProducts', { caller: customer }))).toEqual(['ON-1', 'OUT']);
    expect(idsOf(await askRoute(routes, 'listProducts'))).toEqual(['ON-1', 'OUT', 'OFF', 'OLD']);
  });
});

describe('S3-51 hot reads', () => {
  test('customers share one read for ten seconds; staff always see what is', async () => {
    const { deps, put, clock, ask } = openCatalog();
    await put({});
    let reads = 0;
    const get: typeof deps.products.get = (key) => {
      reads += 1;
      return deps.products.get(key);
    };
    const routes = catalogRoutes({ ...deps, products: { ...deps.products, get } });
    const priceFor = async (caller = customer) => (await askRoute(routes, 'getProduct', { path, caller })).body.price;
    for (let n = 0; n < 5; n += 1) expect(await priceFor()).toBe(3000);
    expect(reads).toBe(1);
    await ask('updateProduct', { path, body: { price: 2500 } });
    expect(await priceFor(staff)).toBe(2500);
    clock.now = new Date('2026-11-21T08:00:09.999Z');
    expect(await priceFor()).toBe(3000);
    clock.now = new Date('2026-11-21T08:00:10.000Z');
    expect(await priceFor()).toBe(2500);
  });

  test('a product that was not there is asked for again each time', async () => {
    const { deps, put } = openCatalog();
    const routes = catalogRoutes(deps);
    expect((await askRoute(routes, 'getProduct', { path, caller: customer })).status).toBe(404);
    await put({});
    expect((await askRoute(routes, 'getProduct', { path, caller: customer })).status).toBe(200);
  });

  test("P8 what is cached for one tenant's customers is not for another's", async () => {
    const { deps, put } = openCatalog();
    await put({});
    const routes = catalogRoutes(deps);
    const other = { ...customer, tenant: trustedTenant('shop-b') };
    expect((await askRoute(routes, 'getProduct', { path, caller: customer })).status).toBe(200);
    expect((await askRoute(routes, 'getProduct', { path, caller: other })).status).toBe(404);
    expect((await askRoute(routes, 'listProducts', { caller: customer })).body.items).toHaveLength(1);
    expect((await askRoute(routes, 'listProducts', { caller: other })).body.items).toHaveLength(0);
  });
});

test.each(['hanako@example.com', '../PROD-002', 'shop-b#PROD-002'])(
  'P14 does not repeat %p, which is no product ID',
  async (productId) => {
    const { status, body } = await openCatalog().ask('getProduct', { path: { productId } });
    expect([status, body.detail]).toEqual([404, 'Product ? not found']);
  },
);
