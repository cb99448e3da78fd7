import { guest } from '../../lambda/kernel/http/caller';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { customer, openCatalog, otherStaff } from './shop';

const sport = { categoryId: 'sport', name: 'スポーツ' };
const path = { categoryId: 'sport' };

const opened = async () => {
  const catalog = openCatalog();
  await catalog.ask('createCategory', { body: sport });
  return catalog;
};

test('S3-09 a category is made, read by everybody, renamed and deleted', async () => {
  const { ask } = openCatalog();
  const made = await ask('createCategory', { body: sport });
  expect(made).toMatchObject({ status: 201, headers: { location: '/categories/sport', etag: '"1"' } });
  expect(made.body).toEqual({
    ...sport,
    version: 1,
    createdAt: '2026-11-21T08:00:00.000Z',
    updatedAt: '2026-11-21T08:00:00.000Z',
  });
  expect((await ask('getCategory', { path, caller: guest(defaultTenant) })).body).toEqual(made.body);
  expect((await ask('getCategory', { path, headers: { 'if-none-match': '"1"' } })).status).toBe(304);
  const renamed = await ask('updateCategory', { path, body: { name: 'Sport' } });
  expect(renamed).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { name: 'Sport', version: 2 } });
  expect((await ask('updateCategory', { path, body: { name: 'Sport' } })).body).toMatchObject({ version: 2 });
  expect(await ask('deleteCategory', { path })).toMatchObject({ status: 204 });
  expect(await ask('getCategory', { path })).toMatchObject({ status: 404, body: { title: 'CategoryNotFound' } });
});

test('S3-09 neither its ID nor its name is given twice', async () => {
  const { ask } = await opened();
  const exists = { status: 409, body: { title: 'CategoryExists' } };
  expect(await ask('createCategory', { body: { ...sport, name: 'Other' } })).toMatchObject(exists);
  expect(await ask('createCategory', { body: { ...sport, categoryId: 'other' } })).toMatchObject(exists);
  await ask('createCategory', { body: { categoryId: 'books', name: 'Books' } });
  expect(await ask('updateCategory', { path, body: { name: 'BOOKS ' } })).toMatchObject(exists);
});

test('S1-08 one that products are in cannot be deleted', async () => {
  const { ask } = await opened();
  await ask('createProduct', { body: { productId: 'P-1', name: 'shoe', price: 1, categories: ['sport'] } });
  expect(await ask('deleteCategory', { path })).toMatchObject({ status: 409, body: { title: 'CategoryInUse' } });
  await ask('deleteProduct', { path: { productId: 'P-1' } });
  expect((await ask('deleteCategory', { path })).status).toBe(204);
});

test('with another version than the caller has seen: 412 by If-Match, 409 by expectedVersion', async () => {
  const { ask } = await opened();
  expect((await ask('deleteCategory', { path, headers: { 'if-match': '"2"' } })).status).toBe(412);
  const { status, body } = await ask('updateCategory', { path, body: { name: 'x', expectedVersion: 2 } });
  expect(status).toBe(409);
  expect(body).toMatchObject({ title: 'VersionMismatch', currentVersion: 1 });
});

test('S3-11 are listed by their IDs, page by page', async () => {
  const { ask } = await opened();
  for (const categoryId of ['books', 'films']) await ask('createCategory', { body: { categoryId, name: categoryId } });
  const first = await ask('listCategories', { query: { limit: '2' }, caller: customer });
  expect(first.body.items.map(({ categoryId }: { categoryId: string }) => categoryId)).toEqual(['books', 'films']);
  const second = await ask('listCategories', {
    query: { limit: '2', cursor: first.body.nextCursor },
    caller: customer,
  });
  expect(second.body).toMatchObject({ items: [{ categoryId: 'sport' }] });
  expect(second.body.nextCursor).toBeUndefined();
});

test("P8 another tenant's is as unknown as one that nobody has", async () => {
  const { ask } = await opened();
  expect((await ask('getCategory', { path, caller: otherStaff })).status).toBe(404);
  expect((await ask('updateCategory', { path, caller: otherStaff, body: { name: 'x' } })).status).toBe(404);
  expect((await ask('deleteCategory', { path, caller: otherStaff })).status).toBe(404);
  expect((await ask('listCategories', { caller: otherStaff })).body.items).toEqual([]);
  expect((await ask('createCategory', { caller: otherStaff, body: sport })).status).toBe(201);
});

test.each([['createCategory'], ['updateCategory'], ['deleteCategory']] as const)(
  '%s is for staff',
  async (operation) => {
    const { ask } = await opened();
    expect((await ask(operation, { path, body: sport, caller: customer })).status).toBe(403);
  },
);
