import { billOrders } from '../../lambda/billing/bill-orders';
import type { InventoryEvent } from '../../lambda/contracts/events/inventory-events';
import type { OrderCancelled, OrderPlaced } from '../../lambda/contracts/events/order-events';
import { updateReservations as takeStock } from '../../lambda/inventory/reservations/update-reservations';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { notifyCustomers } from '../../lambda/notification/notify-customer';
import type { Order } from '../../lambda/order/domain/order';
import { decide } from '../../lambda/order/domain/order-process';
import { anOrder } from '../stores/builders';
import { directly } from '../stores/io';
import { fixedKeys } from '../support/key-ring';
import { noMailLimit } from '../support/mail-limit';
import { orderCancelled, orderPlaced } from '../support/order-events';
import { siteOf } from './client';
import { effectsOf } from './effects';
import { scriptedFaults } from './faults';
import { type Parts, soundParts, timeouts } from './parts';
import { permutations, shuffled } from './permutations';
import { voidWithoutTombstone } from './planted-order-bugs';
import { releaseWithoutTombstone } from './planted-stock-bugs';
import { putStock } from './product-stock';
import { seededRandom } from './random';
import { emptyWorld } from './world';

type Delivered = OrderPlaced | OrderCancelled;

const now = () => new Date('2026-11-21T09:00:00.000Z');

/** Delivers the events to the three consumers, in batches of `size`, and says what came of it. */
const deliver = async (events: readonly Delivered[], size: number, parts: Parts = soundParts) => {
  const world = emptyWorld(scriptedFaults(new Map()), seededRandom(1), () => undefined);
  putStock(world, 'PROD-002', 10);
  const take = takeStock(parts.stockStore(siteOf(world, directly)));
  const bill = billOrders(parts.billStore(siteOf(world, directly)));
  const email = {
    send: async ({ to, subject }: { to: string; subject: string }) => `${world.mails.push({ to, subject })}`,
  };
  const notifications = parts.notificationStore(siteOf(world, directly));
  const notify = notifyCustomers({ keys: fixedKeys, notifications, email, limit: noMailLimit, now });
  for (let at = 0; at < events.length; at += size) {
    const batch = events.slice(at, at + size);
    for (const outcomes of [await take(batch), await bill(batch), await notify(batch)]) {
      expect(outcomes).toEqual(batch.map(() => undefined));
    }
  }
  const { stock, reservations, bills, notifications: records } = effectsOf(world);
  return {
    stock: stock.map(([, { stock, reservedQuantity }]) => [stock, reservedQuantity]),
    reservations: reservations.map(({ orderId, state }) => `${orderId} ${state}`).sort(),
    bills: bills.map(({ orderId, status, amount }) => `${orderId} ${status} ${amount}`).sort(),
    notifications: records.map(({ notificationId }) => notificationId).sort(),
    mails: world.mails.map(({ subject }) => subject).sort(),
  };
};

const cancelled = [orderPlaced('ORD-000001'), orderCancelled('ORD-000001')];
const kept = orderPlaced('ORD-000002');
const seven = [cancelled[0], cancelled[0], cancelled[0], cancelled[1], cancelled[1], kept, kept] as Delivered[];

const expected = {
  stock: [[8, 2]],
  reservations: ['ORD-000001 RELEASED', 'ORD-000002 RESERVED'],
  bills: ['ORD-000001 void 6600', 'ORD-000002 pending 6600'],
  notifications: ['ORD-000001:1.email', 'ORD-000001:3.email', 'ORD-000002:1.email'],
  mails: [
    'ご注文ありがとうございます（ORD-000001）',
    'ご注文ありがとうございます（ORD-000002）',
    'ご注文をキャンセルいたしました（ORD-000001）',
  ],
};

test.each([1, 2, 7])(
  'P12 orders placed, cancelled and doubled end the same in every order of delivery, in batches of %d',
  async (size) => {
    const orders = permutations(seven);
    expect(orders).toHaveLength(210); // 7! / (3! 2! 2!)
    for (const events of orders) expect(await deliver(events, size)).toEqual(expected);
  },
);

test('P12 longer histories end the same in 200 random orders', async () => {
  const many = [...seven, ...seven, kept, cancelled[1] as Delivered];
  for (let seed = 1; seed <= 200; seed += 1) {
    expect(await deliver(shuffled(many, seed), 1 + (seed % 5))).toEqual(expected);
  }
});

test.each([
  ['a release leaves no tombstone', { stockStore: releaseWithoutTombstone }],
  ['a void leaves no tombstone', { billStore: voidWithoutTombstone }],
] as const)('P12 is seen to break when %s', async (_, bug) => {
  const ends = new Set<string>();
  for (const events of permutations(seven)) {
    ends.add(JSON.stringify(await deliver(events, 1, { ...soundParts, ...bug })));
  }
  expect(ends.size).toBeGreaterThan(1);
});

const tenant = trustedTenant('default');
const shortage = { productId: 'PROD-002', name: 'mouse', available: 0, requested: 2 };

const heard = (type: InventoryEvent['type'], version: number): InventoryEvent => {
  const { specversion, source, subject, time, datacontenttype, tenantid, correlationid } = orderPlaced();
  const envelope = { specversion, source, subject, time, datacontenttype, tenantid, correlationid };
  return {
    ...envelope,
    id: `default/ORD-000001:${version}`,
    type,
    data: { orderId: 'ORD-000001', shortage },
  } as InventoryEvent;
};

/** Where the order process ends when it hears these. */
const follow = (order: Order, events: readonly InventoryEvent[]): string => {
  const end = events.reduce((current, event) => decide(current, event, now(), timeouts) ?? current, order);
  return `${end.status} ${end.stockStatus} ${end.dueAt ?? 'not due'}`;
};

test('P12 the order process ends the same in every order of the inventory’s answers', () => {
  const short = [1, 2].map((version) => heard('StockShort.v1', version));
  const reserved = [3, 4].map((version) => heard('StockReserved.v1', version));
  const released = [5, 6, 7].map((version) => heard('StockReleased.v1', version));
  const pending = anOrder(tenant, 'ORD-000001');
  for (const events of permutations([...short, ...reserved])) {
    expect(follow(pending, events)).toBe('CONFIRMED RESERVED not due');
  }
  const gone = anOrder(tenant, 'ORD-000001', { status: 'CANCELLED', stockStatus: 'BACKORDERED', version: 3 });
  const all = permutations([...short, ...reserved, ...released]);
  expect(all).toHaveLength(5040);
  expect(new Set(all.map((events) => follow(gone, events)))).toEqual(new Set(['CANCELLED RELEASED not due']));
});
