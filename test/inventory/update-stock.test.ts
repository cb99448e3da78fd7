import type { MovementType } from '../../lambda/contracts/api/stock-api';
import { UpdateStockResponse } from '../../lambda/contracts/api/stock-api';
import { stockEvents } from '../../lambda/inventory/inventory-events';
import type { LedgerStore } from '../../lambda/inventory/stock/ledger.store';
import { deleteStockRoute, updateStockRoute } from '../../lambda/inventory/stock/stock.http';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import type { Caller } from '../../lambda/kernel/http/caller';
import { type Tenant, trustedTenant } from '../../lambda/kernel/tenant';
import { aStockItem } from '../stores/builders';
import { call } from '../support/http';
import { inventoryStores } from './inventory-stores';

const tenant = trustedTenant('shop-a');
const at = '2026-11-21T08:00:00.000Z';
const now = () => new Date(at);
const backoff = { attempts: 5, baseMs: 0, random: () => 0, sleep: async () => undefined };

const staffOf = (of: Tenant): Caller => ({ tenant: of, userId: 'staff-1', roles: ['staff'] });

/** A warehouse with one product; `stock` are its figures. */
const warehouse = async (given: Partial<StockItem> = {}, busy: Partial<LedgerStore> = {}) => {
  const { ledger } = inventoryStores(now);
  await ledger.save(aStockItem(tenant, 'PRD-001', given));
  const deps = { ledger: { ...ledger, ...busy }, backoff, now };
  const send = (
    body: Record<string, unknown>,
    { productId = 'PRD-001', headers = {}, caller = staffOf(tenant), sourceIp } = {} as {
      productId?: string;
      sourceIp?: string;
      headers?: Record<string, string>;
      caller?: Caller;
    },
  ) =>
    call(updateStockRoute(deps), {
      operation: 'updateStock',
      pathParameters: { productId },
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ reason: 'counted', ...body }),
      caller,
      sourceIp,
    });
  const remove = (headers: Record<string, string> = {}) =>
    call(deleteStockRoute(deps), {
      operation: 'deleteStock',
      pathParameters: { productId: 'PRD-001' },
      headers,
      caller: staffOf(tenant),
    });
  const figures = async () => {
    const item = await ledger.get({ tenant, productId: 'PRD-001' });
    return item && [item.stock, item.reservedQuantity, item.reservedByHand];
  };
  return {
    send,
    remove,
    figures,
    ledger,
    movements: () => ledger.movements({ tenant, productId: 'PRD-001' }, { limit: 9 }),
  };
};

test('S2-39 the event of a stock reports who moved it by hand, and nobody of what an order moves after that', async () => {
  const shop = await warehouse({ stock: 0 });
  const key = { tenant, productId: 'PRD-001' };
  const before = await shop.ledger.get(key);
  await shop.send({ type: 'receive', quantity: 1 }, { sourceIp: '203.0.113.77' });
  const moved = await shop.ledger.get(key);
  if (before === undefined || moved === undefined) throw new Error('the product is gone');
  expect(stockEvents(before, moved)).toEqual([
    expect.objectContaining({ type: 'ProductRestocked.v1', actor: 'staff-1', network: '203.0.113.0/24' }),
  ]);
  const [soldOut] = stockEvents(moved, { ...moved, stock: 0, reservedQuantity: 1, version: moved.version + 1 });
  expect([soldOut?.type, soldOut?.actor, soldOut?.network]).toEqual(['ProductSoldOut.v1', undefined, undefined]);
});

