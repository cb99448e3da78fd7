import type { Claim } from '../../lambda/kernel/dynamodb/claim';
import { type Caller, guest } from '../../lambda/kernel/http/caller';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import { openPersonal } from '../../lambda/order/personal/personal';
import { orderCaller } from '../../lambda/order/placing/order-caller.http';
import { type PlaceOrderDeps, placeOrderRoute, quickOrderRoute } from '../../lambda/order/placing/place-order.http';
import { stockGateway } from '../../lambda/order/services.gateway';
import { defaultSettings } from '../../lambda/order/shop/tenant-settings';
import { call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { onlySecret } from '../support/secrets';

const tenant = trustedTenant('shop-a');
const staff: Caller = { tenant, userId: 'u-staff', email: 'staff@example.com', roles: ['staff'] };
const ada: Caller = { tenant, userId: 'ada', email: 'ada@example.com', roles: ['customer'] };
const json = { 'content-type': 'application/json' };

const mouse = {
  productId: 'PRD-001',
  name: 'Wireless Mouse',
  price: 2999,
  currency: 'USD',
  taxRateBps: 1000,
  onSale: true,
};

/** The request of seed 004, as it stands there. */
const seedRequest = {
  customerId: 'CUST-001',
  items: [{ productCode: 'PRD-001', name: 'Wireless Mouse', quantity: 2, price: 29.99 }],
  shippingAddress: { street: '123 Main St', city: 'Tokyo', postalCode: '100-0001', country: 'JP' },
  paymentMethod: 'credit_card',
};

const setUp = (given: Partial<PlaceOrderDeps> = {}) => {
  const placed: { order: Order; claim: Claim | undefined }[] = [];
  const deps: PlaceOrderDeps = {
    orders: {
      place: async (order, claim) => {
        placed.push({ order, claim });
        return { placed: true };
      },
      get: async () => placed[0]?.order,
      claimedBy: async () => undefined,
    },
    products: { find: async () => new Map([['PRD-001', mouse]]) },
    stock: { shortOf: async () => undefined },
    keys: fixedKeys,
    nextCode: async () => 'ORD-000001',
    trackingSecret: onlySecret('secret'),
    timeouts: { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T08:00:00.000Z'),
    ...given,
  };
  const post = (body: unknown, caller: Caller = staff, headers: Record<string, string> = {}) =>
    call(placeOrderRoute(deps), { caller, headers: { ...json, ...headers }, body: JSON.stringify(body) });
  const quick = (query: Record<string, string>, caller: Caller = ada, headers: Record<string, string> = {}) =>
    call(quickOrderRoute(deps), { operation: 'quickOrder', caller, query, headers });
  const emails = () =>
    Promise.all(placed.map(async ({ order }) => (await openPersonal(fixedKeys, order)).customerEmail));
  return { post, quick, placed, emails };
};

describe('POST /orders with a token', () => {
  test('S4-43, S4-44, S4-04, S4-09, S4-10, S4-11: the sample request of seed 004 gives its sample answer: subtotal, tax and total', async () => {
    const { post, placed, emails } = setUp();
    const { status, body } = await post(seedRequest);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      tenantId: 'shop-a',
      orderId: 'ORD-000001',
      code: 'ORD-000001',
      name: 'Order ORD-000001',
      version: 1,
      customerId: 'CUST-001',
      subtotal: 59.98,
      tax: 6,
      total: 65.98,
      currency: 'USD',
      status: 'PENDING',
      placedAt: '2026-11-21T08:00:00.000Z',
      paymentMethod: 'CREDIT_CARD',
      items: [{ productId: 'PRD-001', name: 'Wireless Mouse', quantity: 2, unitPrice: 29.99, lineTotal: 59.98 }],
    });
    expect(placed[0]?.order).toMatchObject({ ownerId: 'CUST-001' });
    expect(await emails()).toEqual(['staff@example.com']);
  });

  test('takes no name from the request: the catalog’s is stored', async () => {
    const { post, placed } = setUp();
    await post({ ...seedRequest, items: [{ ...seedRequest.items[0], name: 'Cheap Mouse' }] });
    expect(placed[0]?.order.lines[0]?.name).toBe('Wireless Mouse');
  });

  test('S1-14 a customer’s order is the customer’s of the token, mailed there unless the body says otherwise', async () => {
    const { post, placed, emails } = setUp();
    const items = [{ productId: 'PRD-001', quantity: 1 }];
    await post({ items }, ada);
    await post({ items, customerEmail: 'other@example.com', customerId: 'ada' }, ada);
    expect(placed.map(({ order }) => [order.customerId, order.ownerId])).toEqual([
      ['ada', 'ada'],
      ['ada', 'ada'],
    ]);
    expect(await emails()).toEqual(['ada@example.com', 'other@example.com']);
    expect(placed[0]?.order.history[0]).toMatchObject({ actor: 'ada' });
  });

  test('P8 a customer orders for nobody else', async () => {
    const { post, placed } = setUp();
    const { status, body } = await post(seedRequest, ada);
    expect([status, body.errors, placed]).toEqual([
      400,
      [{ pointer: '/customerId', detail: 'must be your own customer ID, or left out' }],
      [],
    ]);
  });

  test('a guest must say an e-mail address, and owns nothing of the user that it names', async () => {
    const { post, placed } = setUp();
    const refused = await post(seedRequest, guest(tenant));
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/customerEmail']);
    await post({ ...seedRequest, customerEmail: 'taro@example.com' }, guest(tenant));
    expect(placed[0]?.order).toMatchObject({ customerId: 'CUST-001' });
    expect(placed[0]?.order.ownerId).toBeUndefined();
  });

  test.each([
    [[{ quantity: 1 }], '/items/0/productId'],
    [[{ productId: 'PRD-001', productCode: 'PRD-001', quantity: 1 }], '/items/0/productCode'],
    [
      [
        { productId: 'PRD-001', quantity: 1 },
        { productCode: 'PRD-001', quantity: 1 },
      ],
      '/items',
    ],
  ])('refuses %j: a product is named once', async (items, pointer) => {
    const { body } = await setUp().post({ items });
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test('P3 an Idempotency-Key is one principal’s and one route’s', async () => {
    const { post, quick, placed } = setUp();
    const key = { 'idempotency-key': 'key-1' };
    const items = [{ productId: 'PRD-001', quantity: 1 }];
    await post({ items }, ada, key);
    await post({ items }, { ...ada, userId: 'eve' }, key);
    await post({ items, customerEmail: 'a@example.com' }, guest(tenant), key);
    await quick({ product_id: 'PRD-001', quantity: '1' }, ada, key);
    expect(new Set(placed.map(({ claim }) => claim?.key)).size).toBe(4);
    await post({ items }, ada, key);
    expect(placed[4]?.claim?.key).toBe(placed[0]?.claim?.key);
  });
});

describe('POST /order', () => {
  test('S1-24 orders five of one product for the caller', async () => {
    const { quick, placed, emails } = setUp();
    expect((await quick({ product_id: 'PRD-001', quantity: '5' })).body).toMatchObject({
      customerId: 'ada',
      subtotal: 149.95,
    });
    expect(placed[0]?.order).toMatchObject({ ownerId: 'ada' });
    expect(await emails()).toEqual(['ada@example.com']);
  });

  test.each([
    {},
    { product_id: 'PRD-001' },
    { product_id: '../x', quantity: '1' },
    { product_id: 'PRD-001', quantity: '0' },
    { product_id: 'PRD-001', quantity: '1e9' },
    { product_id: 'PRD-001', quantity: '' },
  ] as Record<string, string>[])('P15 refuses %j', async (query) => {
    expect((await setUp().quick(query)).status).toBe(400);
  });

  test('is for who is signed in', async () => {
    expect((await setUp().quick({ product_id: 'PRD-001', quantity: '1' }, guest(defaultTenant))).status).toBe(401);
  });
});

describe('what is refused by name', () => {
  const stock = stockGateway(async () => ({ short: [{ productId: 'PRD-001', requested: 2, available: 1 }] }));

  test('S1-23 short stock, to who prefers to wait for the answer, before anything is stored', async () => {
    const { post, placed } = setUp({ stock });
    const { status, body, headers } = await post(seedRequest, staff, { prefer: 'respond-sync' });
    expect([status, body.title, body.error, placed]).toEqual([409, 'InsufficientStock', 'InsufficientStockError', []]);
    expect(body.errors).toEqual([
      { pointer: '/items/0/quantity', detail: 'Insufficient stock for Wireless Mouse. Available: 1, Requested: 2' },
    ]);
    expect(headers['preference-applied']).toBe('respond-sync');
  });

  test('S1-33 nobody else waits for it', async () => {
    const { post, placed } = setUp({ stock });
    const { status, headers } = await post(seedRequest, staff, { prefer: 'return=minimal' });
    expect([status, headers['preference-applied'], placed.length]).toEqual([201, undefined, 1]);
  });

  describe.each([
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', () => Promise.reject(new Error('the function tell-order failed with 200'))],
    ['does not answer in time', () => Promise.reject(new DOMException('timed out', 'TimeoutError'))],
    ['answers what nobody understands', async () => ({ covered: 'maybe' })],
  ])('an inventory that %s', (_what, ask) => {
    const down = stockGateway(ask);

    test('S1-23 P20 refuses an order that was to be checked: a stock check is never left out', async () => {
      const { post, placed } = setUp({ stock: down });
      const { status, body, headers } = await post(seedRequest, staff, { prefer: 'wait=5, Respond-Sync' });
      expect([status, headers['content-type'], placed]).toEqual([503, 'application/problem+json', []]);
      expect(body).toMatchObject({ type: 'urn:problem:StockServiceUnavailable', title: 'StockServiceUnavailable' });
      expect([body.errors, headers['preference-applied']]).toEqual([undefined, undefined]);
    });

    test('S1-34 of the stock stops no other order: availability first', async () => {
      const { post, placed } = setUp({ stock: down });
      const { status } = await post(seedRequest);
      expect([status, placed.length]).toEqual([201, 1]);
    });

    test('P3 gives an order that was placed before again, under its key', async () => {
      const orders = setUp();
      const key = { 'idempotency-key': 'key-1' };
      await orders.post(seedRequest, staff, key);
      const [{ order, claim } = {}] = orders.placed;
      const holder = { requestHash: claim?.requestHash ?? '', orderId: order?.orderId ?? '' };
      const again = setUp({
        stock: down,
        orders: { place: jest.fn(), get: async () => order, claimedBy: async () => holder },
      });
      const { status, headers } = await again.post(seedRequest, staff, { ...key, prefer: 'respond-sync' });
      expect([status, headers['idempotency-replayed']]).toEqual([201, 'true']);
    });
  });

  test('enough stock is answered as an order, and says that the preference was followed', async () => {
    const answer = await setUp().post(seedRequest, staff, { prefer: 'wait=5, Respond-Sync' });
    expect([answer.status, answer.headers['preference-applied']]).toEqual([201, 'respond-sync']);
  });

  test.each([
    ['S1-15 S1-21', new Map(), 'ProductNotFoundError'],
    ['S1-22', new Map([['PRD-001', { ...mouse, onSale: false }]]), 'ProductDiscontinuedError'],
  ])('%s: %#', async (_id, products, error) => {
    const { post } = setUp({ products: { find: async () => products } });
    expect((await post(seedRequest)).body.error).toBe(error);
  });
});

test('a suspended shop takes no orders of guests', async () => {
  const callerOf = orderCaller({
    storefronts: { tenantOf: async () => tenant },
    settings: { of: async () => ({ ...defaultSettings, status: 'SUSPENDED' }) },
    bearer: async () => undefined,
  });
  const { placed } = setUp();
  const answer = await call(
    async () => {
      throw new Error('reached');
    },
    { body: '{}', headers: { ...json, 'x-storefront-key': 'key-of-shop-a' }, caller: undefined as never },
    { callerOf: async (incoming) => callerOf({ ...incoming, authorizer: undefined }) },
  );
  expect([answer.status, answer.body.title, placed]).toEqual([403, 'TenantSuspended', []]);
});
