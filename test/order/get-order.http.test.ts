import { GetOrderResponse } from '../../lambda/contracts/api/order-api';
import { guest } from '../../lambda/kernel/http/caller';
import { hashToken } from '../../lambda/kernel/http/token-hash';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { OrderKey } from '../../lambda/order/domain/order';
import { getOrderRoute } from '../../lambda/order/get-order.http';
import { healthRoute } from '../../lambda/order/health.http';
import { trackingToken } from '../../lambda/order/placing/order-number';
import { call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { placedOrder } from '../support/orders';
import { onlySecret } from '../support/secrets';
import { freeWaits } from '../support/waits';

const key = { tenant: defaultTenant, orderId: 'ORD-000001' };
const token = trackingToken(onlySecret('secret'), key);
const asked: OrderKey[] = [];
const clock = { at: 0, slept: [] as number[] };
const versions = [{ from: 0, version: 1 }];

const route = getOrderRoute({
  keys: fixedKeys,
  waits: freeWaits,
  now: () => clock.at,
  sleep: async (ms) => {
    clock.at += ms;
    clock.slept.push(ms);
  },
  orders: {
    get: async (wanted) => {
      asked.push(wanted);
      const known = wanted.tenant === 'default' && wanted.orderId === 'ORD-000001';
      const { version } = versions.findLast(({ from }) => from <= clock.at) ?? { version: 1 };
      return known ? placedOrder({ trackingTokenHash: hashToken(token), version }) : undefined;
    },
  },
});

const get = (
  orderId: string,
  headers: Record<string, string> = { 'X-Tracking-Token': token },
  tenant = defaultTenant,
) => call(route, { operation: 'getOrder', pathParameters: { orderId }, headers, caller: guest(tenant) });

const waitFor = (waitForVersion: string, headers: Record<string, string> = {}, orderId = 'ORD-000001') =>
  call(route, {
    operation: 'getOrder',
    pathParameters: { orderId },
    query: { waitForVersion },
    headers: { 'X-Tracking-Token': token, ...headers },
    caller: guest(defaultTenant),
  });

describe('S4-37 GET /orders/{orderId}', () => {
  test('shows the order, its three statuses and its history to who has the token', async () => {
    const { status, headers, body } = await get('ORD-000001');
    expect([status, headers.etag]).toEqual([200, '"1"']);
    expect(body).toMatchObject({
      status: 'PENDING',
      paymentStatus: 'NOT_REQUIRED',
      stockStatus: 'PENDING',
      version: 1,
    });
    expect(body.history).toEqual([
      { at: '2026-11-21T08:00:00.000Z', event: 'OrderPlaced', status: 'PENDING', stockStatus: 'PENDING' },
    ]);
    expect(GetOrderResponse.parse(body)).toEqual(body);
    expect(JSON.stringify(body)).not.toContain('taro@example.com');
  });

  test('asks for the token when there is none, whether the order exists or not', async () => {
    const known = await get('ORD-000001', {});
    const unknown = await get('ORD-000999', {});
    expect([known.status, known.body.title]).toEqual([401, 'TrackingTokenRequired']);
    expect({ ...known.body, correlationId: '' }).toEqual({ ...unknown.body, correlationId: '' });
  });

  test('P8 answers an unknown order, a wrong token and another tenant the same', async () => {
    const answers = [
      await get('ORD-000999'),
      await get('ORD-000001', { 'x-tracking-token': 'wrong' }),
      await get('ORD-000001', { 'x-tracking-token': token }, trustedTenant('shop-b')),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body.detail).toMatch(/^Order ORD-\d{6} not found$/);
    }
  });

  test.each([
    '../ORD-000001',
    'ORD-000001#x',
    'IDEMPOTENCY#x',
    'COUNTER',
    'ORD-1',
    '',
    'shop-b#ORD-000001',
    'x'.repeat(1024),
  ])('does not look up %p, which is no order ID', async (orderId) => {
    asked.length = 0;
    expect((await get(orderId)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('S2-30 GET /orders/{orderId}?waitForVersion=N', () => {
  beforeEach(() => {
    Object.assign(clock, { at: 0, slept: [] });
    versions.splice(
      0,
      versions.length,
      { from: 0, version: 3 },
      { from: 2000, version: 4 },
      { from: 9000, version: 6 },
    );
  });

  test('answers at once when the order has that version, or a newer one', async () => {
    expect([(await waitFor('3')).body.version, (await waitFor('1')).body.version, clock.slept]).toEqual([3, 3, []]);
  });

  test('waits until the order has it, looking seldom', async () => {
    const { status, body, headers } = await waitFor('4');
    expect([status, body.version, headers.etag]).toEqual([200, 4, '"4"']);
    expect(clock.slept).toEqual([250, 500, 1000, 1000]);
  });

  test('answers a newer version when that one was passed', async () => {
    expect((await waitFor('5')).body.version).toBe(6);
  });

  test('answers the order as it is after 20 seconds, and not later', async () => {
    const { status, body } = await waitFor('9007199254740991');
    expect([status, body.version, clock.at]).toEqual([200, 6, 20_000]);
  });

  test('says "not modified" when nothing has come and the client has that version', async () => {
    versions.splice(1);
    expect((await waitFor('4', { 'If-None-Match': '"3"' })).status).toBe(304);
  });

  test('P8 nobody waits for an order that they may not see', async () => {
    expect((await waitFor('9', { 'X-Tracking-Token': 'wrong' })).status).toBe(404);
    expect((await waitFor('9', {}, 'ORD-000999')).status).toBe(404);
    expect(clock.slept).toEqual([]);
  });

  test.each(['0', '-1', '1.5', '', ' ', 'x', '1e400', 'NaN', '9007199254740993', '1, 2', '{}', '∞'])(
    'P15 refuses the version %p, naming the parameter',
    async (version) => {
      const { status, body } = await waitFor(version);
      expect([status, body.title]).toEqual([400, 'ValidationFailed']);
      expect(body.errors).toEqual([{ pointer: '/query/waitForVersion', detail: expect.any(String) }]);
      expect(clock.slept).toEqual([]);
    },
  );
});

describe('GET /health', () => {
  const fine = async () => undefined;
  const down = async () => {
    throw new Error('canary');
  };

  test('S2-40 answers with the build and each dependency', async () => {
    const { status, body } = await call(
      healthRoute('abc1234', { orders: fine }, () => 5),
      { operation: 'health' },
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ok',
      build: 'abc1234',
      dependencies: { orders: { status: 'ok', milliseconds: 0 } },
    });
  });

  test('answers 503 and names the dependency that is down, but not why', async () => {
    const { status, body } = await call(
      healthRoute('abc1234', { orders: fine, orderEvents: down }, () => 5),
      { operation: 'health' },
    );
    expect([status, body.status, body.dependencies.orderEvents.status]).toEqual([503, 'degraded', 'failed']);
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});