describe('PATCH /inventory/{productId}', () => {
  test.each<[MovementType, number, readonly [number, number, number], number]>([
    ['receive', 5, [15, 4, 3], 5],
    ['adjust', -4, [6, 4, 3], -4],
    ['adjust', 3, [13, 4, 3], 3],
    ['reserve', 4, [6, 8, 7], 0],
    ['release', 2, [12, 2, 1], 0],
    ['deduct', 3, [10, 1, 0], -3],
  ])('S1-12 S4-41 %s %i makes %j available, reserved, reserved by hand', async (type, quantity, figures, change) => {
    const shop = await warehouse({ stock: 10, reservedQuantity: 4, reservedByHand: 3 });
    const { status, headers, body } = await shop.send({ type, quantity });
    expect([status, headers.etag]).toEqual([200, '"2"']);
    expect(await shop.figures()).toEqual(figures);
    expect(UpdateStockResponse.strict().parse(body)).toMatchObject({
      productCode: 'PRD-001',
      available: figures[0],
      reservedQuantity: figures[1],
      quantity: figures[0] + figures[1],
      movement: { type, quantity, change, by: 'staff-1', reason: 'counted', version: 2 },
    });
  });

  test('S4-06 only what is received restocks', async () => {
    const shop = await warehouse({ lastRestockedAt: '2026-01-01T00:00:00.000Z' });
    expect((await shop.send({ type: 'adjust', quantity: 5 })).body.lastRestockedAt).toBe('2026-01-01T00:00:00.000Z');
    expect((await shop.send({ type: 'receive', quantity: 5 })).body.lastRestockedAt).toBe(at);
  });

  test('S1-23 S4-21 more than is available is refused, in these words', async () => {
    const shop = await warehouse({ stock: 2, reservedQuantity: 8 });
    const { status, body } = await shop.send({ type: 'reserve', quantity: 3 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      title: 'InsufficientStock',
      error: 'InsufficientStockError',
      detail: 'Insufficient inventory for PRD-001: requested 3, available 2',
    });
    expect(await shop.figures()).toEqual([2, 8, 0]);
    expect(await shop.movements()).toEqual([]);
  });

  test('P4 an adjustment never makes less than nothing, a deduction takes nothing that an order holds', async () => {
    const shop = await warehouse({ stock: 2, reservedQuantity: 5, reservedByHand: 1 });
    const adjusted = await shop.send({ type: 'adjust', quantity: -3 });
    expect(adjusted.body.detail).toBe('Insufficient inventory for PRD-001: requested 3, available 2');
    const deducted = await shop.send({ type: 'deduct', quantity: 2 });
    expect(deducted.body.detail).toBe('Insufficient inventory for PRD-001: requested 2, available 1');
  });

  test('S4-25 a release never takes more from reserved than hands have reserved', async () => {
    const shop = await warehouse({ stock: 2, reservedQuantity: 5, reservedByHand: 1 });
    const { body } = await shop.send({ type: 'release', quantity: 9 });
    expect(body.movement).toMatchObject({ quantity: 9, change: 0, reservedChange: -1 });
    expect(await shop.figures()).toEqual([3, 4, 0]);
  });

  test('S4-22 an unknown product is not found, in these words; another tenant’s is as unknown', async () => {
    const shop = await warehouse({ stock: 2 });
    const unknown = await shop.send({ type: 'receive', quantity: 1 }, { productId: 'NONE' });
    expect([unknown.status, unknown.body.detail]).toEqual([404, 'Product NONE not found']);
    expect(unknown.body).toMatchObject({ title: 'ProductNotFound', error: 'ProductNotFoundError' });
    const foreign = await shop.send({ type: 'receive', quantity: 1 }, { caller: staffOf(trustedTenant('shop-b')) });
    expect([foreign.status, foreign.body.detail]).toEqual([404, 'Product PRD-001 not found']);
    const impossible = await shop.send({ type: 'receive', quantity: 1 }, { productId: 'a b' });
    expect(impossible.status).toBe(404);
  });
});

