import type { Caller } from '../../lambda/kernel/http/caller';
import { guest } from '../../lambda/kernel/http/caller';
import { hashToken } from '../../lambda/kernel/http/token-hash';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import { cancelOrderRoute, updateOrderStatusRoute } from '../../lambda/order/change-order.http';
import type { Order } from '../../lambda/order/domain/order';
import { getOrderRoute } from '../../lambda/order/get-order.http';
import { orderStore } from '../../lambda/order/order.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { placedOrder } from '../support/orders';
import { freeWaits } from '../support/waits';

const staff: Caller = { tenant: defaultTenant, userId: 'u-staff', roles: ['staff'] };
const ada: Caller = { tenant: defaultTenant, userId: 'ada', email: 'ada@example.com', roles: ['customer'] };
const eve: Caller = { ...ada, userId: 'eve' };
const json = { 'content-type': 'application/json' };

const shop = async (given: Partial<Order> = {}) => {
  const orders = orderStore('orders', memoryDynamoDb().db);
  const order = placedOrder({ trackingTokenHash: hashToken('token'), ownerId: 'ada', customerId: 'ada', ...given });
  await orders.place(order);
  const deps = {
    orders,
    keys: fixedKeys,
    payments: { keptAmountOf: async () => 6600 },
    timeouts: { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T09:00:00Z'),
  };
  const path = (orderId: string) => ({ pathParameters: { orderId } });
  return {
    orders,
    patch: (body: unknown, { caller = staff, orderId = 'ORD-000001', headers = {} } = {}) =>
      call(updateOrderStatusRoute(deps), {
        operation: 'updateOrderStatus',
        ...path(orderId),
        caller,
        headers: { ...json, ...headers },
        body: JSON.stringify(body),
      }),
    cancel: ({ caller = staff as Caller, orderId = 'ORD-000001', headers = {}, body = '' } = {}) =>
      call(cancelOrderRoute(deps), {
        operation: 'cancelOrder',
        ...path(orderId),
        caller,
        headers: { ...json, ...headers },
        body,
      }),
    get: (caller: Caller, headers: Record<string, string> = {}) =>
      call(getOrderRoute({ waits: freeWaits, orders, keys: fixedKeys, now: Date.now, sleep: async () => undefined }), {
        operation: 'getOrder',
        ...path('ORD-000001'),
        caller,
        headers,
      }),
  };
};

const confirmed = { status: 'CONFIRMED', stockStatus: 'RESERVED', dueAt: undefined } as const;

describe('S4-38 PATCH /orders/{orderId}/status', () => {
  test.each(['processing', 'PROCESSING'])(
    'S4-13 takes %s and answers with the order and its new version',
    async (status) => {
      const { patch } = await shop(confirmed);
      const answer = await patch({ status, version: 1 });
      expect([answer.status, answer.headers.etag, answer.body.status, answer.body.version]).toEqual([
        200,
        '"2"',
        'PROCESSING',
        2,
      ]);
    },
  );

  test('S4-16 says which transition there is not', async () => {
    const { patch } = await shop();
    const { status, body } = await patch({ status: 'shipped' });
    expect([status, body.title, body.detail]).toEqual([
      400,
      'InvalidTransition',
      'Cannot transition from pending to shipped',
    ]);
  });

  test('answers 409 when an order is confirmed by hand whose stock is not reserved', async () => {
    const { patch } = await shop();
    expect(await patch({ status: 'confirmed' })).toMatchObject({ status: 409, body: { title: 'StockNotReserved' } });
  });

  test('S4-17 an unknown order and another tenant’s are answered the same', async () => {
    const { patch } = await shop(confirmed);
    const unknown = await patch({ status: 'processing' }, { orderId: 'ORD-000999' });
    expect([unknown.status, unknown.body.detail]).toEqual([404, 'Order ORD-000999 not found']);
    const other = await patch({ status: 'processing' }, { caller: { ...staff, tenant: trustedTenant('shop-b') } });
    expect([other.status, other.body.detail]).toEqual([404, 'Order ORD-000001 not found']);
  });

  test('P14 does not repeat what is no order’s ID', async () => {
    const { patch } = await shop();
    const { body } = await patch({ status: 'shipped' }, { orderId: 'canary@example.com' });
    expect([body.status, body.detail]).toEqual([404, 'Order not found']);
  });

  test('S4-19 answers 409 with the version that the order has, and 412 to an If-Match that is old', async () => {
    const { patch } = await shop({ ...confirmed, version: 1 });
    expect(await patch({ status: 'processing', version: 9 })).toMatchObject({
      status: 409,
      body: { title: 'VersionMismatch', error: 'VersionMismatchError', currentVersion: 1 },
    });
    const stale = await patch({ status: 'processing' }, { headers: { 'if-match': '"9"' } });
    expect([stale.status, stale.body.title]).toEqual([412, 'PreconditionFailed']);
    expect((await patch({ status: 'processing' }, { headers: { 'if-match': '"1"' } })).status).toBe(200);
  });

  test('S4-19, S4-45: one of twenty requests with the same version wins, and the others are told so', async () => {
    const { patch, orders } = await shop(confirmed);
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch({ status: 'processing', version: 1 })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body.currentVersion === 2)).toHaveLength(19);
    expect(await orders.get({ tenant: defaultTenant, orderId: 'ORD-000001' })).toMatchObject({ version: 2 });
  });

  test.each([ada, guest(defaultTenant)])('is for staff alone', async (caller) => {
    const { patch } = await shop(confirmed);
    expect([401, 403]).toContain((await patch({ status: 'processing' }, { caller })).status);
  });

  test.each([{}, { status: 'gone' }, { status: 'SHIPPED', tenant: 'x' }, { status: 'SHIPPED', version: 0 }, []])(
    'P15 refuses the body %j',
    async (body) => {
      const { patch } = await shop(confirmed);
      expect((await patch(body)).status).toBe(400);
    },
  );
});

