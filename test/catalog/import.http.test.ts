import type { ProductChange } from '../../lambda/catalog/products/product-writes.store';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { customer, openCatalog, otherStaff } from './shop';

const header = 'productId,name,price,currency,taxRate,description,categories,status';
const csv = (...rows: string[]) => [header, ...rows].join('\n');
const headers = { 'content-type': 'text/csv; charset=utf-8' };

const opened = async () => {
  const catalog = openCatalog();
  for (const categoryId of ['sport', 'sale'])
    await catalog.ask('createCategory', { body: { categoryId, name: categoryId } });
  const load = (body: string, dryRun = false) =>
    catalog.ask('importProducts', { body, headers, ...(dryRun ? { query: { dryRun: 'true' } } : {}) });
  const read = (productId: string) => catalog.deps.products.get({ tenant: defaultTenant, productId });
  return { ...catalog, load, read };
};

const shoe = 'SHOE,ランニングシューズ,59.98,USD,8.25,"Light, and ""fast""",sport; sale,true';
const bag = 'BAG,Bag,4500,JPY,,,,false';

test('imports new products and changes known ones, all together', async () => {
  const { load, read, put } = await opened();
  await put({ description: 'stays', rating: 4 });
  const { status, body } = await load(`\ufeff${csv(shoe, bag, 'PROD-002,Maus,2500,JPY,,,,')}\r\n`);
  expect(status).toBe(200);
  expect(body).toEqual({ dryRun: false, rows: 3, created: 2, updated: 1, unchanged: 0, errors: [] });
  expect(await read('SHOE')).toMatchObject({
    name: 'ランニングシューズ',
    price: 5998,
    taxRateBps: 825,
    description: 'Light, and "fast"',
    categories: ['sport', 'sale'],
    status: true,
    fact: { type: 'ProductCreated' },
  });
  expect(await read('BAG')).toMatchObject({ price: 4500, taxRateBps: 1000, status: false, offSaleBy: 'staff' });
  expect(await read('PROD-002')).toMatchObject({
    name: 'Maus',
    price: 2500,
    description: 'stays',
    rating: 4,
    version: 2,
  });
});

test('takes what spreadsheets write: a byte order mark before a quoted header', async () => {
  const { load } = await opened();
  const body = '\ufeff"productId","name","price","currency"\r\n"BAG","Bag","4500","JPY"\r\n';
  expect((await load(body)).body).toMatchObject({ created: 1 });
});

test('imported again, the same file changes nothing and notifies nobody', async () => {
  const { load, read } = await opened();
  await load(csv(shoe, bag));
  expect((await load(csv(shoe, bag))).body).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  expect(await read('SHOE')).toMatchObject({ version: 1 });
});

test('a dry run reports what would happen, and writes nothing', async () => {
  const { load, read, put } = await opened();
  await put({});
  const { status, body } = await load(csv(shoe, 'PROD-002,Maus,2500,JPY,,,,'), true);
  expect(status).toBe(200);
  expect(body).toEqual({ dryRun: true, rows: 2, created: 1, updated: 1, unchanged: 0, errors: [] });
  expect(await read('SHOE')).toBeUndefined();
  expect(await read('PROD-002')).toMatchObject({ version: 1 });
});

const wrong = csv(
  shoe,
  'P-1,,x,JPY,,,,',
  'P-2,Name,1.5,JPY,101,,,yes',
  'SHOE,Again,1,USD,,,,',
  'P-3,Name,1,JPY,,,nowhere;sport,',
  'OLD,Name,1,JPY,,,,',
);

test('every wrong cell is reported by its row and column, and nothing at all is imported', async () => {
  const { load, read, put } = await opened();
  await put({ productId: 'OLD', life: 'retired', status: false });
  const report = (await load(wrong, true)).body;
  expect(report).toMatchObject({ dryRun: true, rows: 6 });
  expect(report.errors.map(({ row, column }: { row: number; column: string }) => `${row} ${column}`)).toEqual([
    '2 name',
    '2 price',
    '3 taxRate',
    '3 status',
    '4 productId',
    '5 categories',
    '6 productId',
  ]);
  const refused = await load(wrong);
  expect(refused).toMatchObject({ status: 400, body: { title: 'ValidationFailed' } });
  expect(refused.body.errors[1]).toMatchObject({ pointer: '/rows/2/price' });
  expect(refused.body.errors[5]).toEqual({ pointer: '/rows/5/categories', detail: 'Category nowhere not found' });
  expect(await read('SHOE')).toBeUndefined();
});

