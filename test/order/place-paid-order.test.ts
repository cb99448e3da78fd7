import { type Caller, guest } from '../../lambda/kernel/http/caller';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import { openPersonal } from '../../lambda/order/personal/personal';
import { placeOrderRoute, quickOrderRoute } from '../../lambda/order/placing/place-order.http';
import { call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { onlySecret } from '../support/secrets';

const tenant = trustedTenant('pay-shop');
const shopper = guest(tenant, { payments: 'online' });
const ada: Caller = { ...shopper, userId: 'ada', email: 'ada@example.com', roles: ['customer'] };
const priced = (price: number, currency: string) => ({
  productId: 'P-1',
  name: 'マウス',
  price,
  currency,
  taxRateBps: 1000,
});

const setUp = (price = 3000, currency = 'JPY') => {
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
    products: { find: async () => new Map([['P-1', { ...priced(price, currency), onSale: true }]]) },
    stock: { shortOf: async () => undefined },
    keys: fixedKeys,
    nextCode: async () => 'ORD-000007',
    trackingSecret: onlySecret('secret'),
    timeouts: { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T08:00:00.000Z'),
  };
  const place = (paymentMethod: string | undefined, caller: Caller = shopper, more: object = {}) => {
    const items = [{ productId: 'P-1', quantity: 1 }];
    const order = { customerEmail: 'taro@example.com', items, paymentMethod, ...more };
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
            detail: 'is required: this shop takes payment before it confirms an order',
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
      body: { errors: [{ pointer: '/paymentMethod', detail: 'ACCOUNT_BALANCE is only for signed-in customers' }] },
    });
    expect(await place('ACCOUNT_BALANCE', ada)).toMatchObject({
      status: 201,
      body: { paymentStatus: 'WAITING_PAYMENT' },
    });
  });

  test.each([
    ['PAYPAY', 'USD', 2999, 'PAYPAY takes JPY only, not USD. Use CREDIT_CARD, DEBIT_CARD, PAYPAL, AMAZON_PAY,'],
    ['CREDIT_CARD', 'UGX', 60_000, 'CREDIT_CARD does not take UGX. No other method is available.'],
    ['BANK_TRANSFER', 'JPY', 3000, 'BANK_TRANSFER has no payment provider. Use CREDIT_CARD,'],
    ['PAYPAL', 'JPY', 3000, 'PAYPAL does not take JPY. Use CREDIT_CARD,'],
    ['CREDIT_CARD', 'JPY', 40, 'CREDIT_CARD takes 50 JPY at least; the order costs 44 JPY. Use PAYPAY.'],
    ['CREDIT_CARD', 'KWD', 9272, 'CREDIT_CARD: in KWD the last decimal must be 0, such as 10.190 or 10.200;'],
  ])('F-07, F-08 refuses %s in %s at once, and says what may be used', async (method, currency, price, rule) => {
    const { place, placed } = setUp(price, currency);
    const { status, body } = await place(method);
    expect([status, body.title, body.errors[0].pointer]).toEqual([400, 'ValidationFailed', '/paymentMethod']);
    expect(body.errors[0].detail).toContain(rule);
    expect(placed).toEqual([]);
  });

  test('F-08 names the balance to those alone who have one', async () => {
    const { place } = setUp(60_000, 'UGX');
    const { body } = await place('CREDIT_CARD', ada);
    expect(body.errors[0].detail).toBe('CREDIT_CARD does not take UGX. Use ACCOUNT_BALANCE.');
    expect((await place('ACCOUNT_BALANCE', ada)).status).toBe(201);
  });

  test('F-07 takes an order in KWD that ends in 0', async () => {
    expect((await setUp(9000, 'KWD').place('CREDIT_CARD')).body).toMatchObject({ total: 9.9, currency: 'KWD' });
  });

  test('F-08 a shop that is paid outside of this system notes any method', async () => {
    const { place, placed } = setUp(2999, 'USD');
    expect((await place('PAYPAY', guest(tenant))).status).toBe(201);
    expect(placed[0]).toMatchObject({ paymentStatus: 'NOT_REQUIRED', paymentMethod: 'PAYPAY' });
  });

  test('S4-04 stores where the order is shipped to, and shows it', async () => {
    const { place, placed } = setUp();
    const address = {
      name: '花子',
      street: '1-1',
      city: '東京',
      postalCode: '100-0001',
      country: 'JP',
      state: '東京都',
    };
    const { body } = await place('paypay', shopper, { shippingAddress: address });
    expect(body.shippingAddress).toEqual(address);
    const [order] = placed;
    expect(order && (await openPersonal(fixedKeys, order)).shippingAddress).toEqual(address);
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
