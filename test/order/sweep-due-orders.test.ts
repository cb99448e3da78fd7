import type { Publishable } from '../../lambda/kernel/publish';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/order';
import { sweepDueOrders } from '../../lambda/order/sweep-due-orders';
import { placedOrder } from '../support/orders';

const setUp = (orders: Order[]) => {
  const published: string[] = [];
  const saved: Order[] = [];
  const postponed: (readonly [number | undefined, string])[] = [];
  const deps = {
    orders: {
      due: async () => orders.map(({ orderId }) => ({ tenant: defaultTenant, orderId })),
      get: async ({ orderId }: { orderId: string }) => orders.find((order) => order.orderId === orderId),
      save: async (next: Order) => {
        saved.push(next);
        return true;
      },
      postpone: async ({ dueAttempts }: Order, dueAt: string) => {
        postponed.push([dueAttempts, dueAt]);
        return true;
      },
    },
    publish: async ([event]: readonly Publishable[]) => {
      if (event?.id.endsWith('ORD-000666:1')) throw new Error('SNS is down');
      published.push(String(event?.id));
    },
    patience: { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 },
    now: () => new Date('2026-11-21T09:00:00.000Z'),
  };
  return { deps, published, saved, postponed };
};

describe('the sweep', () => {
  test('publishes an unanswered order again under the same event ID', async () => {
    const { deps, published, saved } = setUp([placedOrder()]);
    expect(await sweepDueOrders(deps)).toEqual({ found: 1, publishedAgain: 1, decided: 0, failed: [] });
    expect(published).toEqual(['default/ORD-000001:1']);
    expect(saved).toEqual([]);
  });

  test('asks again later each time: after one patience, two, four, and at most an hour', async () => {
    const { deps, postponed } = setUp(
      [undefined, 1, 2, 9].map((dueAttempts, index) => placedOrder({ orderId: `ORD-00000${index}`, dueAttempts })),
    );
    await sweepDueOrders(deps);
    expect(postponed).toEqual([
      [undefined, '2026-11-21T09:01:00.000Z'],
      [1, '2026-11-21T09:02:00.000Z'],
      [2, '2026-11-21T09:04:00.000Z'],
      [9, '2026-11-21T10:00:00.000Z'],
    ]);
  });

  test('asks for the stock of a backordered order once more at its deadline, and waits one patience for the answer', async () => {
    const deadline = '2026-11-21T09:00:00.000Z';
    const fact = { type: 'OrderBackordered', previousStatus: 'PENDING', deadline } as const;
    const backordered = placedOrder({ stockStatus: 'BACKORDERED', version: 2, fact });
    const { deps, published, saved, postponed } = setUp([backordered]);
    expect(await sweepDueOrders(deps)).toMatchObject({ publishedAgain: 1, decided: 0 });
    expect(published).toEqual(['default/ORD-000001:1']);
    expect([saved, postponed]).toEqual([[], [[undefined, '2026-11-21T09:01:00.000Z']]]);
  });

  test('leaves an order due when its event could not be published', async () => {
    const { deps, postponed } = setUp([placedOrder({ orderId: 'ORD-000666' })]);
    await sweepDueOrders(deps);
    expect(postponed).toEqual([]);
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
    expect(await sweepDueOrders(deps)).toEqual({ found: 1, publishedAgain: 0, decided: 0, failed: [] });
    expect([published, saved]).toEqual([[], []]);
  });
});
