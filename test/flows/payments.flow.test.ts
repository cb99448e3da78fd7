import { call, eventually, manyAtOnce, postUntilAnswered, rowsOf, type Shop } from '../support/flow';
import { openShop, stock } from '../support/flow-shop';
import { flowSimulator, type ShownPayment } from '../support/payment-simulator';
import { volume } from '../support/volume';

jest.setTimeout(900_000);

const simulator = flowSimulator();
const [all, some] = [volume(200), volume(100)];

/** A shop that is paid online. */
const openOnlineShop = async (): Promise<Shop> => {
  const shop = await openShop({ payments: 'online' });
  await stock(shop, 'MOUSE', 1000);
  return shop;
};

type Placed = { readonly orderId: string; readonly trackingToken: string };

const place = async (shop: Shop, paymentMethod: 'CREDIT_CARD' | 'PAYPAY'): Promise<Placed> => {
  const asked = { items: [{ productId: 'MOUSE', quantity: 1 }], body: { paymentMethod } };
  const { status, body } = await postUntilAnswered(shop, asked);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
};

const placeMany = (shop: Shop, count: number): Promise<Placed[]> =>
  manyAtOnce(count, (n) => place(shop, n % 2 === 0 ? 'CREDIT_CARD' : 'PAYPAY'), 8);

const paymentsOf = ({ tenant }: Shop): Promise<ShownPayment[]> => simulator.payments({ tenant });

const asked = (shop: Shop, count: number) =>
  eventually(
    `${count} payments are asked for`,
    async () => {
      const payments = await paymentsOf(shop);
      return payments.length >= count && payments;
    },
    300_000,
  );

const paymentStatusOf = async (shop: Shop, orderId: string) => (await rowsOf(shop).order(orderId))?.paymentStatus;

const allPaid = (shop: Shop, orders: readonly Placed[]) =>
  eventually(
    'all orders are paid',
    async () => {
      const statuses = await manyAtOnce(orders.length, (n) => paymentStatusOf(shop, orders[n]?.orderId ?? ''), 20);
      return statuses.every((status) => status === 'PAID');
    },
    600_000,
  );

const read = ({ key }: Shop, { orderId, trackingToken }: Placed) =>
  call('GET', `/orders/${orderId}/payment`, {
    headers: { 'x-storefront-key': key, 'x-tracking-token': trackingToken },
  });

test('S2-02 S3-19 a guest is told where to pay, pays there, and the order is confirmed', async () => {
  const shop = await openOnlineShop();
  const order = await place(shop, 'CREDIT_CARD');
  const [payment] = await asked(shop, 1);
  const open = await eventually('it may be paid', async () => {
    const { status, body } = await read(shop, order);
    return status === 200 && body.status === 'PROCESSING' && body;
  });
  expect(open).toMatchObject({ amount: 3300, currency: 'JPY', provider: 'stripe' });
  expect(await paymentStatusOf(shop, order.orderId)).toBe('WAITING_PAYMENT');
  await simulator.pay(payment?.id ?? '');
  await allPaid(shop, [order]);
  const { body } = await read(shop, order);
  expect(body).toMatchObject({ status: 'COMPLETED', capturedAmount: 3300 });
  expect(body.checkout).toBeUndefined();
});

test('S2-14 S3-20 an order that is cancelled after it was paid is paid back', async () => {
  const shop = await openOnlineShop();
  const order = await place(shop, 'PAYPAY');
  const [payment] = await asked(shop, 1);
  await simulator.pay(payment?.id ?? '');
  await allPaid(shop, [order]);
  const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': order.trackingToken };
  expect((await call('POST', `/orders/${order.orderId}/cancel`, { headers })).status).toBe(200);
  await eventually('it is paid back', async () => (await paymentStatusOf(shop, order.orderId)) === 'REFUNDED', 150_000);
  expect(await paymentsOf(shop)).toMatchObject([{ captured: 3300, refunded: 3300 }]);
});

