import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tokenFor } from '../../scripts/lib/people/sign-in';
import { findSystem } from '../../scripts/lib/system/system';
import {
  type Answer,
  call,
  db,
  eventually,
  functionName,
  lambda,
  manyAtOnce,
  postOrder,
  reaches,
  rowsOf,
  type Shop,
} from '../support/flow';
import { deadLetters, sendAll, takeDeadLetters } from '../support/flow-queues';
import { openShop } from '../support/flow-shop';

jest.setTimeout(240_000);

let shop: Shop;
let authorization: string;

const asStaff = (method: string, path: string, body?: unknown): Promise<Answer> =>
  call(method, path, {
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const move = (productId: string, movement: Record<string, unknown>) =>
  asStaff('PATCH', `/inventory/${productId}`, { reason: 'flow test', ...movement });

const invoke = async (part: string, asked: unknown) => {
  const FunctionName = await functionName(part);
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(asked) }));
  return JSON.parse(Buffer.from(Payload ?? []).toString('utf8'));
};

/** Puts a product into the catalog, and waits until inventory and the order service know of it. */
const sell = async (productId: string, quantity: number) => {
  expect(
    await asStaff('POST', '/products', { productId, name: `商品 ${productId}`, price: 3000, currency: 'JPY' }),
  ).toMatchObject({ status: 201 });
  await eventually(
    `${productId} has a stock row`,
    async () => (await asStaff('GET', `/inventory/${productId}`)).status === 200,
  );
  const Key = { productId: `${shop.tenant}#${productId}` };
  await eventually(
    `${productId} can be ordered`,
    async () => (await db.send(new GetCommand({ TableName: 'order-products', Key }))).Item !== undefined,
  );
  if (quantity > 0) expect(await move(productId, { type: 'receive', quantity })).toMatchObject({ status: 200 });
};

const figuresOf = async (productId: string) => {
  const { body } = await asStaff('GET', `/inventory/${productId}`);
  return [body.quantity, body.available, body.reservedQuantity];
};

const alertReaches = (id: string, state: string) =>
  eventually(`the alert ${id} is ${state}`, async () => {
    const Key = { alertId: `${shop.tenant}#${id}` };
    const { Item } = await db.send(new GetCommand({ TableName: 'alerts', Key }));
    return Item?.state === state && Item;
  });

beforeAll(async () => {
  shop = await openShop();
  authorization = `Bearer ${await tokenFor(await findSystem(), shop.tenant, 'staff')}`;
});

test('S1-11 S1-12 S4-41 a new product has no stock; what is received and adjusted is in its ledger', async () => {
  await sell('LEDGER', 0);
  expect(await figuresOf('LEDGER')).toEqual([0, 0, 0]);
  await move('LEDGER', { type: 'receive', quantity: 10 });
  await move('LEDGER', { type: 'adjust', quantity: -2 });
  await move('LEDGER', { type: 'reserve', quantity: 3 });
  expect(await figuresOf('LEDGER')).toEqual([8, 5, 3]);
  const { body } = await asStaff('GET', '/inventory/LEDGER/movements?limit=2');
  expect(body.items.map(({ type, change }: Record<string, unknown>) => [type, change])).toEqual([
    ['reserve', 0],
    ['adjust', -2],
  ]);
  const { body: rest } = await asStaff('GET', `/inventory/LEDGER/movements?limit=2&cursor=${body.nextCursor}`);
  expect(rest.items).toEqual([expect.objectContaining({ type: 'receive', change: 10, reason: 'flow test' })]);
  const { body: list } = await asStaff('GET', '/inventory?limit=100');
  expect(list.items.map(({ productId }: { productId: string }) => productId)).toContain('LEDGER');
});

test('S4-21 S4-22 what is short and what is unknown is refused in the words of the seed', async () => {
  expect(await move('LEDGER', { type: 'reserve', quantity: 6 })).toMatchObject({
    status: 409,
    body: { detail: 'Insufficient inventory for LEDGER: requested 6, available 5', error: 'InsufficientStockError' },
  });
  expect(await move('NONE', { type: 'receive', quantity: 1 })).toMatchObject({
    status: 404,
    body: { detail: 'Product NONE not found', error: 'ProductNotFoundError' },
  });
});

test('S4-23 S4-24 S4-45 optimistic locking: of twenty changes at once of the same version, exactly one wins', async () => {
  await sell('RACE', 100);
  for (let round = 0; round < 3; round += 1) {
    const { body } = await asStaff('GET', '/inventory/RACE');
    const answers = await manyAtOnce(
      20,
      () => move('RACE', { type: 'reserve', quantity: 1, expectedVersion: body.version }),
      20,
    );
    const [won, lost] = [200, 409].map((status) => answers.filter((answer) => answer.status === status));
    expect([won?.length, lost?.length]).toEqual([1, 19]);
    for (const { body: problem } of lost ?? [])
      expect(problem).toMatchObject({ error: 'VersionMismatchError', detail: 'Inventory was modified, please retry' });
    expect((await figuresOf('RACE'))[2]).toBe(round + 1);
  }
});

