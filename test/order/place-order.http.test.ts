import { PlaceOrderResponse } from '../../lambda/contracts/api/order-api';
import { routes } from '../../lambda/contracts/api/routes';
import type { Claim } from '../../lambda/kernel/dynamodb/claim';
import { guest } from '../../lambda/kernel/http/caller';
import type { Request } from '../../lambda/kernel/http/route';
import { serve } from '../../lambda/kernel/http/serve';
import { trustedTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import type { PlaceOutcome } from '../../lambda/order/order.store';
import { type PlaceOrderDeps, placeOrderRoute } from '../../lambda/order/placing/place-order.http';
import { apiEvent, call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { orderRoute } from '../support/order-route';
import { onlySecret } from '../support/secrets';

const product = { currency: 'JPY', taxRateBps: 1000, onSale: true };
const products = new Map([
  ['PROD-001', { ...product, productId: 'PROD-001', name: 'ノートPC', price: 150_000 }],
  ['PROD-002', { ...product, productId: 'PROD-002', name: 'ワイヤレスマウス', price: 3000 }],
  ['PROD-OLD', { ...product, productId: 'PROD-OLD', name: '販売終了品', price: 100, onSale: false }],
  ['PROD-USD', { ...product, productId: 'PROD-USD', name: 'Wireless Mouse', price: 2999, currency: 'USD' }],
  ['PROD-BIG', { ...product, productId: 'PROD-BIG', name: '高級車', price: 90_000_000 }],
]);

const setUp = (overrides: Partial<PlaceOrderDeps> = {}, outcome?: PlaceOutcome) => {
  const placed: { order: Order; claim: Claim | undefined }[] = [];
  const deps: PlaceOrderDeps = {
    orders: {
      place: async (order, claim) => {
        placed.push({ order, claim });
        return outcome ?? { placed: true };
      },
      get: async () => placed[0]?.order,
      claimedBy: async () => undefined,
    },
    products: { find: async (_tenant, ids) => new Map([...products].filter(([id]) => ids.includes(id))) },
    stock: { shortOf: async () => undefined },
    keys: fixedKeys,
    nextCode: async () => 'ORD-000007',
    trackingSecret: onlySecret('tracking-secret'),
    timeouts: { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T08:00:00.000Z'),
    ...overrides,
  };
  const route = placeOrderRoute(deps);
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    call(route, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  return { post, placed };
};

const good = { customerEmail: 'taro@example.com', items: [{ productId: 'PROD-002', quantity: 2 }] };

describe('S4-35 POST /orders', () => {
  test('S0-18, S0-19: answers 201 with the order, its code, its time and its amounts', async () => {
    const { post, placed } = setUp();
    const { status, headers, body } = await post(good);
    expect(status).toBe(201);
    expect(headers.location).toBe('/orders/ORD-000007');
    expect(body).toEqual({
      orderId: 'ORD-000007',
      tenantId: 'default',
      code: 'ORD-000007',
      name: 'Order ORD-000007',
      version: 1,
      placedAt: '2026-11-21T08:00:00.000Z',
      status: 'PENDING',
      paymentStatus: 'NOT_REQUIRED',
      stockStatus: 'PENDING',
      items: [{ productId: 'PROD-002', name: 'ワイヤレスマウス', quantity: 2, unitPrice: 3000, lineTotal: 6000 }],
      subtotal: 6000,
      tax: 600,
      total: 6600,
      currency: 'JPY',
      createdAt: '2026-11-21T08:00:00.000Z',
      trackingToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(PlaceOrderResponse.parse(body)).toEqual(body);
    expect(placed).toHaveLength(1);
  });

  test('stores the hash of the tracking token and not the token', async () => {
    const { post, placed } = setUp();
    const { body } = await post(good);
    expect(JSON.stringify(placed)).not.toContain(body.trackingToken);
    expect(placed[0]?.order.trackingTokenHash).toMatch(/^[\w-]{43}$/);
  });

  test('an accepted order is due for the sweep after the answer window', async () => {
    const { post, placed } = setUp();
    await post(good);
    expect(placed[0]?.order.dueAt).toBe('2026-11-21T08:01:00.000Z');
  });

  test('S0-16, S0-17, S1-30: validates required fields and data types, and names every wrong one with its JSON pointer, and leaves nothing behind', async () => {
    const { post, placed } = setUp();
    const { status, headers, body } = await post({
      customerEmail: 'taro',
      items: [{ productId: 'PROD 002', quantity: 0, colour: 'red' }, { quantity: '1' }],
      tenantId: 'shop-b',
    });
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'urn:problem:ValidationFailed', title: 'ValidationFailed', status: 400 });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/customerEmail',
      '/items/0/colour',
      '/items/0/productId',
      '/items/0/quantity',
      '/items/1/productId',
      '/items/1/quantity',
      '/tenantId',
    ]);
    expect(placed).toEqual([]);
  });

  test.each([
    [
      'an unknown product',
      { items: [{ productId: 'PROD-999', quantity: 1 }] },
      404,
      'ProductNotFound',
      '/items/0/productId',
    ],
    [
      'a product that is off sale',
      { items: [{ productId: 'PROD-OLD', quantity: 1 }] },
      409,
      'ProductDiscontinued',
      '/items/0/productId',
    ],
    [
      'another price',
      { items: [{ productId: 'PROD-002', quantity: 1, price: 2999 }] },
      409,
      'PriceChanged',
      '/items/0/price',
    ],
    [
      'a price with decimals that the currency has not',
      { items: [{ productId: 'PROD-002', quantity: 1, price: 3000.001 }] },
      409,
      'PriceChanged',
      '/items/0/price',
    ],
    [
      'two currencies',
      {
        items: [
          { productId: 'PROD-002', quantity: 1 },
          { productId: 'PROD-USD', quantity: 1 },
        ],
      },
      400,
      'ValidationFailed',
      '/items/1/productId',
    ],
    ['another currency than asked for', { currency: 'USD' }, 400, 'ValidationFailed', '/items/0/productId'],
    [
      'an amount that is too large',
      { items: [{ productId: 'PROD-BIG', quantity: 9999 }] },
      400,
      'OrderTooLarge',
      '/items',
    ],
    [
      'the same product twice',
      {
        items: [
          { productId: 'PROD-002', quantity: 1 },
          { productId: 'PROD-002', quantity: 1 },
        ],
      },
      400,
      'ValidationFailed',
      '/items',
    ],
    ['no lines', { items: [] }, 400, 'ValidationFailed', '/items'],
    [
      '51 lines',
      { items: Array.from({ length: 51 }, (_, n) => ({ productId: `P-${n}`, quantity: 1 })) },
      400,
      'ValidationFailed',
      '/items',
    ],
  ])('refuses %s', async (_what, change, status, problem, pointer) => {
    const { post, placed } = setUp();
    const answer = await post({ ...good, ...change });
    expect([answer.status, answer.body.title, answer.body.errors[0].pointer]).toEqual([status, problem, pointer]);
    expect(placed).toEqual([]);
  });

  test('accepts the price that the catalog has', async () => {
    const { post } = setUp();
    const items = [{ productId: 'PROD-USD', quantity: 2, price: 29.99 }];
    const { status, body } = await post({ ...good, items });
    expect([status, body.subtotal, body.tax, body.total, body.currency]).toEqual([201, 59.98, 6, 65.98, 'USD']);
  });

  test.each([
    ['application/json', 201],
    ['application/json; charset=utf-8', 201],
    ['APPLICATION/JSON', 201],
    ['text/plain', 415],
    ['application/xml', 415],
    ['', 415],
  ])('content type %p is answered %i', async (contentType, status) => {
    const { post } = setUp();
    expect((await post(good, { 'Content-Type': contentType })).status).toBe(status);
  });

  test('refuses a body over 64 KB with 413', async () => {
    const { post } = setUp();
    const { status, body } = await post({ ...good, note: 'x'.repeat(70_000) });
    expect([status, body.title]).toEqual([413, 'PayloadTooLarge']);
  });

  test('P8 takes the tenant from the caller, whatever the request says', async () => {
    const { route, placed } = orderRoute();
    const headers = { 'content-type': 'application/json', 'x-storefront-key': 'key-of-shop-b', 'x-tenant': 'shop-b' };
    await call(route, { body: JSON.stringify(good), headers, caller: guest(trustedTenant('shop-a')) });
    expect(placed[0]?.tenant).toBe('shop-a');
  });

  test('a guest without a storefront key orders from the default tenant', async () => {
    const { post, placed } = setUp();
    await post(good);
    expect(placed[0]?.order.tenant).toBe('default');
  });

  test.each([
    ['en-GB,en;q=0.9', 'en'],
    ['fr, en;q=0.9', 'en'], // F-47
    ['ja;q=0.1, en', 'en'], // F-47
    ['ja-JP', 'ja'],
    ['', 'ja'],
  ])('Accept-Language %p makes an order in %s', async (language, locale) => {
    const { post, placed } = setUp();
    await post(good, { 'Accept-Language': language });
    expect(placed[0]?.order.locale).toBe(locale);
  });
});

const notCalled = async () => {
  throw new Error('not called here');
};
const unused = { place: notCalled, get: notCalled, claimedBy: notCalled };

describe('POST /orders with an Idempotency-Key (P3)', () => {
  const key = { 'Idempotency-Key': '0b7e4a52-0f39-4c6e-a7b5-7f6c3f6b7c11' };

  test('claims the key in the same write as the order', async () => {
    const { post, placed } = setUp();
    await post(good, key);
    await post({ ...good, items: [{ quantity: 2, productId: 'PROD-002' }] }, key);
    expect(placed[0]?.claim?.key).toMatch(/^[\w-]{43}$/);
    expect(placed[1]?.claim).toEqual(placed[0]?.claim);
  });

  test('answers a repeated request with the order of the first, as it was then', async () => {
    const first = setUp();
    const answered = await first.post(good, key);
    const { order, claim } = first.placed[0] ?? {};
    const later = { ...(order as Order), status: 'CONFIRMED', stockStatus: 'RESERVED', version: 2 } as Order;
    const claimedBy = { requestHash: claim?.requestHash ?? '', orderId: 'ORD-000007' };
    const again = setUp({
      keys: fixedKeys,
      nextCode: async () => 'ORD-000008',
      orders: { ...unused, place: async () => ({ placed: false, claimedBy }), get: async () => later },
    });
    const repeated = await again.post(good, key);
    expect(repeated.status).toBe(201);
    expect(repeated.body).toEqual(answered.body);
    expect(repeated.headers['idempotency-replayed']).toBe('true');
  });

  test.each([
    ['is off sale', { onSale: false }],
    ['has another price', { price: 3500 }],
    ['is sold in another currency', { currency: 'USD' }],
  ])('P3 answers a repeated request as the first, although the product %s by now', async (_what, change) => {
    const asked = { ...good, currency: 'JPY', items: [{ productId: 'PROD-002', quantity: 2, price: 3000 }] };
    const first = setUp();
    const answered = await first.post(asked, key);
    const { order, claim } = first.placed[0] ?? {};
    const holder = { requestHash: claim?.requestHash ?? '', orderId: 'ORD-000007' };
    const claimedBy = async (_tenant: string, used: string) => (used === claim?.key ? holder : undefined);
    const mouse = { ...product, productId: 'PROD-002', name: 'ワイヤレスマウス', price: 3000, ...change };
    const again = setUp({
      products: { find: async () => new Map([['PROD-002', mouse]]) },
      orders: { ...unused, get: async () => order, claimedBy },
    });
    const repeated = await again.post(asked, key);
    expect([repeated.status, repeated.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(repeated.body).toEqual(answered.body);
    const other = await again.post({ ...asked, customerId: 'jiro' }, key);
    expect([other.status, other.body.title]).toEqual([422, 'IdempotencyKeyMismatch']);
    const fresh = await again.post(asked, { 'Idempotency-Key': 'never-used-before' });
    expect(fresh.body.title).not.toBe('IdempotencyKeyMismatch');
    expect(fresh.status).toBeGreaterThanOrEqual(400);
  });

  test('reads no claim on the way to a new order', async () => {
    const { post } = setUp({
      orders: {
        ...unused,
        place: async () => ({ placed: true }),
      },
    });
    expect((await post(good, key)).status).toBe(201);
  });

  test('refuses the key with another body', async () => {
    const { post } = setUp({}, { placed: false, claimedBy: { requestHash: 'of another body', orderId: 'ORD-000001' } });
    const { status, body } = await post(good, key);
    expect([status, body.title]).toEqual([422, 'IdempotencyKeyMismatch']);
  });

  test('answers 409 while a request with the key is still running', async () => {
    const { post } = setUp({}, { placed: false, claimedBy: 'unknown' });
    const { status, body, headers } = await post(good, key);
    expect([status, body.title, headers['retry-after']]).toEqual([409, 'IdempotencyKeyInUse', '1']);
  });

  test.each(['', 'x'.repeat(256), 'schlüssel', 'a b', 'one, two'])('refuses the key %p', async (value) => {
    const { post, placed } = setUp();
    const { status, body } = await post(good, { 'Idempotency-Key': value });
    expect([status, body.errors[0].pointer]).toEqual([400, '/headers/Idempotency-Key']);
    expect(placed).toEqual([]);
  });

  test('a header that is sent twice has both values, so that two keys are refused like “one, two”', async () => {
    const route = async ({ header }: Request) => ({ status: 200, body: { key: header('idempotency-key') } });
    const event = { ...apiEvent({ headers: { 'Idempotency-Key': 'two' } }) };
    const { body } = await serve(routes, { placeOrder: route })({
      ...event,
      multiValueHeaders: { 'Idempotency-Key': ['one', 'two'] },
    });
    expect(JSON.parse(body)).toEqual({ key: 'one, two' });
  });

  test('takes a key of 255 characters', async () => {
    const { post } = setUp();
    expect((await post(good, { 'Idempotency-Key': 'x'.repeat(255) })).status).toBe(201);
  });

  test('a request that fails validation claims nothing', async () => {
    const { post, placed } = setUp();
    await post({ ...good, items: [] }, key);
    expect(placed).toEqual([]);
  });
});

describe('the HTTP middleware', () => {
  test('a fault is a 500 that reveals nothing of it to the caller', async () => {
    const { post } = setUp({
      keys: fixedKeys,
      nextCode: async () => {
        throw new Error('canary: table orders at 10.0.0.1');
      },
    });
    const { status, body } = await post(good);
    expect(status).toBe(500);
    expect(body.title).toBe('InternalError');
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test('keeps a correlation ID that the caller sent, and makes one otherwise', async () => {
    const { post, placed } = setUp();
    const { headers } = await post(good, { 'X-Correlation-Id': 'checkout-12345' });
    expect(headers['x-correlation-id']).toBe('checkout-12345');
    expect(placed[0]?.order.correlationId).toBe('checkout-12345');
    expect((await post(good, { 'X-Correlation-Id': 'a\nb' })).headers['x-correlation-id']).toBe('request-1');
  });

  test('refuses a query parameter that no route knows', async () => {
    const { route, placed } = orderRoute();
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await call(route, { body: JSON.stringify(good), headers, query: { tenant: 'shop-b' } });
    expect([status, body.title]).toEqual([400, 'ValidationFailed']);
    expect(body.errors).toEqual([{ pointer: '/query/tenant', detail: 'unknown field' }]);
    expect(placed).toEqual([]);
  });

  test('reads a body that API Gateway has encoded', async () => {
    const { route } = orderRoute();
    const headers = { 'content-type': 'application/json' };
    const event = apiEvent({ body: Buffer.from(JSON.stringify(good)).toString('base64'), headers });
    expect((await serve(routes, { placeOrder: route })({ ...event, isBase64Encoded: true })).statusCode).toBe(201);
    expect((await serve(routes, { placeOrder: route })(event)).statusCode).toBe(400);
  });
});
