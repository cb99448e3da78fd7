import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { enrol, findAccounts, seedEmails, seedPassword, tokenOf } from '../../scripts/lib/people/accounts';
import { openTenant } from '../../scripts/lib/people/sign-in';
import { findSystem } from '../../scripts/lib/system/system';
import { type Answer, call, db, eventually, postOrder, type Shop } from '../support/flow';
import { openShop } from '../support/flow-shop';

type Ask = { readonly body?: unknown; readonly headers?: Record<string, string> };

/** A shop, and its staff. */
const openStaffedShop = async () => {
  const shop = await openShop();
  const system = await findSystem();
  const accounts = await findAccounts(system);
  if (accounts === undefined) throw new Error('the flow system has no accounts');
  await openTenant(system, accounts, shop.tenant);
  const person = { tenant: shop.tenant, email: seedEmails.staff, role: 'staff' } as const;
  await enrol(accounts, person, seedPassword);
  const token = await tokenOf(accounts, person, seedPassword);
  const staff = (method: string, path: string, { body, headers = {} }: Ask = {}): Promise<Answer> =>
    call(method, path, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
  return { shop, staff };
};

type Staff = Awaited<ReturnType<typeof openStaffedShop>>['staff'];

const guest = ({ key }: Shop, path: string) => call('GET', path, { headers: { 'x-storefront-key': key } });

const rowOf = async (TableName: string, { tenant }: Shop, productId: string) => {
  const Key = { productId: `${tenant}#${productId}` };
  return (await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
};

const add = async (staff: Staff, productId: string, more: Record<string, unknown> = {}) => {
  const body = { productId, name: `商品 ${productId}`, price: 3000, ...more };
  expect(await staff('POST', '/products', { body })).toMatchObject({ status: 201 });
};

const receive = async (staff: Staff, productId: string, quantity: number) => {
  const path = `/inventory/${productId}`;
  await eventually('inventory knows the product', async () => (await staff('GET', path)).status === 200);
  const body = { type: 'receive', quantity, reason: 'delivery' };
  expect(await staff('PATCH', path, { body })).toMatchObject({ status: 200 });
};

const becomes = (staff: Staff, productId: string, availability: string) =>
  eventually(`${productId} is ${availability}`, async () => {
    const { body } = await staff('GET', `/products/${productId}`);
    return body.availability === availability && body;
  });

test('S1-28 stock 5, an order of 5: stock 0 and status false; restocked, it is on sale again', async () => {
  const { shop, staff } = await openStaffedShop();
  await add(staff, 'P-1');
  await receive(staff, 'P-1', 5);
  const placed = await eventually('the order service knows the product', async () => {
    const answer = await postOrder(shop, { items: [{ productId: 'P-1', quantity: 5 }] });
    return answer.status !== 404 && answer;
  });
  expect(placed.status).toBe(201);
  const off = await becomes(staff, 'P-1', 'sold-out');
  expect(off.status).toBe(false);
  expect((await staff('GET', '/inventory/P-1')).body).toMatchObject({ available: 0, reservedQuantity: 5 });
  await eventually(
    'the order service has heard of it',
    async () => (await rowOf('order-products', shop, 'P-1'))?.onSale === false,
  );
  await receive(staff, 'P-1', 3);
  expect((await becomes(staff, 'P-1', 'on-sale')).status).toBe(true);
  await eventually(
    'it can be ordered again',
    async () => (await rowOf('order-products', shop, 'P-1'))?.onSale === true,
  );
});

test('S1-28 what staff took off sale stays off when it is restocked', async () => {
  const { staff } = await openStaffedShop();
  await add(staff, 'P-1');
  await receive(staff, 'P-1', 1);
  await staff('PATCH', '/products/P-1', { body: { status: false } });
  await staff('PATCH', '/inventory/P-1', { body: { type: 'adjust', quantity: -1, reason: 'lost' } });
  await receive(staff, 'P-1', 2);
  await add(staff, 'P-2'); // whose way to inventory and back shows that the news of P-1 are through
  await receive(staff, 'P-2', 1);
  await staff('PATCH', '/inventory/P-2', { body: { type: 'adjust', quantity: -1, reason: 'lost' } });
  await becomes(staff, 'P-2', 'sold-out');
  expect((await staff('GET', '/products/P-1')).body).toMatchObject({ status: false, availability: 'off-sale' });
});

test('S1-07 a product that was ordered is retired for ever, one that nobody ordered is deleted', async () => {
  const { shop, staff } = await openStaffedShop();
  await add(staff, 'SOLD');
  await add(staff, 'NEVER');
  await eventually('somebody orders it', async () => {
    const { status } = await postOrder(shop, { items: [{ productId: 'SOLD', quantity: 1 }] });
    return status === 201;
  });
  await eventually(
    'the catalog knows of the order',
    async () => (await rowOf('products', shop, 'SOLD'))?.ordered === true,
  );
  expect(await staff('DELETE', '/products/SOLD')).toMatchObject({ status: 200, body: { availability: 'retired' } });
  expect(await staff('DELETE', '/products/NEVER')).toMatchObject({ status: 204 });
  for (const productId of ['SOLD', 'NEVER']) {
    expect((await guest(shop, `/products/${productId}`)).status).toBe(404);
    await eventually(`${productId} is off sale for orders`, async () => {
      const copy = await rowOf('order-products', shop, productId);
      return copy?.onSale === false;
    });
  }
  expect((await staff('GET', '/products/SOLD')).status).toBe(200);
  expect((await staff('GET', '/products/NEVER')).status).toBe(404);
});

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const upload = async ({ url, fields }: Answer['body'], content: Uint8Array, change: Record<string, string> = {}) => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...change })) form.append(name, String(value));
  form.append('file', new Blob([Uint8Array.from(content)]), 'pixel.png');
  return (await fetch(url, { method: 'POST', body: form })).status;
};