test.each(['CREDIT_CARD', 'PAYPAY'] as const)(
  'F-02 what was refunded in the provider’s dashboard is booked: an order that is cancelled then (%s) ends, with never more paid back',
  async (method) => {
    const shop = await openOnlineShop();
    const order = await place(shop, method);
    const [payment] = await asked(shop, 1);
    await simulator.pay(payment?.id ?? '');
    await allPaid(shop, [order]);
    await simulator.refund(payment?.id ?? '', 200);
    const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': order.trackingToken };
    expect((await call('POST', `/orders/${order.orderId}/cancel`, { headers })).status).toBe(200);
    await eventually(
      'it is paid back',
      async () => (await paymentStatusOf(shop, order.orderId)) === 'REFUNDED',
      240_000,
    );
    expect(await paymentsOf(shop)).toMatchObject([{ captured: 3300, refunded: 3300 }]);
    const { body } = await read(shop, order);
    expect(body).toMatchObject({ status: 'REFUNDED', capturedAmount: 3300, refundedAmount: 3300 });
    await eventually('its bill is void', async () => (await rowsOf(shop).bill(order.orderId))?.status === 'void');
  },
);

/** Pays as a customer does: on the page that the order shows. A code whose answer was lost is shown to nobody. */
const payAsShown = async (shop: Shop, order: Placed): Promise<void> => {
  const page = await eventually(
    `${order.orderId} shows where to pay`,
    async () => {
      const { status, body } = await read(shop, order);
      return status === 200 && body.checkout?.redirectUrl;
    },
    300_000,
  );
  const made = await simulator.payments({ tenant: shop.tenant, paymentId: `PAY-${order.orderId}` });
  const shown = made.find((payment) => payment.page === page);
  if (shown === undefined) throw new Error(`${page} is no page of the provider`);
  await simulator.pay(shown.id);
};

const payAll = (shop: Shop, orders: readonly Placed[]) =>
  manyAtOnce(orders.length, (n) => payAsShown(shop, orders[n] as Placed), 8);

test(`P5 ${all} payments, 30 % lost answers, each webhook three times: one capture for each order`, async () => {
  const shop = await openOnlineShop();
  const { tenant } = shop;
  await simulator.play({ scenario: 'answer-lost', tenant, all: true });
  const lost = await placeMany(shop, all * 0.3);
  await payAll(shop, lost);
  await simulator.play({ scenario: 'webhook-doubled', tenant, all: true });
  const doubled = await placeMany(shop, all * 0.7);
  await payAll(shop, doubled);
  await allPaid(shop, [...lost, ...doubled]);

  const payments = (await paymentsOf(shop)).filter(({ captured }) => captured > 0);
  expect(payments).toHaveLength(all);
  expect(new Set(payments.map(({ paymentId }) => paymentId)).size).toBe(all);
  expect(payments.filter(({ captured, refunded }) => captured !== 3300 || refunded !== 0)).toEqual([]);
});

test(`S2-05 ${some} payments, 30 % of the webhooks lost: 99 % are PAID within 60 s`, async () => {
  const shop = await openOnlineShop();
  const { tenant } = shop;
  await simulator.play({ scenario: 'webhook-lost', tenant, all: true });
  await placeMany(shop, some * 0.3);
  for (const { orderId } of await asked(shop, some * 0.3))
    await simulator.play({ scenario: 'webhook-lost', tenant, orderId: orderId ?? '' });
  await simulator.play({ scenario: 'succeeds', tenant, all: true });
  await placeMany(shop, some * 0.7);
  const payments = await asked(shop, some);

  const pay = async ({ id, orderId = '' }: ShownPayment): Promise<number> => {
    await simulator.pay(id);
    const paidAt = Date.now();
    await eventually(`${orderId} is paid`, async () => (await paymentStatusOf(shop, orderId)) === 'PAID', 240_000);
    return (Date.now() - paidAt) / 1000;
  };
  const mixed = (n: number) => payments[(n * 37) % some] as ShownPayment; // lost webhooks among the others, as they are
  const seconds = await manyAtOnce(some, (n) => pay(mixed(n)), 20);
  expect(seconds.filter((taken) => taken <= 60).length).toBeGreaterThanOrEqual(Math.ceil(some * 0.99));
});