describe('versions of stock', () => {
  test('S4-24 a caller who has seen an older version is refused, and told the newest', async () => {
    const shop = await warehouse({ stock: 2 });
    await shop.send({ type: 'receive', quantity: 1 });
    const { status, body } = await shop.send({ type: 'receive', quantity: 1, expectedVersion: 1 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      title: 'VersionMismatch',
      error: 'VersionMismatchError',
      detail: 'Inventory was modified, please retry',
      currentVersion: 2,
    });
    expect((await shop.send({ type: 'receive', quantity: 1, expectedVersion: 2 })).status).toBe(200);
  });

  test('If-Match of another version answers 412', async () => {
    const shop = await warehouse({ stock: 2 });
    const { status, body } = await shop.send({ type: 'receive', quantity: 1 }, { headers: { 'if-match': '"9"' } });
    expect([status, body.title]).toEqual([412, 'PreconditionFailed']);
    expect((await shop.send({ type: 'receive', quantity: 1 }, { headers: { 'if-match': '"1"' } })).status).toBe(200);
  });

  test('S4-23 S4-45 twenty callers who have seen the same version: one of them wins', async () => {
    const shop = await warehouse({ stock: 20 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => shop.send({ type: 'reserve', quantity: 1, expectedVersion: 1 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(409)]);
    expect(await shop.figures()).toEqual([19, 1, 1]);
  });

  test('callers who name no version all win, one after the other', async () => {
    const shop = await warehouse({ stock: 4 });
    const answers = await Promise.all(Array.from({ length: 4 }, () => shop.send({ type: 'reserve', quantity: 1 })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await shop.figures()).toEqual([0, 4, 4]);
  });

  test('S4-24 who is never fast enough is told to try again', async () => {
    const shop = await warehouse({ stock: 4 }, { record: async () => false });
    const { status, body } = await shop.send({ type: 'receive', quantity: 1 });
    expect([status, body.title]).toEqual([409, 'VersionMismatch']);
  });
});

describe('a request that is sent twice', () => {
  const headers = { 'idempotency-key': 'key-1' };

  test('S4-47 moves stock once, and is answered as the first', async () => {
    const shop = await warehouse();
    const first = await shop.send({ type: 'receive', quantity: 5 }, { headers });
    const second = await shop.send({ type: 'receive', quantity: 5 }, { headers });
    expect([second.status, second.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect(second.body).toEqual(first.body);
    expect(await shop.figures()).toEqual([5, 0, 0]);
  });

  test('S4-47 moves stock once when both come at the same time', async () => {
    const shop = await warehouse();
    const both = await Promise.all([1, 2].map(() => shop.send({ type: 'receive', quantity: 5 }, { headers })));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await shop.figures()).toEqual([5, 0, 0]);
  });

  test('P3 is refused when it asks something else, and is another person’s own', async () => {
    const shop = await warehouse();
    await shop.send({ type: 'receive', quantity: 5 }, { headers });
    const other = await shop.send({ type: 'receive', quantity: 6 }, { headers });
    expect([other.status, other.body.title]).toEqual([422, 'IdempotencyKeyMismatch']);
    const colleague = { ...staffOf(tenant), userId: 'staff-2' };
    expect((await shop.send({ type: 'receive', quantity: 6 }, { headers, caller: colleague })).status).toBe(200);
    expect(await shop.figures()).toEqual([11, 0, 0]);
  });

  test('P15 a key that no request may have is refused', async () => {
    const shop = await warehouse();
    const answer = await shop.send({ type: 'receive', quantity: 5 }, { headers: { 'idempotency-key': 'ключ' } });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/headers/Idempotency-Key']);
  });
});

test.each([
  ['nothing', { type: 'receive' }],
  ['nothing at all', { type: 'receive', quantity: 0 }],
  ['less than nothing', { type: 'receive', quantity: -1 }],
  ['an adjustment of nothing', { type: 'adjust', quantity: 0 }],
  ['half a piece', { type: 'receive', quantity: 0.5 }],
  ['more than can be', { type: 'receive', quantity: 1_000_000_001 }],
  ['a number as text', { type: 'receive', quantity: '1' }],
  ['the audit’s own type', { type: 'repair', quantity: 1 }],
  ['no reason', { type: 'receive', quantity: 1, reason: ' ' }],
  ['an unknown field', { type: 'receive', quantity: 1, stock: 9 }],
  ['a tenant', { type: 'receive', quantity: 1, tenantId: 'shop-b' }],
])('P15 a movement of %s is refused before anything is read', async (_what, body) => {
  const shop = await warehouse({ stock: 5 });
  expect((await shop.send(body)).status).toBe(400);
  expect(await shop.figures()).toEqual([5, 0, 0]);
});

describe('DELETE /inventory/{productId}', () => {
  test('S1-12 forgets a product of which nothing is there, and receiving goods begins it anew', async () => {
    const shop = await warehouse();
    expect(await shop.remove()).toMatchObject({ status: 204, body: undefined });
    expect((await shop.remove()).status).toBe(404);
    expect((await shop.send({ type: 'adjust', quantity: 1 })).status).toBe(404);
    const { status, body } = await shop.send({ type: 'receive', quantity: 5 });
    expect([status, body.available, body.version]).toEqual([200, 5, 3]);
  });

  test.each([
    ['available', { stock: 1 }],
    ['reserved', { reservedQuantity: 1 }],
  ])('keeps a product of which some is %s', async (_what, given) => {
    const { status, body } = await (await warehouse(given)).remove();
    expect([status, body.title]).toEqual([409, 'StockNotEmpty']);
  });

  test('honours If-Match', async () => {
    const shop = await warehouse();
    expect((await shop.remove({ 'if-match': '"2"' })).status).toBe(412);
    expect((await shop.remove({ 'if-match': '"1"' })).status).toBe(204);
  });
});
