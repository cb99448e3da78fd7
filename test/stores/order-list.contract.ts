import type { Tenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import type { IndexEntry, OrderFilter } from '../../lambda/order/lists/order-list';
import type { OrderListStore } from '../../lambda/order/lists/order-list.store';
import type { OrderStore } from '../../lambda/order/order.store';
import { anOrder, freshTenant } from './builders';

/** `settled` resolves once the indexes have seen every write. */
export type OrderListHarness = {
  readonly store: OrderStore;
  readonly lists: OrderListStore;
  readonly settled: () => Promise<void>;
};

const code = (number: number) => `ORD-${String(number).padStart(6, '0')}`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Order number `n` was placed `n` minutes ago. */
const aged = (tenant: Tenant, number: number, given: Partial<Order> = {}) => {
  const at = minutesAgo(number);
  return anOrder(tenant, code(number), { createdAt: at, updatedAt: at, ...given });
};

const readAll = async (lists: OrderListStore, filter: OrderFilter, limit: number) => {
  const pages: string[][] = [];
  let after: IndexEntry | undefined;
  do {
    const { orders, last }: Awaited<ReturnType<OrderListStore['page']>> = await lists.page(filter, { limit, after });
    pages.push(orders.map(({ orderId }) => orderId));
    after = last;
  } while (after !== undefined && pages.length < 50);
  return pages;
};

/** What every list of orders promises, whatever it is made of. */
export const orderListContract = (name: string, open: () => OrderListHarness): void => {
  describe(`order lists ${name}`, () => {
    const { store, lists, settled } = open();

    const place = async (...orders: Order[]) => {
      for (const order of orders) {
        const { version, ...first } = order;
        await store.place({ ...first, version: 1 });
        if (version > 1) await store.save({ ...order, version: 2 });
      }
      await settled();
    };

    test('S4-20 lists the orders of a tenant, newest first, page by page, each of them once', async () => {
      const tenant = freshTenant();
      await place(...[3, 1, 5, 2, 4].map((number) => aged(tenant, number)));
      expect(await readAll(lists, { tenant }, 2)).toEqual([
        ['ORD-000001', 'ORD-000002'],
        ['ORD-000003', 'ORD-000004'],
        ['ORD-000005'],
      ]);
    });

    test('S4-20 ends with a full page without promising another one', async () => {
      const tenant = freshTenant();
      await place(...[1, 2, 3, 4].map((number) => aged(tenant, number)));
      const pages = await readAll(lists, { tenant }, 2);
      expect(pages.filter((page) => page.length > 0)).toEqual([
        ['ORD-000001', 'ORD-000002'],
        ['ORD-000003', 'ORD-000004'],
      ]);
    });

    test('P8 lists no order of another tenant or another customer', async () => {
      const [tenant, other] = [freshTenant(), freshTenant()];
      await place(aged(tenant, 1, { ownerId: 'ada' }), aged(tenant, 2, { ownerId: 'eve' }), aged(tenant, 3));
      await place(aged(other, 4, { ownerId: 'ada' }));
      expect(await readAll(lists, { tenant, ownerId: 'ada' }, 20)).toEqual([['ORD-000001']]);
      expect(await readAll(lists, { tenant: freshTenant() }, 20)).toEqual([[]]);
      expect(await readAll(lists, { tenant }, 20)).toEqual([['ORD-000001', 'ORD-000002', 'ORD-000003']]);
    });

    test('does not list a guest’s order as the user’s whose ID the guest has named', async () => {
      const tenant = freshTenant();
      await place(aged(tenant, 1, { customerId: 'ada' }));
      expect(await readAll(lists, { tenant, ownerId: 'ada' }, 20)).toEqual([[]]);
    });

    test.each([
      ['PENDING', {}],
      ['PENDING', { stockStatus: 'BACKORDERED', version: 2 }],
      ['CONFIRMED', { status: 'CONFIRMED', stockStatus: 'RESERVED', version: 2 }],
      ['PROCESSING', { status: 'PROCESSING', version: 2 }],
      ['SHIPPED', { status: 'SHIPPED', version: 2 }],
      ['DELIVERED', { status: 'DELIVERED', version: 2 }],
      ['CANCELLED', { status: 'CANCELLED', version: 2 }],
    ] as const)('S4-20 finds a %s order by its status, among any number of others: %o', async (status, given) => {
      const tenant = freshTenant();
      const others = ['CONFIRMED', 'DELIVERED', 'CANCELLED', 'SHIPPED'] as const;
      const noise = others.filter((other) => other !== status);
      await place(
        aged(tenant, 9, given),
        ...noise.map((other, index) => aged(tenant, index + 1, { status: other, version: 2 })),
      );
      expect(await readAll(lists, { tenant, status }, 1)).toEqual([['ORD-000009']]);
    });

    test('finds a pending order that the sweep has asked for, however old it is', async () => {
      const tenant = freshTenant();
      const order = aged(tenant, 600, { dueAt: minutesAgo(590) });
      await place(order, aged(tenant, 700, { status: 'CONFIRMED', version: 2 }));
      expect(await store.reschedule(order, minutesAgo(1))).toBe(true);
      await settled();
      expect(await readAll(lists, { tenant, status: 'PENDING' }, 20)).toEqual([['ORD-000600']]);
      expect(await readAll(lists, { tenant, status: 'CONFIRMED' }, 20)).toEqual([['ORD-000700']]);
    });

    test('S3-28 lists a customer’s own orders by status too', async () => {
      const tenant = freshTenant();
      const mine = { ownerId: 'ada' };
      await place(
        ...[1, 2, 3, 4, 5].map((number) =>
          aged(tenant, number, number % 2 ? mine : { ...mine, status: 'DELIVERED', version: 2 }),
        ),
      );
      expect((await readAll(lists, { tenant, ...mine, status: 'DELIVERED' }, 1)).flat()).toEqual([
        'ORD-000002',
        'ORD-000004',
      ]);
    });

    test('lists orders of the same millisecond once each', async () => {
      const tenant = freshTenant();
      const at = minutesAgo(3);
      const same = [1, 2, 3, 4, 5, 6, 7].map((number) => anOrder(tenant, code(number), { createdAt: at }));
      await place(...same);
      expect((await readAll(lists, { tenant }, 2)).flat().sort()).toEqual(same.map(({ orderId }) => orderId));
    });

    test('does not lose or repeat an order whose status changes between two pages', async () => {
      const tenant = freshTenant();
      const orders = [1, 2, 3, 4].map((number) => aged(tenant, number));
      await place(...orders);
      const { orders: first, last } = await lists.page({ tenant }, { limit: 2 });
      for (const order of orders) await store.save({ ...order, version: 2, status: 'CANCELLED' });
      await settled();
      const { orders: second } = await lists.page({ tenant }, { limit: 5, after: last });
      expect([...first, ...second].map(({ orderId }) => orderId)).toEqual(orders.map(({ orderId }) => orderId));
    });
  });
};
