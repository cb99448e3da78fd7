import { randomUUID } from 'node:crypto';
import { hashToken } from '../../lambda/kernel/http/token-hash';
import { call, consumerQueues, eventually, mailbox, postOrder, reaches, rowsOf, type Shop } from '../support/flow';
import { openShop, stock } from '../support/flow-shop';
import { seenEmpty } from '../support/seen-empty';

describe('an order that can be served', () => {
  let shop: Shop;
  let placed: Awaited<ReturnType<typeof postOrder>>;
  let orderId: string;
  const email = `canary-${randomUUID()}@example.com`;

  beforeAll(async () => {
    shop = await openShop();
    await stock(shop, 'MOUSE', 50, 'ワイヤレスマウス');
    placed = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 2 }], body: { customerEmail: email } });
    orderId = placed.body.orderId;
    await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
  });

  test('S0-01, S0-02, S0-18, S0-19 is accepted by POST /orders with an ID and a time', () => {
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      orderId: 'ORD-000001',
      status: 'PENDING',
      subtotal: 6000,
      tax: 600,
      total: 6600,
    });
    expect(Date.now() - Date.parse(placed.body.createdAt)).toBeLessThan(60_000);
  });

  test('S0-20, S1-17 is stored in orders, with the hash of its token alone', async () => {
    const row = await rowsOf(shop).order(orderId);
    expect(row).toMatchObject({ total: 6600, version: 2, trackingTokenHash: hashToken(placed.body.trackingToken) });
    expect(JSON.stringify(row)).not.toContain(placed.body.trackingToken);
    expect(row).not.toHaveProperty('dueAt');
  });

  test('S0-23, S0-24, S0-27 takes the stock and notes the order and the time on it', async () => {
    expect(await rowsOf(shop).stock('MOUSE')).toMatchObject({
      stock: 48,
      reservedQuantity: 2,
      lastOrderId: 'ORD-000001',
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      version: 3, // after it was made and received
    });
    expect(await rowsOf(shop).reservation(orderId)).toMatchObject({ state: 'RESERVED', version: 1 });
  });

  test('S0-30, S0-31, S0-32, S0-33 mails the customer and records it as sent', async () => {
    const record = await eventually('the e-mail is recorded', () => rowsOf(shop).confirmation(orderId));
    expect(record).toMatchObject({ status: 'sent', channel: 'email', orderId });
    const mail = (await mailbox()).find(({ To }) => To.includes(email));
    expect(mail).toMatchObject({ To: [email], Subject: 'ご注文ありがとうございます（ORD-000001）' });
    for (const line of ['ワイヤレスマウス × 2', '合計: ￥6,600']) expect(mail?.BodyText).toContain(line);
  });

  test('S0-35, S0-36, S0-37, S0-38 is billed with 10 % tax and waits for payment', async () => {
    const bill = await eventually('the bill is written', () => rowsOf(shop).bill(orderId));
    expect(bill).toMatchObject({ status: 'pending', subtotal: 6000, tax: 600, amount: 6600 });
    expect(bill.items).toEqual([
      { productId: 'MOUSE', name: 'ワイヤレスマウス', quantity: 2, unitPrice: 3000, subtotal: 6000 },
    ]);
  });

  test('S0-41 leaves nothing in the queues', async () => {
    await seenEmpty(consumerQueues);
  });

  test('shows its guest what became of it', async () => {
    const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': placed.body.trackingToken };
    const { status, body } = await call('GET', `/orders/${orderId}`, { headers });
    expect([status, body.status, body.stockStatus]).toEqual([200, 'CONFIRMED', 'RESERVED']);
    expect(body.history.map(({ event }: { event: string }) => event)).toEqual(['OrderPlaced', 'OrderConfirmed']);
  });

  test('P8 shows it to nobody without the token or from another shop', async () => {
    const other = await openShop();
    const token = placed.body.trackingToken;
    const get = (headers: Record<string, string>) => call('GET', `/orders/${orderId}`, { headers });
    expect((await get({ 'x-storefront-key': shop.key })).status).toBe(401);
    expect((await get({ 'x-storefront-key': shop.key, 'x-tracking-token': 'x' })).status).toBe(404);
    expect((await get({ 'x-storefront-key': other.key, 'x-tracking-token': token })).status).toBe(404);
    expect((await get({ 'x-tracking-token': token })).status).toBe(404);
  });
});

describe('the API', () => {
  test('S2-40 says how it is', async () => {
    const { status, body } = await call('GET', '/health');
    expect(status).toBe(200);
    expect(Object.keys(body.dependencies).sort()).toEqual(['orderEvents', 'orders', 'products']);
  });

  test('S4-02 gives two shops their own ORD-000001', async () => {
    const shops = [await openShop(), await openShop()];
    for (const shop of shops) {
      await stock(shop, 'MOUSE', 5);
      const { body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }] });
      expect(body.orderId).toBe('ORD-000001');
      await reaches(shop, 'ORD-000001', ['CONFIRMED', 'RESERVED']);
      expect(await rowsOf(shop).stock('MOUSE')).toMatchObject({ stock: 4 });
    }
  });

  test('refuses a product of another shop as one that does not exist', async () => {
    const [mine, other] = [await openShop(), await openShop()];
    await stock(other, 'SECRET', 5);
    const { status, body } = await postOrder(mine, { items: [{ productId: 'SECRET', quantity: 1 }] });
    expect([status, body.title]).toEqual([404, 'ProductNotFound']);
  });
});
