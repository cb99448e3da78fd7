import type { Order } from '../../lambda/order/domain/order';
import { type IndexEntry, listKeysOf, type OrderFilter } from '../../lambda/order/lists/order-list';
import { orderListStore } from '../../lambda/order/lists/order-list.store';
import { orderIndex } from '../support/order-index';
import { placedOrder } from '../support/orders';

const now = new Date('2026-11-21T08:05:00.000Z');
const { tenant } = placedOrder();

const rowOf = (order: Order) => {
  const { tenant: _, ...rest } = order;
  return { ...JSON.parse(JSON.stringify(rest)), ...listKeysOf(order), orderId: `${tenant}#${order.orderId}` };
};

const codeOf = (n: number) => `ORD-${String(n).padStart(6, '0')}`;

const listOf = (orders: readonly Order[], extra: readonly Record<string, unknown>[] = []) => {
  const { db, reads } = orderIndex([...orders.map(rowOf), ...extra]);
  const { page } = orderListStore('orders', db, () => now);
  const everything = async (filter: Partial<OrderFilter>, limit: number) => {
    const found: string[] = [];
    const sizes: number[] = [];
    let after: IndexEntry | undefined;
    do {
      const { orders: some, last } = await page({ tenant, ...filter }, { limit, after });
      found.push(...some.map(({ orderId }) => orderId));
      sizes.push(some.length);
      after = last;
    } while (after !== undefined && sizes.length < 500);
    return { found, sizes };
  };
  return { page, reads, everything };
};

const at = '2026-11-21T08:00:00.000Z';
const second = (n: number) => new Date(Date.parse(at) - n * 1000).toISOString();

describe('F-45 orders of one millisecond', () => {
  const statuses = ['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED'] as const;
  const sameTime = (count: number, given: Partial<Order> = {}) =>
    Array.from({ length: count }, (_, n) =>
      placedOrder({ orderId: codeOf(n), createdAt: at, ownerId: 'ada', ...given }),
    );
  const descending = (count: number) => Array.from({ length: count }, (_, n) => codeOf(count - 1 - n));

  test.each([
    [60, 1],
    [60, 7],
    [60, 20],
    [60, 45],
    [60, 60],
    [60, 100],
    [300, 20],
    [46, 20],
  ])('%i of them are all listed, each once, in pages of %i', async (count, limit) => {
    const { everything } = listOf(sameTime(count));
    for (const filter of [{}, { ownerId: 'ada' }, { status: 'PENDING' }] as const)
      expect((await everything(filter, limit)).found).toEqual(descending(count));
  });

  test.each([1, 7, 20, 45])('among others before and after them, in all statuses, in pages of %i', async (limit) => {
    const orders = Array.from({ length: 210 }, (_, n) =>
      placedOrder({
        orderId: codeOf(n),
        createdAt: n < 70 ? second(n) : n < 140 ? second(70) : second(n),
        status: statuses[n % 7],
        ...(n % 7 === 0 ? { dueAttempts: 1 } : {}),
      }),
    );
    const { everything } = listOf(orders);
    const expected = [...orders]
      .sort((one, other) => other.createdAt.localeCompare(one.createdAt) || (one.orderId < other.orderId ? 1 : -1))
      .map(({ orderId }) => orderId);
    expect((await everything({}, limit)).found).toEqual(expected);
    expect((await everything({ status: 'SHIPPED' }, limit)).found).toEqual(
      expected.filter((orderId) => Number(orderId.slice(4)) % 7 === 3),
    );
  });

  test('one status that has few does not hide what another has between them', async () => {
    const many = Array.from({ length: 80 }, (_, n) =>
      placedOrder({ orderId: codeOf(n), createdAt: second(n < 60 ? 10 : n), status: 'SHIPPED' }),
    );
    const few = [placedOrder({ orderId: codeOf(900), createdAt: second(75.5), status: 'CANCELLED' })];
    const { found } = await listOf([...many, ...few]).everything({}, 20);
    expect([found.length, new Set(found).size, found.indexOf('ORD-000900')]).toEqual([81, 81, 76]);
  });
});

describe('F-48 a list of which little matches', () => {
  const mostlyShipped = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      placedOrder({
        orderId: codeOf(n),
        createdAt: second(n),
        ownerId: 'ada',
        status: n % 2500 === 2499 ? 'CANCELLED' : 'SHIPPED',
      }),
    );

  test.each([1, 20, 100])(
    'looks at a thousand orders at most for a page of %i, and goes on after them',
    async (limit) => {
      const { page, reads } = listOf(mostlyShipped(5000));
      const { orders, last } = await page({ tenant, ownerId: 'ada', status: 'CANCELLED' }, { limit });
      expect([orders, last?.orderId]).toEqual([[], expect.any(String)]);
      expect(reads.rows).toBeLessThanOrEqual(1000);
    },
  );

  test('is found whole by whoever goes on until there is no cursor', async () => {
    const { everything } = listOf(mostlyShipped(5000));
    const { found, sizes } = await everything({ ownerId: 'ada', status: 'CANCELLED' }, 20);
    expect([found, sizes.length]).toEqual([['ORD-002499', 'ORD-004999'], 6]);
  });

  test('reads what it returns where every order matches', async () => {
    const { page, reads } = listOf(mostlyShipped(5000));
    expect((await page({ tenant, ownerId: 'ada' }, { limit: 20 })).orders).toHaveLength(20);
    expect(reads).toEqual({ queries: 1, rows: 20 });
  });
});

test('F-46 an order that cannot be read is left out of the list, and hides no other', async () => {
  const good = [0, 1, 2].map((n) => placedOrder({ orderId: codeOf(n), createdAt: second(n) }));
  const bad = { ...rowOf(placedOrder({ orderId: codeOf(9), createdAt: second(1.5) })), lines: 'none' };
  expect((await listOf(good, [bad]).everything({}, 2)).found).toEqual(['ORD-000000', 'ORD-000001', 'ORD-000002']);
});
