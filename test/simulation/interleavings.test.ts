import { billOrders } from '../../lambda/billing/bill-orders';
import type { OrderCancelled, OrderPlaced } from '../../lambda/contracts/events/order-events';
import { updateReservations as takeStock } from '../../lambda/inventory/reservations/update-reservations';
import { notifyCustomers } from '../../lambda/notification/notify-customer';
import type { Io } from '../stores/io';
import { fixedKeys } from '../support/key-ring';
import { noMailLimit } from '../support/mail-limit';
import { orderCancelled, orderPlaced, orderShipped } from '../support/order-events';
import { siteOf } from './client';
import { effectsOf } from './effects';
import { scriptedFaults } from './faults';
import { everyInterleaving } from './interleavings';
import { mailbox } from './mailbox';
import { soundParts } from './parts';
import { dedupeOff } from './planted-stock-bugs';
import { putStock } from './product-stock';
import { seededRandom } from './random';
import { emptyWorld } from './world';

const now = () => new Date('2026-11-21T09:00:00.000Z');
const placed = orderPlaced('ORD-000001');
const cancelled = orderCancelled('ORD-000001');

const freshWorld = () => {
  const world = emptyWorld(scriptedFaults(new Map()), seededRandom(1), () => undefined);
  putStock(world, 'PROD-002', 10);
  return world;
};

const stockOf = (world: ReturnType<typeof freshWorld>) =>
  [...world.stock.values()].map(({ stock, reservedQuantity }) => [stock, reservedQuantity]);

/** Deliveries of the first event, then of the second. */
const deliveries = (first: number, second: number) => ({
  events: [
    ...Array.from({ length: first }, (): OrderPlaced | OrderCancelled => placed),
    ...Array.from({ length: second }, () => cancelled),
  ],
  twinOf: (task: number) => (task === 0 || task === first ? undefined : task - 1),
});

const takingStock = (first: number, second: number, stockStore = soundParts.stockStore) => {
  const world = freshWorld();
  const { events, twinOf } = deliveries(first, second);
  const tasks = events.map((event) => (io: Io) => takeStock(stockStore(siteOf(world, io)))([event]));
  return { world, tasks, twinOf };
};

test('P2 P4 four deliveries of an order at once reserve once, however they interleave', async () => {
  const paths = await everyInterleaving(() => {
    const { world, ...scenario } = takingStock(4, 0);
    return { ...scenario, check: () => expect(stockOf(world)).toEqual([[8, 2]]) };
  });
  expect(paths).toBeGreaterThan(10);
});

test('P2 P4 P12 two deliveries of an order and two of its cancellation give everything back, however they interleave', async () => {
  const paths = await everyInterleaving(() => {
    const { world, ...scenario } = takingStock(2, 2);
    const check = () => {
      expect(stockOf(world)).toEqual([[10, 0]]);
      expect([...world.reservations.values()]).toMatchObject([{ state: 'RELEASED' }]);
    };
    return { ...scenario, check };
  });
  expect(paths).toBeGreaterThan(100);
});

test('P2 P4 two deliveries of an order and one of its shipment take its goods once, however they interleave', async () => {
  const paths = await everyInterleaving(() => {
    const world = freshWorld();
    const events = [placed, placed, orderShipped('ORD-000001')];
    const take = (io: Io) => takeStock(soundParts.stockStore(siteOf(world, io)));
    const tasks = events.map((event) => (io: Io) => take(io)([event]));
    const check = () => {
      expect(stockOf(world)).toEqual([[8, 0]]);
      expect([...world.reservations.values()]).toMatchObject([{ state: 'DEDUCTED' }]);
    };
    return { tasks, twinOf: (task) => (task === 1 ? 0 : undefined), check };
  });
  expect(paths).toBeGreaterThan(10);
});

test('P2 is seen to break when deliveries at once are not deduplicated', async () => {
  const seen = new Set<string>();
  await everyInterleaving(() => {
    const { world, ...scenario } = takingStock(2, 0, dedupeOff);
    return { ...scenario, check: () => seen.add(JSON.stringify(stockOf(world))) };
  });
  expect([...seen]).toEqual(['[[6,4]]']);
});

test('P2 P12 two deliveries of an order and two of its cancellation leave one void bill, however they interleave', async () => {
  const paths = await everyInterleaving(() => {
    const world = freshWorld();
    const { events, twinOf } = deliveries(2, 2);
    const tasks = events.map((event) => (io: Io) => billOrders(soundParts.billStore(siteOf(world, io)))([event]));
    const check = () => expect(effectsOf(world).bills).toMatchObject([{ status: 'void', amount: 6600 }]);
    return { tasks, twinOf, check };
  });
  expect(paths).toBe(21);
});

test('P2 three deliveries at once leave one record and at most one e-mail for each delivery that found none', async () => {
  const mailCounts = new Set<number>();
  const paths = await everyInterleaving(() => {
    const world = freshWorld();
    const { events, twinOf } = deliveries(3, 0);
    const notify = (io: Io) =>
      notifyCustomers({
        keys: fixedKeys,
        ...mailbox(world, io, soundParts.notificationStore(siteOf(world, io))),
        limit: noMailLimit,
        now,
      });
    const tasks = events.map((event) => (io: Io) => notify(io)([event]));
    const check = () => {
      expect(world.notifications.size).toBe(1);
      mailCounts.add(world.mails.length);
    };
    return { tasks, twinOf, check };
  });
  expect(paths).toBeGreaterThan(100);
  expect([...mailCounts].sort()).toEqual([1, 2, 3]);
});
