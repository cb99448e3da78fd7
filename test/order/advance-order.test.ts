import type { InventoryEvent } from '../../lambda/contracts/events/inventory-events';
import { advanceOrder } from '../../lambda/order/advance-orders';
import type { Order } from '../../lambda/order/domain/order';
import { orderPlaced } from '../support/order-events';
import { placedOrder } from '../support/orders';

const event: InventoryEvent = { ...orderPlaced(), type: 'StockReserved.v1', data: { orderId: 'ORD-000001' } };

const timeouts = { answerSeconds: 60, backorderSeconds: 60, paymentSeconds: 1800 };
const timeoutsOf = async () => timeouts;

const advance = (order: Order | undefined, wins: readonly boolean[]) => {
  const left = [...wins];
  const orders = { get: async () => order, save: async () => left.shift() ?? false };
  return advanceOrder({ orders, timeouts, timeoutsOf, now: () => new Date('2026-11-21T09:00:00.000Z') })(event);
};

test('decides again when somebody else wrote first, and gives up after five times', async () => {
  await expect(advance(placedOrder(), [false, false, false, false, true])).resolves.toBeUndefined();
  await expect(advance(placedOrder(), [])).rejects.toThrow('in all 5 attempts');
});

test('an answer for an order that nobody knows is a fault, never dropped', async () => {
  await expect(advance(undefined, [true])).rejects.toThrow('Order ORD-000001 not found');
});

test.each([
  ['does not show the order yet', undefined],
  ['shows the order before it was cancelled', placedOrder({ version: 1 })],
])('a first read that %s drops nothing', async (_what, stale) => {
  const now = placedOrder({ version: 3, status: 'CANCELLED', stockStatus: 'BACKORDERED' });
  const saved: Order[] = [];
  const orders = {
    get: async (_key: unknown, read = 'consistent') => (read === 'eventual' ? stale : now),
    save: async (next: Order) => next.version === 4 && saved.push(next) > 0,
  };
  const released: InventoryEvent = { ...event, type: 'StockReleased.v1' };
  await advanceOrder({ orders, timeouts, timeoutsOf, now: () => new Date(0) })(released);
  expect(saved).toMatchObject([{ status: 'CANCELLED', stockStatus: 'RELEASED', version: 4 }]);
});

test('an order that is up to date is read once, at half the price', async () => {
  const reads: unknown[] = [];
  const orders = {
    get: async (_key: unknown, read?: unknown) => {
      reads.push(read);
      return placedOrder();
    },
    save: async () => true,
  };
  await advanceOrder({ orders, timeouts, timeoutsOf, now: () => new Date(0) })(event);
  expect(reads).toEqual(['eventual']);
});