test('S2-38 S3-11 an image is uploaded by a form that takes it and nothing else, checked, shown and deleted', async () => {
  const { shop, staff } = await openStaffedShop();
  await add(staff, 'P-1');
  const { status, body: form } = await staff('POST', '/products/P-1/images', { body: { contentType: 'image/png' } });
  expect(status).toBe(201);
  expect(form.fields.key).toBe(`uploads/${shop.tenant}/P-1/${form.imageId}`);
  expect(await upload(form, Buffer.alloc(form.maxBytes + 1))).toBe(400);
  expect(await upload(form, pixel, { 'Content-Type': 'text/html' })).toBe(403);
  expect(await upload(form, pixel, { key: `images/${shop.tenant}/P-1/${form.imageId}` })).toBe(403);
  const path = `/products/P-1/images/${form.imageId}`;
  expect((await staff('PUT', path)).status).toBe(404);
  expect(await upload(form, Buffer.from('<script>alert(1)</script>'))).toBe(204);
  expect(await staff('PUT', path)).toMatchObject({ status: 400, body: { title: 'ImageRefused' } });
  expect(await upload(form, pixel)).toBe(204);
  const attached = await staff('PUT', path);
  expect(attached.body.images).toMatchObject([
    { imageId: form.imageId, contentType: 'image/png', bytes: pixel.length },
  ]);
  expect(await upload(form, Buffer.from('<script>alert(2)</script>'))).toBe(204); // into the uploads, which nobody reads
  const shown = await fetch((await guest(shop, '/products/P-1')).body.images[0].url);
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await shown.arrayBuffer()).equals(pixel)).toBe(true);
  expect((await staff('DELETE', path)).body.images).toEqual([]);
  expect((await fetch(attached.body.images[0].url)).status).toBe(404);
});

test('F-20 a file in Shift_JIS is refused by its name, and read when the request says so', async () => {
  const { staff } = await openStaffedShop();
  await add(staff, 'X1', { name: 'ノート' });
  const rows = [Buffer.from('productId,name,price,currency\nX1,'), Buffer.from([0x83, 0x6d]), Buffer.from('m,1,JPY\n')];
  const load = (type: string) =>
    staff('POST', '/products/import', { body: Buffer.concat(rows), headers: { 'content-type': type } });
  const { status, body } = await load('text/csv');
  expect([status, body.errors[0].detail]).toEqual([400, expect.stringContaining('it looks like Shift_JIS')]);
  expect((await staff('GET', '/products/X1')).body).toMatchObject({ name: 'ノート', version: 1 });
  expect((await load('text/csv; charset="shift_jis"')).body).toMatchObject({ updated: 1 });
  expect((await staff('GET', '/products/X1')).body).toMatchObject({ name: 'ノm', price: 1 });
  const order = Buffer.concat([
    Buffer.from('{"productId":"X2","price":1,"name":"'),
    Buffer.from([0x83, 0x6d]),
    Buffer.from('"}'),
  ]);
  expect(await staff('POST', '/products', { body: order })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '/name', detail: expect.stringContaining('must not contain U+FFFD') }] },
  });
});

test('a file of products is imported as a whole, and every subscriber receives each', async () => {
  const { shop, staff } = await openStaffedShop();
  await staff('POST', '/categories', { body: { categoryId: 'sport', name: 'スポーツ' } });
  const rows = Array.from({ length: 49 }, (_, n) => `P-${n},商品 ${n},${100 + n},JPY,sport`);
  const file = (more: string[]) => ['productId,name,price,currency,categories', ...rows, ...more].join('\n');
  const load = (body: string, query = '') =>
    staff('POST', `/products/import${query}`, { body, headers: { 'content-type': 'text/csv' } });
  const wrong = await load(file(['P-X,Wrong,1.5,JPY,']));
  expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/rows/50/price' }] } });
  expect((await load(file([]), '?dryRun=true')).body).toMatchObject({ created: 49, errors: [] });
  expect((await staff('GET', '/products')).body.items).toEqual([]);
  expect((await load(file([]))).body).toMatchObject({ dryRun: false, created: 49 });
  const first = await guest(shop, '/products?category=sport&limit=40');
  const second = await guest(shop, `/products?category=sport&limit=40&cursor=${first.body.nextCursor}`);
  expect([first.body.items.length, second.body.items.length, second.body.nextCursor]).toEqual([40, 9, undefined]);
  for (const n of [0, 48])
    await eventually(`P-${n} can be ordered and stored`, async () => {
      const copy = await rowOf('order-products', shop, `P-${n}`);
      const stock = await rowOf('inventory', shop, `P-${n}`);
      return copy?.price === 100 + n && stock?.stock === 0;
    });
  expect((await load(file([]))).body).toMatchObject({ created: 0, updated: 0, unchanged: 49 });
});

test('P8 two shops sell the same product and never see the other’s', async () => {
  const [one, other] = await Promise.all([openStaffedShop(), openStaffedShop()]);
  await add(one.staff, 'P-1', { price: 1 });
  expect((await other.staff('GET', '/products/P-1')).status).toBe(404);
  expect((await guest(other.shop, '/products/P-1')).status).toBe(404);
  await add(other.staff, 'P-1', { price: 2 });
  expect((await guest(one.shop, '/products/P-1')).body.price).toBe(1);
  const first = await one.staff('GET', '/products?limit=1');
  expect(first.body.items).toHaveLength(1);
  await add(one.staff, 'P-2');
  const cursor = (await one.staff('GET', '/products?limit=1')).body.nextCursor;
  expect((await other.staff('GET', `/products?limit=1&cursor=${cursor}`)).status).toBe(400);
});