test('a price is told to have too many decimals once the rest of its row is right', async () => {
  const { load } = await opened();
  expect((await load(csv('P-2,Name,1.5,JPY,,,,'), true)).body.errors).toEqual([
    { row: 1, column: 'price', detail: 'must have at most 0 decimals, as JPY has' },
  ]);
});

test.each([
  ['an empty file', ''],
  ['a header alone', header],
  ['an unknown column', 'productId,name,price,currency,stock\nP,N,1,JPY,1'],
  ['a missing column', 'productId,name,price\nP,N,1'],
  ['a column twice', 'productId,name,price,currency,price\nP,N,1,JPY,1'],
  ['a column that every object has', 'productId,name,price,currency,__proto__\nP,N,1,JPY,1'],
  ['rows of different length', `${header}\nP,N`],
  ['a quote that does not end', `${header}\n"P,N,1,JPY,,,,`],
  ['no CSV', '{"productId":"P"}'],
])('refuses %s', async (_what, body) => {
  const { load } = await opened();
  expect(await load(body)).toMatchObject({ status: 400, body: { title: 'ValidationFailed' } });
});

test('a file that one transaction cannot take is refused with what it would need, in a dry run too', async () => {
  const { load, read } = await opened();
  const rows = Array.from({ length: 50 }, (_, n) => `P-${n},Name,1,JPY,,,sport,`);
  for (const dryRun of [true, false]) {
    const { status, body } = await load(csv(...rows), dryRun);
    expect(status).toBe(400);
    expect(body.errors[0].detail).toMatch(/^it makes 101 changes, and one import takes 100: .*Split the file\.$/);
  }
  expect(await read('P-0')).toBeUndefined();
  expect((await load(csv(...rows.slice(1)))).body).toMatchObject({ created: 49 });
});

test('a long price list of which little has changed is taken', async () => {
  const { load, put } = await opened();
  for (let n = 0; n < 1000; n += 1) await put({ productId: `P-${n}` });
  const rows = Array.from({ length: 1000 }, (_, n) => `P-${n},ワイヤレスマウス,${n < 90 ? 2500 : 3000},JPY,,,,`);
  expect((await load(csv(...rows))).body).toMatchObject({ rows: 1000, updated: 90, unchanged: 910 });
  const more = await load(csv(...rows, 'P-1000,N,1,JPY,,,,'));
  expect(more.body.errors[0].detail).toBe('it has 1001 rows; a file may have 1000');
});

test('refuses what is no CSV by its type, and what is too large', async () => {
  const { ask } = await opened();
  const json = { 'content-type': 'application/json' };
  expect((await ask('importProducts', { body: csv(bag), headers: json })).status).toBe(415);
  expect((await ask('importProducts', { body: 'x'.repeat(1024 * 1024 + 1), headers })).status).toBe(413);
  expect((await ask('importProducts', { body: csv(bag), headers, query: { dryRun: 'yes' } })).status).toBe(400);
});

test('decides again when the catalog has changed meanwhile, and gives up when that never ends', async () => {
  const { deps, ask } = await opened();
  const save = deps.products.save;
  let conflicts = 1;
  Object.assign(deps.products, {
    save: async (...changes: readonly ProductChange[]) => {
      conflicts -= 1;
      return conflicts >= 0 ? { saved: false, unknownCategories: [] } : save(...changes);
    },
  });
  expect((await ask('importProducts', { body: csv(bag), headers })).status).toBe(200);
  conflicts = 100;
  const busy = await ask('importProducts', { body: csv('P-9,N,1,JPY,,,,'), headers });
  expect(busy).toMatchObject({ status: 409, headers: { 'retry-after': '1' }, body: { title: 'CatalogBusy' } });
});

test("P8 goes into the caller's own catalog, and is for staff", async () => {
  const { ask, read } = await opened();
  expect((await ask('importProducts', { body: csv(bag), headers, caller: customer })).status).toBe(403);
  expect((await ask('importProducts', { body: csv(bag), headers, caller: otherStaff })).status).toBe(200);
  expect(await read('BAG')).toBeUndefined();
  const foreign = await ask('importProducts', { body: csv(shoe), headers, caller: otherStaff });
  expect(foreign.body.errors[0].detail).toBe('Category sport not found');
});
