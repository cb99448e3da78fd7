import type { Caller } from '../../lambda/kernel/http/caller';
import { guest } from '../../lambda/kernel/http/caller';
import { defaultTenant, trustedTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import { mergePages, sourcesOf } from '../../lambda/order/lists/order-list';
import { orderListStore } from '../../lambda/order/lists/order-list.store';
import { listOrdersRoute } from '../../lambda/order/lists/read-orders.http';
import { orderStore } from '../../lambda/order/order.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { fixedKeys } from '../support/key-ring';
import { placedOrder } from '../support/orders';
import { onlySecret } from '../support/secrets';

const staff: Caller = { tenant: defaultTenant, userId: 'u-staff', roles: ['staff'] };
const ada: Caller = { tenant: defaultTenant, userId: 'ada', roles: ['customer'] };
const shopB = trustedTenant('shop-b');

const code = (number: number) => `ORD-00000${number}`;

const shop = async (...orders: Partial<Order>[]) => {
  const { db } = memoryDynamoDb();
  const store = orderStore('orders', db);
  for (const [index, given] of orders.entries()) {
    const createdAt = `2026-11-21T08:00:${59 - index}.000Z`;
    await store.place(placedOrder({ orderId: code(index + 1), createdAt, ...given }));
  }
  const lists = orderListStore('orders', db);
  const route = listOrdersRoute({ lists, keys: fixedKeys, cursorSecret: onlySecret('cursor-secret') });
  return (query: Record<string, string> = {}, caller = staff) =>
    call(route, { operation: 'listOrders', query, caller });
};

const idsOf = ({ body }: { body: { items: { orderId: string }[] } }) => body.items.map(({ orderId }) => orderId);

describe('S4-36 GET /orders', () => {
  test('S4-20 shows staff the newest orders of the tenant, with a cursor to the next page', async () => {
    const list = await shop({}, {}, {}, { tenant: shopB });
    const first = await list({ limit: '2' });
    expect(idsOf(first)).toEqual(['ORD-000001', 'ORD-000002']);
    const second = await list({ limit: '2', cursor: first.body.nextCursor });
    expect([idsOf(second), second.body.nextCursor]).toEqual([['ORD-000003'], undefined]);
    expect(first.body.items[0].customerEmail).toBe('taro@example.com');
  });

  test('S4-20 shows twenty unless it is asked for less', async () => {
    const list = await shop(...Array.from({ length: 25 }, (_, index) => ({ orderId: `ORD-1000${10 + index}` })));
    expect(idsOf(await list())).toHaveLength(20);
    expect(idsOf(await list({ limit: '100' }))).toHaveLength(25);
  });

  test('P8 shows a customer their own orders alone', async () => {
    const list = await shop(
      { ownerId: 'ada' },
      { ownerId: 'eve' },
      { customerId: 'ada' },
      { tenant: shopB, ownerId: 'ada' },
    );
    expect(idsOf(await list({}, ada))).toEqual(['ORD-000001']);
  });

  test.each(['shipped', 'SHIPPED'])('S4-20 filters by the status %s', async (status) => {
    const list = await shop({}, { status: 'SHIPPED' });
    expect(idsOf(await list({ status }))).toEqual(['ORD-000002']);
  });

  test('P8 refuses a cursor of another customer, another tenant, another filter, and one that was forged', async () => {
    const list = await shop({ ownerId: 'ada' }, { ownerId: 'ada' }, { tenant: shopB }, { tenant: shopB });
    const cursor = (await list({ limit: '1' })).body.nextCursor;
    const own = (await list({ limit: '1' }, ada)).body.nextCursor;
    for (const [query, caller] of [
      [{ cursor }, ada],
      [{ cursor }, { ...staff, tenant: shopB }],
      [{ cursor, status: 'pending' }, staff],
      [{ cursor: own }, { ...ada, userId: 'eve' }],
      [{ cursor: `${cursor}x` }, staff],
      [{ cursor: 'x' }, staff],
    ] as const) {
      const { status, body } = await list(query, caller);
      expect([status, body.errors]).toEqual([
        400,
        [{ pointer: '/query/cursor', detail: 'must be the nextCursor of an earlier page of the same list' }],
      ]);
    }
  });

  test.each([
    { limit: '0' },
    { limit: '-1' },
    { limit: '101' },
    { limit: '1000000000' },
    { limit: 'x' },
    { status: 'gone' },
    { tenant: 'b' },
  ] as Record<string, string>[])('P15 refuses %j', async (query) => {
    expect((await (await shop())(query)).status).toBe(400);
  });

  test('asks a guest for a token', async () => {
    expect((await (await shop())({}, guest(defaultTenant))).status).toBe(401);
  });
});

describe('where a list is read', () => {
  const now = new Date('2026-11-21T09:00:00.000Z');
  const entry = (createdAt: string, orderId: string) => ({ createdAt, orderId });

  test('is one partition for each status, and for pending orders also what was placed a moment ago', () => {
    expect(sourcesOf({ tenant: defaultTenant, status: 'CONFIRMED' }, now)).toEqual([
      { index: 'byTenant', partition: 'default#OPEN' },
    ]);
    expect(sourcesOf({ tenant: defaultTenant, status: 'PENDING' }, now)).toEqual([
      { index: 'byTenant', partition: 'default#PENDING' },
      { index: 'byTenant', partition: 'default#OPEN', since: '2026-11-21T08:45:00.000Z' },
    ]);
    expect(sourcesOf({ tenant: defaultTenant, ownerId: 'ada' }, now)).toEqual([
      { index: 'byCustomer', partition: 'default#ada' },
    ]);
  });

  test('leaves the last moment of a source that has more for the next page', () => {
    const read = [
      { entries: [entry('5', 'a'), entry('4', 'b'), entry('4', 'c')], more: true },
      { entries: [entry('3', 'd')], more: false },
    ];
    expect(mergePages(read, undefined, 1)).toEqual({ entries: [entry('5', 'a')], more: true });
  });

  test('begins after the entry that the last page ended with', () => {
    const read = [{ entries: [entry('5', 'a'), entry('4', 'c'), entry('4', 'b')], more: false }];
    expect(mergePages(read, entry('4', 'c'), 5)).toEqual({ entries: [entry('4', 'b')], more: false });
  });
});
