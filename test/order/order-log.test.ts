import type { InventoryEvent } from '../../lambda/contracts/events/inventory-events';
import { logger } from '../../lambda/kernel/logger';
import { advanceOrder } from '../../lambda/order/advance-orders';
import { call } from '../support/http';
import { orderPlaced } from '../support/order-events';
import { orderRoute } from '../support/order-route';
import { placedOrder } from '../support/orders';

/** The messages that are logged while `work` runs. */
const messagesOf = async (work: () => Promise<unknown>): Promise<string[]> => {
  const spies = [jest.spyOn(logger, 'info'), jest.spyOn(logger, 'error')];
  try {
    await work();
    return spies.flatMap(({ mock }) => mock.calls.map(([message]) => String(message)));
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
};

const timeouts = { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 };

const hear = (event: Partial<InventoryEvent>, backorderSeconds = 60) =>
  advanceOrder({
    orders: { get: async () => placedOrder(), save: async () => true },
    timeouts,
    timeoutsOf: async () => ({ ...timeouts, backorderSeconds }),
    now: () => new Date('2026-11-21T09:00:00.000Z'),
  })({ ...orderPlaced(), ...event } as InventoryEvent);

const shortage = { productId: 'PROD-004', name: '人気商品（在庫切れ）', available: 0, requested: 1 };
const short = { type: 'StockShort.v1', data: { orderId: 'ORD-000001', shortage } } as const;

describe('S4-48 the log says in these words', () => {
  test('that an order was placed, and nothing about the customer', async () => {
    const body = { customerEmail: 'canary@example.com', items: [{ productId: 'PROD-002', quantity: 1 }] };
    const messages = await messagesOf(() =>
      call(orderRoute().route, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    );
    expect(messages).toContain('New order created: ORD-000001');
    expect(messages.join()).not.toContain('canary');
  });

  test('how its status changed', async () => {
    const messages = await messagesOf(() => hear({ type: 'StockReserved.v1', data: { orderId: 'ORD-000001' } }));
    expect(messages).toEqual(['Order ORD-000001 status: pending -> confirmed']);
  });

  test('why its stock could not be reserved, and nothing of a status that stays', async () => {
    expect(await messagesOf(() => hear(short))).toEqual([
      'Failed to reserve inventory: Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1',
    ]);
    expect(await messagesOf(() => hear(short, 0))).toContain('Order ORD-000001 status: pending -> cancelled');
  });
});
