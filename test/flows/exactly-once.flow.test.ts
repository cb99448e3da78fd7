import { randomUUID } from 'node:crypto';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  db,
  depthOf,
  eventually,
  manyAtOnce,
  openShop,
  postOrder,
  postUntilAnswered,
  rowsOf,
  type Shop,
  stock,
} from '../support/flow';
import { deadLetters, sendAll, takeDeadLetters } from '../support/flow-queues';
import { orderPlaced } from '../support/order-events';

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

const drained = (queue: string) => eventually(`${queue} is empty`, async () => (await depthOf(queue)) === 0, 120_000);

describe('P2 each event has its effect once', () => {
  test('500 events sent three times, shuffled, under different message IDs: 500 reservations and 500 bills', async () => {
    const shop = await openShop();
    await stock(shop, 'HOT', 1000);
    const events = placedOrders(shop, 500, 'HOT');
    const ids = events.map(({ subject }) => subject);
    for (const queue of ['inventory-queue', 'billing-queue'])
      await sendAll(queue, shuffled([...events, ...events, ...events]));
    for (const queue of ['inventory-queue', 'billing-queue']) await drained(queue);
    expect(await rowsOf(shop).stock('HOT')).toMatchObject({ stock: 500, reservedQuantity: 500 });
    expect(await countOf(rowsOf(shop).reservation, ids)).toBe(500);
    expect(await countOf(rowsOf(shop).bill, ids)).toBe(500);
  }, 240_000);

  test('100 events sent three times to the notification queue leave 100 records', async () => {
    const shop = await openShop();
    const events = placedOrders(shop, 100, 'X');
    await sendAll('notification-queue', shuffled([...events, ...events, ...events]));
    await drained('notification-queue');
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
    ).toBe(100);
  }, 120_000);
});

describe('P6 poison among good messages', () => {
  test('200 poison in 1,000 good: 1,000 effects, and 200 in the dead-letter queue', async () => {
    const shop = await openShop();
    const events = placedOrders(shop, 1000, 'X');
    const mark = randomUUID();
    const poison = Array.from({ length: 200 }, (_, n) => JSON.stringify({ mark, n, type: 'OrderPlaced.v9' }));
    await sendAll('billing-queue', shuffled([...events, ...poison]));
    await drained('billing-queue');
    expect(
      await countOf(
        rowsOf(shop).bill,
        events.map(({ subject }) => subject),
      ),
    ).toBe(1000);
    const parked = await deadLetters(({ Body = '' }) => Body.includes(mark));
    expect(new Set(parked.map(({ Body }) => Body)).size).toBe(200);
    await takeDeadLetters(({ Body = '' }) => Body.includes(mark));
  }, 240_000);
});

describe('P4 stock is never oversold', () => {
  test('S0-40 of 300 buyers of 100 units exactly 100 get one', async () => {
    const shop = await openShop();
    await stock(shop, 'RARE', 100);
    const buy = () => postUntilAnswered(shop, { items: [{ productId: 'RARE', quantity: 1 }] });
    const answers = await manyAtOnce(300, buy);
    expect(answers.map(({ status }) => status)).toEqual(Array(300).fill(201));
    const ids = answers.map(({ body }) => body.orderId);
    expect(new Set(ids).size).toBe(300);
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
    expect(reserved).toHaveLength(100);
    expect(await rowsOf(shop).stock('RARE')).toMatchObject({ stock: 0, reservedQuantity: 100 });
    await takeDeadLetters(({ Body = '' }) => Body.includes(`"${shop.tenant}/`));
  }, 300_000);
});

describe('P3 idempotency', () => {
  test('100 keys, each sent 20 times at once: 100 orders, one answer per key', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 10_000);
    const keys = Array.from({ length: 100 }, () => ({ 'idempotency-key': randomUUID() }));
    const request = { items: [{ productId: 'MOUSE', quantity: 1 }] };
    const answers = await manyAtOnce(2000, (n) =>
      postUntilAnswered(shop, { ...request, headers: keys[Math.floor(n / 20)] ?? {} }),
    );
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    const bodiesOf = (key: number) =>
      new Set(answers.slice(key * 20, key * 20 + 20).map(({ body }) => JSON.stringify(body)));
    expect(keys.map((_, key) => bodiesOf(key).size)).toEqual(Array(100).fill(1));
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(100);
    await eventually(
      'exactly 100 mice are reserved',
      async () => (await rowsOf(shop).stock('MOUSE')).reservedQuantity === 100,
    );
    await drained('inventory-queue');
    expect(await rowsOf(shop).stock('MOUSE')).toMatchObject({ stock: 9900, reservedQuantity: 100 });
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
