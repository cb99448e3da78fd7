import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { db, eventually, manyAtOnce, postOrder, postUntilAnswered, rowsOf, type Shop } from '../support/flow';
import { deadLetters, sendAll, takeDeadLetters } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';
import { orderPlaced } from '../support/order-events';
import { seenEmpty } from '../support/seen-empty';
import { volume } from '../support/volume';

const [many, some, units, poisons] = [volume(500), volume(100), volume(100), volume(200)];

/** `count` placed orders of one shop, each for one of its products. */
const placedOrders = (shop: Shop, count: number, productId: string) =>
  Array.from({ length: count }, (_, n) => {
    const orderId = `ORD-${String(n + 1).padStart(6, '0')}`;
    const line = { productId, name: '商品', quantity: 1, unitPrice: 3000, lineTotal: 3000, taxRateBps: 1000 };
    const event = orderPlaced(orderId, { lines: [line], subtotal: 3000, tax: 300, total: 3300 });
    return { ...event, id: `${shop.tenant}/${orderId}:1`, tenantid: shop.tenant };
  });

const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => [Math.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);

const countOf = async (rows: (orderId: string) => Promise<unknown>, orderIds: readonly string[]) => {
  const found = await Promise.all(orderIds.map(rows));
  return found.filter((row) => row !== undefined).length;
};

describe('P2 each event has its effect once', () => {
  test(`${many} events sent three times, shuffled, under different message IDs: as many reservations and bills`, async () => {
    const shop = await openShop();
    await stock(shop, 'HOT', 2 * many);
    const events = placedOrders(shop, many, 'HOT');
    const ids = events.map(({ subject }) => subject);
    for (const queue of ['inventory-queue', 'billing-queue'])
      await sendAll(queue, shuffled([...events, ...events, ...events]));
    await seenEmpty(['inventory-queue', 'billing-queue']);
    expect(await rowsOf(shop).stock('HOT')).toMatchObject({ stock: many, reservedQuantity: many });
    expect(await countOf(rowsOf(shop).reservation, ids)).toBe(many);
    expect(await countOf(rowsOf(shop).bill, ids)).toBe(many);
  }, 240_000);

  test(`${some} events sent three times to the notification queue leave as many records`, async () => {
    const shop = await openShop();
    const events = placedOrders(shop, some, 'X');
    await sendAll('notification-queue', shuffled([...events, ...events, ...events]));
    await seenEmpty(['notification-queue']);
    const { Count } = await db.send(
      new QueryCommand({
        TableName: 'notifications',
        KeyConditionExpression: 'notificationId = :id',
        ExpressionAttributeValues: { ':id': `${shop.tenant}#ORD-000001:1.email` },
      }),
    );
    expect(Count).toBe(1);
    expect(
      await countOf(
        rowsOf(shop).confirmation,
        events.map(({ subject }) => subject),
      ),
    ).toBe(some);
  }, 120_000);
});

describe('P6 poison among good messages', () => {
  test(`${poisons} poison in ${5 * poisons} good: an effect of each good one, and the poison in the dead-letter queue`, async () => {
    const shop = await openShop();
    const events = placedOrders(shop, 5 * poisons, 'X');
    const mark = randomUUID();
    const poison = Array.from({ length: poisons }, (_, n) => JSON.stringify({ mark, n, type: 'OrderPlaced.v9' }));
    await sendAll('billing-queue', shuffled([...events, ...poison]));
    await seenEmpty(['billing-queue']);
    expect(
      await countOf(
        rowsOf(shop).bill,
        events.map(({ subject }) => subject),
      ),
    ).toBe(5 * poisons);
    const parked = new Set<string | undefined>(); // others read the queue, too: what they hold is seen later
    await eventually('all poison is dead-lettered', async () => {
      for (const { Body } of await deadLetters(({ Body = '' }) => Body.includes(mark))) parked.add(Body);
      return parked.size >= poisons;
    });
    expect([...parked].sort()).toEqual([...poison].sort());
    await takeDeadLetters(({ Body = '' }) => Body.includes(mark));
  }, 240_000);
});

describe('P4 stock is never oversold', () => {
  test(`S0-40 of ${3 * units} buyers of ${units} units exactly ${units} get one`, async () => {
    const shop = await openShop();
    await stock(shop, 'RARE', units);
    const buy = () => postUntilAnswered(shop, { items: [{ productId: 'RARE', quantity: 1 }] });
    const answers = await manyAtOnce(3 * units, buy);
    expect(answers.map(({ status }) => status)).toEqual(Array(3 * units).fill(201));
    const ids = answers.map(({ body }) => body.orderId);
    expect(new Set(ids).size).toBe(3 * units);
    const states = () =>
      Promise.all(
        ids.map((id) =>
          rowsOf(shop)
            .reservation(id)
            .then((row) => row?.state),
        ),
      );
    await eventually(
      'each order has its answer',
      async () => (await states()).every((state) => state !== undefined),
      180_000,
    );
    const reserved = (await states()).filter((state) => state === 'RESERVED');
    expect(reserved).toHaveLength(units);
    expect(await rowsOf(shop).stock('RARE')).toMatchObject({ stock: 0, reservedQuantity: units });
    await takeDeadLetters(({ Body = '' }) => Body.includes(`"${shop.tenant}/`));
  }, 300_000);
});

describe('P3 idempotency', () => {
  test(`${some} keys, each sent 20 times at once: as many orders, one answer per key`, async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10_000);
    const keys = Array.from({ length: some }, () => ({ 'idempotency-key': randomUUID() }));
    const request = { items: [{ productId: 'MOUSE', quantity: 1 }] };
    const answers = await manyAtOnce(20 * some, (n) =>
      postUntilAnswered(shop, { ...request, headers: keys[Math.floor(n / 20)] ?? {} }),
    );
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    const bodiesOf = (key: number) =>
      new Set(answers.slice(key * 20, key * 20 + 20).map(({ body }) => JSON.stringify(body)));
    expect(keys.map((_, key) => bodiesOf(key).size)).toEqual(Array(some).fill(1));
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(some);
    await eventually(
      'each order has its mouse',
      async () => (await rowsOf(shop).stock('MOUSE')).reservedQuantity === some,
    );
    await seenEmpty(['inventory-queue']);
    expect(await rowsOf(shop).stock('MOUSE')).toMatchObject({ stock: 10_000 - some, reservedQuantity: some });
  }, 300_000);

  test('50 keys with another body: 50 times 422', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 100);
    const headers = () => ({ 'idempotency-key': randomUUID() });
    const keys = Array.from({ length: 50 }, headers);
    await Promise.all(
      keys.map((key) => postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }], headers: key })),
    );
    const other = await Promise.all(
      keys.map((key) => postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 2 }], headers: key })),
    );
    expect(other.map(({ status }) => status)).toEqual(Array(50).fill(422));
  }, 120_000);

  test('a key means nothing in another shop', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    for (const quantity of [1, 2]) {
      const shop = await openShop();
      await stock(shop, 'MOUSE', 5);
      const { status, body } = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity }], headers });
      expect([status, body.items[0].quantity]).toEqual([201, quantity]);
    }
  });

  test('a request that failed validation leaves its key free', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 5);
    const headers = { 'idempotency-key': randomUUID() };
    expect((await postOrder(shop, { items: [], headers })).status).toBe(400);
    const again = await postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 1 }], headers });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });
});
