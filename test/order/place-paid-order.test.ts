import { type Caller, guest } from '../../lambda/kernel/caller';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/order';
import { placeOrderRoute, quickOrderRoute } from '../../lambda/order/place-order.http';
import { call } from '../support/http';

const tenant = trustedTenant('pay-shop');
const shopper = guest(tenant, { payments: 'online' });
const ada: Caller = { ...shopper, userId: 'ada', email: 'ada@example.com', roles: ['customer'] };
const priced = (price: number) => ({ productId: 'P-1', name: 'マウス', price, currency: 'JPY', taxRateBps: 1000 });

const setUp = (price = 3000) => {
  const placed: Order[] = [];
  const deps = {
    orders: {
      place: async (order: Order) => {
        placed.push(order);
        return { placed: true } as const;
      },
      get: async () => undefined,
      claimedBy: async () => undefined,
    },
    products: { find: async () => new Map([['P-1', { ...priced(price), onSale: true }]]) },
    stock: { shortOf: async () => undefined },
    nextCode: async () => 'ORD-000007',
    trackingSecret: 'secret',
    patience: { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T08:00:00.000Z'),
  };
  const place = (paymentMethod: string | undefined, caller: Caller = shopper) => {
    const order = { customerEmail: 'taro@example.com', items: [{ productId: 'P-1', quantity: 1 }], paymentMethod };
    const headers = { 'content-type': 'application/json' };
    return call(placeOrderRoute(deps), { caller, headers, body: JSON.stringify(order) });
  };
  const quick = (query: Record<string, string>) =>
    call(quickOrderRoute(deps), { operation: 'quickOrder', caller: ada, query });
  return { place, quick, placed };
};

describe('POST /orders in a shop that is paid online', () => {
  test('S2-02 answers an order that waits for its payment', async () => {
    const { place, placed } = setUp();
    const { status, body } = await place('paypay');
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'PENDING', paymentStatus: 'WAITING_PAYMENT', paymentMethod: 'PAYPAY' });
    expect(placed[0]).toMatchObject({ paymentStatus: 'WAITING_PAYMENT', paymentMethod: 'PAYPAY' });
  });

  test('S3-28 refuses an order that does not say how it is paid, and names the field', async () => {
    const { place, placed } = setUp();
    expect(await place(undefined)).toMatchObject({
      status: 400,
      body: {
        title: 'ValidationFailed',
        errors: [
          {
            pointer: '/paymentMethod',
            detail: 'is required: this shop is paid before an order is confirmed',
          },
        ],
      },
    });
    expect(placed).toEqual([]);
  });

  test('S2-12 takes an account’s balance of those alone who have one', async () => {
    const { place } = setUp();
    expect(await place('ACCOUNT_BALANCE')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/paymentMethod', detail: 'ACCOUNT_BALANCE is for customers who have signed in' }] },
    });
    expect(await place('ACCOUNT_BALANCE', ada)).toMatchObject({
      status: 201,
      body: { paymentStatus: 'WAITING_PAYMENT' },
    });
  });

  test('asks no payment for an order that costs nothing', async () => {
    const { place } = setUp(0);
    expect(await place(undefined)).toMatchObject({ status: 201, body: { paymentStatus: 'NOT_REQUIRED', total: 0 } });
  });

  test('lets a quick order say how it is paid', async () => {
    const { quick } = setUp();
    const wanted = { product_id: 'P-1', quantity: '1' };
    expect(await quick(wanted)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/paymentMethod' }] } });
    expect(await quick({ ...wanted, payment_method: 'credit_card' })).toMatchObject({
      status: 201,
      body: { paymentStatus: 'WAITING_PAYMENT' },
    });
  });
});

test('a shop that is paid elsewhere only notes how', async () => {
  const { place } = setUp();
  expect(await place('PAYPAY', guest(defaultTenant))).toMatchObject({
    status: 201,
    body: { paymentStatus: 'NOT_REQUIRED', paymentMethod: 'PAYPAY' },
  });
});