test('S1-19 S4-26 S4-31 stock is reserved by an order, and gone when it is shipped', async () => {
  await sell('SHIPPED', 5);
  const { body: order } = await postOrder(shop, { items: [{ productId: 'SHIPPED', quantity: 2 }] });
  await reaches(shop, order.orderId, ['CONFIRMED', 'RESERVED']);
  expect(await figuresOf('SHIPPED')).toEqual([5, 3, 2]);
  for (const status of ['processing', 'shipped'])
    expect(await asStaff('PATCH', `/orders/${order.orderId}/status`, { status })).toMatchObject({ status: 200 });
  await reaches(shop, order.orderId, ['SHIPPED', 'DEDUCTED']);
  expect(await figuresOf('SHIPPED')).toEqual([3, 3, 0]);
  expect(await rowsOf(shop).reservation(order.orderId)).toMatchObject({ state: 'DEDUCTED' });
});

test('S1-28 five of five are ordered: stock 5 → 0 and status true → false; a restock puts it on sale again', async () => {
  await sell('LAST', 5);
  const onSale = (status: boolean) =>
    eventually(`LAST is ${status ? 'on' : 'off'} sale`, async () => {
      const { body } = await asStaff('GET', '/products/LAST');
      return body.status === status;
    });
  await onSale(true);
  const { body: order } = await postOrder(shop, { items: [{ productId: 'LAST', quantity: 5 }] });
  await reaches(shop, order.orderId, ['CONFIRMED', 'RESERVED']);
  expect(await figuresOf('LAST')).toEqual([5, 0, 5]);
  await onSale(false);
  await move('LAST', { type: 'receive', quantity: 1 });
  await onSale(true);
});

test('S1-16 S3-43 the order service can ask at once whether there is enough, and what an order holds', async () => {
  const asked = { ask: 'check-stock', tenantId: shop.tenant };
  const lines = [
    { productId: 'RACE', quantity: 1 },
    { productId: 'LEDGER', quantity: 6 },
  ];
  expect(await invoke('InventoryTellOrder', { ...asked, lines })).toEqual({
    short: [{ productId: 'LEDGER', requested: 6, available: 5 }],
  });
});

test('P4 the audit finds what somebody wrote by hand, raises an alert, and repairs it by a movement', async () => {
  const differs = async (asked: unknown = {}) => {
    const report = await invoke('InventoryAudit', asked);
    return report.differences.filter(({ tenantId }: { tenantId: string }) => tenantId === shop.tenant);
  };
  expect(await differs()).toEqual([]);
  await db.send(
    new UpdateCommand({
      TableName: 'inventory',
      Key: { productId: `${shop.tenant}#LEDGER` },
      UpdateExpression: 'SET stock = stock + :one ADD #version :one',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':one': 1 },
    }),
  );
  const found = { onHand: 9, expectedOnHand: 8, reserved: 3, expectedReserved: 3 };
  expect(await differs()).toEqual([{ tenantId: shop.tenant, productId: 'LEDGER', ...found }]);
  expect(await alertReaches('stock_discrepancy:LEDGER', 'RAISED')).toMatchObject({ count: 1 });
  await differs({ repair: { reason: 'counted again', by: 'flow test' } });
  await alertReaches('stock_discrepancy:LEDGER', 'RESOLVED');
  expect(await differs()).toEqual([]);
  const { body } = await asStaff('GET', '/inventory/LEDGER/movements?limit=1');
  expect(body.items).toEqual([expect.objectContaining({ type: 'repair', change: 1, reason: 'counted again' })]);
});

test('S4-29 an order that cannot be reserved raises one alert, which ends when it is reserved after all', async () => {
  await sell('RARE', 0);
  const { body: order } = await postOrder(shop, { items: [{ productId: 'RARE', quantity: 1 }] });
  await reaches(shop, order.orderId, ['PENDING', 'BACKORDERED']);
  const alert = `inventory_reservation_failed:${order.orderId}`;
  expect(await alertReaches(alert, 'RAISED')).toMatchObject({
    count: 1,
    error: 'Insufficient stock for 商品 RARE. Available: 0, Requested: 1',
  });
  await move('RARE', { type: 'receive', quantity: 5 });
  const mine = ({ Body = '' }) => Body.includes(`"${shop.tenant}/${order.orderId}:1"`);
  const letters = await eventually('its message is parked', async () => {
    const found = await deadLetters(mine);
    return found.length > 0 && found;
  });
  await sendAll('inventory-queue', [letters[0]?.Body ?? '']);
  await reaches(shop, order.orderId, ['CONFIRMED', 'RESERVED']);
  await alertReaches(alert, 'RESOLVED');
  const asked = { ask: 'describe-alerts', tenantId: shop.tenant, orderId: order.orderId };
  expect((await invoke('AlertTellOrder', asked)).alerts).toMatchObject([{ state: 'RESOLVED', count: 1 }]);
  await takeDeadLetters(mine);
});

test('S1-12 stock of which nothing is left can be deleted', async () => {
  expect(await asStaff('DELETE', '/inventory/LEDGER')).toMatchObject({ status: 409, body: { title: 'StockNotEmpty' } });
  await sell('GONE', 0);
  expect((await asStaff('DELETE', '/inventory/GONE')).status).toBe(204);
  expect((await asStaff('GET', '/inventory/GONE')).status).toBe(404);
});
