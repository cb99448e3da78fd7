import type { Publishable } from '../../lambda/kernel/publish';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/order';
import { sweepDueOrders } from '../../lambda/order/sweep-due-orders';
import { placedOrder } from '../support/orders';

const setUp = (orders: Order[]) => {
  const published: string[] = [];
  const saved: Order[] = [];
  const deps = {
    orders: {
      due: async () => orders.map(({ orderId }) => ({ tenant: defaultTenant, orderId })),
      get: async ({ orderId }: { orderId: string }) => orders.find((order) => order.orderId === orderId),
      save: async (next: Order) => {
        saved.push(next);
        return true;
      },
    },
    publish: async ([event]: readonly Publishable[]) => {
      if (event?.id.endsWith('ORD-000666:1')) throw new Error('SNS is down');
      published.push(String(event?.id));
    },
    patience: { answerSeconds: 60, backorderSeconds: 60 },
    now: () => new Date('2026-11-21T09:00:00.000Z'),
  };
  return { deps, published, saved };
};

describe('the sweep', () => {
  test('publishes an unanswered order again under the same event ID', async () => {
    const { deps, published, saved } = setUp([placedOrder()]);
    expect(await sweepDueOrders(deps)).toEqual({ found: 1, publishedAgain: 1, decided: 0, failed: [] });
    expect(published).toEqual(['default/ORD-000001:1']);
    expect(saved).toEqual([]);
  });

  test('cancels a backordered order whose deadline passed, and leaves telling it to the relay', async () => {
    const { deps, published, saved } = setUp([placedOrder({ stockStatus: 'BACKORDERED', version: 2 })]);
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