describe('POST /orders/{orderId}/cancel', () => {
  test.each([
    ['its owner', { caller: ada }, 'by-customer'],
    [
      'a guest with its token',
      { caller: guest(defaultTenant), headers: { 'x-tracking-token': 'token' } },
      'by-customer',
    ],
    ['staff', { caller: staff }, 'by-staff'],
  ] as const)('S4-30 %s cancels an order', async (_who, given, reason) => {
    const { cancel, orders } = await shop(confirmed);
    expect(await cancel(given)).toMatchObject({ status: 200, body: { status: 'CANCELLED', version: 2 } });
    expect(await orders.get({ tenant: defaultTenant, orderId: 'ORD-000001' })).toMatchObject({ fact: { reason } });
  });

  test.each([
    ['another customer', { caller: eve }],
    ['another customer with a wrong token', { caller: eve, headers: { 'x-tracking-token': 'wrong' } }],
    ['a guest with a wrong token', { caller: guest(defaultTenant), headers: { 'x-tracking-token': 'wrong' } }],
    ['another tenant’s staff', { caller: { ...staff, tenant: trustedTenant('shop-b') } }],
    [
      'another tenant’s guest with the token',
      { caller: guest(trustedTenant('shop-b')), headers: { 'x-tracking-token': 'token' } },
    ],
  ] as const)('P8 %s finds no order to cancel', async (_who, given) => {
    const { cancel, orders } = await shop(confirmed);
    expect(await cancel(given)).toMatchObject({ status: 404, body: { detail: 'Order ORD-000001 not found' } });
    expect(await orders.get({ tenant: defaultTenant, orderId: 'ORD-000001' })).toMatchObject({ version: 1 });
  });

  test('cancelled again, nothing changes; shipped, it is refused', async () => {
    const { cancel } = await shop(confirmed);
    await cancel({ caller: ada });
    expect(await cancel({ caller: ada })).toMatchObject({ status: 200, body: { version: 2 } });
    const shipped = await shop({ status: 'SHIPPED', stockStatus: 'RESERVED' });
    expect((await shipped.cancel()).body.detail).toBe('Cannot transition from shipped to cancelled');
  });

  test('takes a version, and no other field', async () => {
    const { cancel } = await shop(confirmed);
    expect((await cancel({ body: '{"version":9}' })).status).toBe(409);
    expect((await cancel({ body: '{"reason":"out-of-stock"}' })).status).toBe(400);
    expect((await cancel({ body: '{"version":1}' })).status).toBe(200);
  });
});

describe('GET /orders/{orderId} with a token', () => {
  test('shows owner and staff the e-mail address, and another customer nothing', async () => {
    const { get } = await shop();
    expect(await get(ada)).toMatchObject({
      status: 200,
      body: { customerEmail: 'taro@example.com', customerId: 'ada' },
    });
    expect(await get(staff)).toMatchObject({ status: 200, body: { customerEmail: 'taro@example.com' } });
    expect((await get(eve)).status).toBe(404);
    expect((await get(eve, { 'x-tracking-token': 'token' })).body.customerEmail).toBeUndefined();
  });

  test('a guest’s order is nobody’s, even if the guest has named a user', async () => {
    const { get } = await shop({ ownerId: undefined, customerId: 'ada' });
    expect((await get(ada)).status).toBe(404);
  });

  test('answers 304 to who has seen this version', async () => {
    const { get } = await shop();
    const seen = await get(staff, { 'if-none-match': '"1"' });
    expect([seen.status, seen.body, seen.headers.etag]).toEqual([304, undefined, '"1"']);
    expect((await get(staff, { 'if-none-match': '"2"' })).status).toBe(200);
  });
});
