import { ListMovementsResponse, ListStockResponse, StockView } from '../../lambda/contracts/api/stock-api';
import { getStockRoute, listMovementsRoute, listStockRoute } from '../../lambda/inventory/stock/stock.http';
import { decideMovement } from '../../lambda/inventory/stock/update-stock';
import { type Tenant, trustedTenant } from '../../lambda/kernel/tenant';
import { aStockItem } from '../stores/builders';
import { call } from '../support/http';
import { onlySecret } from '../support/secrets';
import { inventoryStores } from './inventory-stores';

const tenant = trustedTenant('shop-a');
const other = trustedTenant('shop-b');
const at = new Date('2026-11-21T08:00:00.000Z');
const { ledger } = inventoryStores(() => at);
const deps = { ledger, cursorSecret: onlySecret('secret') };
const staff = (of: Tenant) => ({ tenant: of, userId: 'staff-1', roles: ['staff'] });

const get = (productId: string, headers = {}, of = tenant) =>
  call(getStockRoute(deps), { operation: 'getStock', pathParameters: { productId }, headers, caller: staff(of) });
const list = (query: Record<string, string>, of = tenant) =>
  call(listStockRoute(deps), { operation: 'listStock', query, caller: staff(of) });
const movements = (productId: string, query: Record<string, string> = {}, of = tenant) =>
  call(listMovementsRoute(deps), {
    operation: 'listStockMovements',
    pathParameters: { productId },
    query,
    caller: staff(of),
  });

beforeAll(async () => {
  await ledger.save(aStockItem(tenant, 'A', { stock: 7, reservedQuantity: 3, lastOrderId: 'ORD-000001' }));
  for (const productId of ['B', 'C']) await ledger.save(aStockItem(tenant, productId));
  await ledger.save(aStockItem(other, 'A', { stock: 1 }));
  for (const quantity of [1, 2, 3]) {
    const item = await ledger.get({ tenant, productId: 'C' });
    const decision = decideMovement(item, { type: 'receive', quantity, reason: 'delivery', by: 'staff-1', at });
    if (decision.accepted) await ledger.record(decision.fact);
  }
});

test('S1-12 S1-13 S4-06 reports the stock of a product: on hand is what is available and what is reserved', async () => {
  const { status, headers, body } = await get('A');
  expect([status, headers.etag]).toEqual([200, '"1"']);
  expect(StockView.strict().parse(body)).toEqual({
    productId: 'A',
    productCode: 'A',
    productName: 'product A',
    quantity: 10,
    available: 7,
    reservedQuantity: 3,
    warehouseCode: 'MAIN',
    lastOrderId: 'ORD-000001',
    discontinued: false,
    updatedAt: '2026-11-21T08:00:00.000Z',
    version: 1,
  });
});

test('says that nothing has changed to a caller who knows the version', async () => {
  expect(await get('A', { 'if-none-match': '"1"' })).toMatchObject({ status: 304, body: undefined });
  expect((await get('A', { 'if-none-match': '"2"' })).status).toBe(200);
});

test('S4-22 P8 knows no product of nobody, and none of another tenant', async () => {
  expect(await get('NONE')).toMatchObject({ status: 404, body: { detail: 'Product NONE not found' } });
  expect(await get('hanako@example.com')).toMatchObject({ status: 404, body: { detail: 'Product ? not found' } }); // P14
  expect(await get('B', {}, other)).toMatchObject({ status: 404, body: { detail: 'Product B not found' } });
  expect((await movements('C', {}, other)).status).toBe(404);
});

test('S1-12 knows no product whose stock was deleted, but what had been moved', async () => {
  await ledger.save(aStockItem(tenant, 'Z', { deletedAt: '2026-11-21T08:00:00.000Z' }));
  expect((await get('Z')).status).toBe(404);
  expect(await movements('Z')).toMatchObject({ status: 200, body: { items: [] } });
});

test('S1-12 lists the tenant’s products page by page', async () => {
  const first = await list({ limit: '2' });
  const page = ListStockResponse.strict().parse(first.body);
  expect(page.items.map(({ productId }) => productId)).toEqual(['A', 'B']);
  const second = await list({ limit: '2', cursor: page.nextCursor ?? '' });
  expect(second.body.items.map(({ productId }: { productId: string }) => productId)).toEqual(['C']);
  expect(second.body.nextCursor).toBeUndefined();
});

test('lists the movements of a product, newest first', async () => {
  const first = await movements('C', { limit: '2' });
  const page = ListMovementsResponse.strict().parse(first.body);
  expect(page.items.map(({ quantity }) => quantity)).toEqual([3, 2]);
  const second = await movements('C', { limit: '2', cursor: page.nextCursor ?? '' });
  expect(second.body.items).toEqual([expect.objectContaining({ quantity: 1, reason: 'delivery', by: 'staff-1' })]);
});

test('P8 a cursor of another tenant, another list or nobody opens nothing', async () => {
  const { body } = await list({ limit: '1' });
  const wrong = { status: 400, body: { errors: [{ pointer: '/query/cursor' }] } };
  expect(await list({ cursor: body.nextCursor }, other)).toMatchObject(wrong);
  expect(await movements('C', { cursor: body.nextCursor })).toMatchObject(wrong);
  expect(await list({ cursor: 'forged.cursor' })).toMatchObject(wrong);
});

test.each(['0', '-1', '101', '1e9', 'all'])('P15 a limit of %s is refused', async (limit) => {
  expect((await list({ limit })).status).toBe(400);
});
