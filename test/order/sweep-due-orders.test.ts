import * as z from 'zod';
import type { Publishable } from '../../lambda/kernel/events/publish';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { sweepDueOrders } from '../../lambda/order/advance-orders';
import type { Order, OrderKey } from '../../lambda/order/domain/order';
import { type DueOrder, dueShardOf } from '../../lambda/order/due-orders.store';
import { orderStore } from '../../lambda/order/order.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { placedOrder } from '../support/orders';

const setUp = (orders: Order[], dueAt = '2026-11-21T09:00:00.000Z') => {
  const rescheduledUnreadable: (readonly [string, string])[] = [];
  const published: string[] = [];
  const saved: Order[] = [];
  const rescheduled: (readonly [number | undefined, string])[] = [];
  const deps = {
    orders: {
      due: async () => orders.map(({ orderId, createdAt }) => ({ tenant: defaultTenant, orderId, createdAt, dueAt })),
      rescheduleUnreadable: async ({ orderId }: DueOrder, until: Date) => {
        rescheduledUnreadable.push([orderId, until.toISOString()]);
        return true;
      },
      get: async ({ orderId }: { orderId: string }) => orders.find((order) => order.orderId === orderId),
      save: async (next: Order) => {
        saved.push(next);
        return true;
      },
      reschedule: async ({ dueAttempts }: Order, dueAt: string) => {
        rescheduled.push([dueAttempts, dueAt]);
        return true;
      },
    },
    publish: async ([event]: readonly Publishable[]) => {
      if (event?.id.endsWith('ORD-000666:1')) throw new Error('SNS is down');
      published.push(String(event?.id));
    },
    timeouts: { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T09:00:00.000Z'),
  };
  return { deps, published, saved, rescheduled, rescheduledUnreadable };
};

describe('the sweep', () => {
  test('publishes an unanswered order again under the same event ID', async () => {
    const { deps, published, saved } = setUp([placedOrder()]);
    expect(await sweepDueOrders(deps)).toEqual({ found: 1, publishedAgain: 1, decided: 0, unfit: 0, failed: [] });
    expect(published).toEqual(['default/ORD-000001:1']);
    expect(saved).toEqual([]);
  });

  test('asks again later each time: after one timeouts, two, four, and at most an hour', async () => {
    const { deps, rescheduled } = setUp(
      [undefined, 1, 2, 9].map((dueAttempts, index) => placedOrder({ orderId: `ORD-00000${index}`, dueAttempts })),
    );
    await sweepDueOrders(deps);
    expect(rescheduled).toEqual([
      [undefined, '2026-11-21T09:01:00.000Z'],
      [1, '2026-11-21T09:02:00.000Z'],
      [2, '2026-11-21T09:04:00.000Z'],
      [9, '2026-11-21T10:00:00.000Z'],
    ]);
  });

  test('asks for the stock of a backordered order once more at its deadline, and waits one timeouts for the answer', async () => {
    const deadline = '2026-11-21T09:00:00.000Z';
    const fact = { type: 'OrderBackordered', previousStatus: 'PENDING', deadline } as const;
    const backordered = placedOrder({ stockStatus: 'BACKORDERED', version: 2, fact });
    const { deps, published, saved, rescheduled } = setUp([backordered]);
    expect(await sweepDueOrders(deps)).toMatchObject({ publishedAgain: 1, decided: 0 });
    expect(published).toEqual(['default/ORD-000001:1']);
    expect([saved, rescheduled]).toEqual([[], [[undefined, '2026-11-21T09:01:00.000Z']]]);
  });

  test('leaves an order due when its event could not be published', async () => {
    const { deps, rescheduled } = setUp([placedOrder({ orderId: 'ORD-000666' })]);
    await sweepDueOrders(deps);
    expect(rescheduled).toEqual([]);
  });

  test('cancels a backordered order whose deadline passed, and leaves telling it to the relay', async () => {
    const { deps, published, saved } = setUp([placedOrder({ stockStatus: 'BACKORDERED', version: 2, dueAttempts: 1 })]);
    expect(await sweepDueOrders(deps)).toMatchObject({ decided: 1 });
    expect(saved).toMatchObject([{ status: 'CANCELLED', version: 3 }]);
    expect(published).toEqual([]);
  });

  test('goes on when one order fails, and says which', async () => {
    const { deps, published } = setUp([placedOrder({ orderId: 'ORD-000666' }), placedOrder({ orderId: 'ORD-000002' })]);
    const { failed } = await sweepDueOrders(deps);
    expect(failed.map(({ key }) => key.orderId)).toEqual(['ORD-000666']);
    expect(published).toEqual(['default/ORD-000002:1']);
  });

  test('leaves alone what the index still shows but is not due any more', async () => {
    const { deps, published, saved } = setUp([placedOrder({ status: 'CONFIRMED', dueAt: undefined })]);
    expect(await sweepDueOrders(deps)).toEqual({ found: 1, publishedAgain: 0, decided: 0, unfit: 0, failed: [] });
    expect([published, saved]).toEqual([[], []]);
  });
});

describe('F-46 a row that the sweep can do nothing with', () => {
  const orderNamed = (orderId: string) => placedOrder({ orderId });

  test('that cannot be read is due an hour later, counted and reported, and the others are swept', async () => {
    const { deps, published, rescheduledUnreadable } = setUp([orderNamed('ORD-000007'), orderNamed('ORD-000008')]);
    const { get } = deps.orders;
    deps.orders.get = async (key) => (key.orderId === 'ORD-000007' ? z.never().parse('another version') : get(key));
    const { unfit, failed } = await sweepDueOrders(deps);
    expect(rescheduledUnreadable).toEqual([['ORD-000007', '2026-11-21T10:00:00.000Z']]);
    expect([unfit, failed.map(({ key }) => key.orderId)]).toEqual([1, ['ORD-000007']]);
    expect(published).toEqual(['default/ORD-000008:1']);
  });

  test('that cannot be made due later either stops no other', async () => {
    const { deps, published } = setUp([orderNamed('ORD-000007'), orderNamed('ORD-000008')]);
    const { get } = deps.orders;
    deps.orders.get = async (key) => (key.orderId === 'ORD-000007' ? z.never().parse('another version') : get(key));
    deps.orders.rescheduleUnreadable = async () => {
      throw new Error('the table is throttled');
    };
    const { unfit, failed } = await sweepDueOrders(deps);
    expect([unfit, failed.map(({ key }) => key.orderId), published]).toEqual([
      1,
      ['ORD-000007'],
      ['default/ORD-000008:1'],
    ]);
  });

  test('with nothing outstanding is due an hour later, and counted', async () => {
    const { deps, published, rescheduledUnreadable } = setUp([
      placedOrder({ status: 'CONFIRMED', stockStatus: 'RESERVED', version: 2 }),
    ]);
    expect(await sweepDueOrders(deps)).toMatchObject({ publishedAgain: 0, decided: 0, unfit: 1, failed: [] });
    expect([published, rescheduledUnreadable]).toEqual([[], [['ORD-000001', '2026-11-21T10:00:00.000Z']]]);
  });

  test.each([
    ['2026-11-21T08:50:00.000Z', []],
    ['2026-11-21T08:45:00.000Z', [['ORD-000666', '2026-11-21T09:15:00.000Z']]],
  ])('that fails and is due since %s: %j', async (dueAt, expected) => {
    const { deps, rescheduledUnreadable } = setUp([orderNamed('ORD-000666')], dueAt);
    expect((await sweepDueOrders(deps)).failed).toHaveLength(1);
    expect(rescheduledUnreadable).toEqual(expected);
  });

  test('keeps no other waiting: 200 of them and one more in a shard', async () => {
    const store = orderStore('orders', memoryDynamoDb().db);
    const later = { dueAt: '2026-11-21T08:30:00.000Z' };
    const codes = Array.from({ length: 6000 }, (_, n) => `ORD-${100_000 + n}`);
    const inOneShard = codes.filter((code) => dueShardOf(`default#${code}`) === 'due#3').slice(0, 201);
    for (const [index, code] of inOneShard.entries())
      await store.place(
        placedOrder({ orderId: code, ...(index === 200 ? later : { dueAt: '2026-11-21T08:00:00.000Z' }) }),
      );
    const { deps, published } = setUp([]);
    const last = String(inOneShard[200]);
    const orders = {
      ...store,
      get: async (key: OrderKey) => (key.orderId === last ? store.get(key) : z.never().parse('another version')),
    };
    const counts: number[] = [];
    for (let sweep = 0; sweep < 3; sweep += 1) counts.push((await sweepDueOrders({ ...deps, orders })).unfit);
    expect([counts, published]).toEqual([[200, 0, 0], [`default/${last}:1`]]);
  });
});
