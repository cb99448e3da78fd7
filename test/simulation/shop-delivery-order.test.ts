import { raiseAlert, type Signal } from '../../lambda/alert/stock/raise-alerts';
import { projectShop, type ShopEvent } from '../../lambda/catalog/project-shop';
import type { CatalogEvent } from '../../lambda/contracts/events/catalog-events';
import type { OrderCancelled, OrderPlaced, OrderShipped } from '../../lambda/contracts/events/order-events';
import { updateReservations as takeStock } from '../../lambda/inventory/reservations/update-reservations';
import { projectCatalog } from '../../lambda/inventory/stock/project-catalog';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';
import { decide, type ProcessEvent } from '../../lambda/order/domain/order-process';
import { projectShopData } from '../../lambda/order/shop/project-shop-data';
import { anOrder } from '../stores/builders';
import { directly } from '../stores/io';
import { orderCancelled, orderPlaced, orderShipped } from '../support/order-events';
import { siteOf } from './client';
import { scriptedFaults } from './faults';
import { type Parts, soundParts, timeouts } from './parts';
import { permutations } from './permutations';
import { deductTwice } from './planted-ledger-bugs';
import { copyOfAnyVersion, newsOfAnyVersion, signsOfAnyVersion } from './planted-shop-bugs';
import { openShops, putStock } from './product-stock';
import { seededRandom } from './random';
import { emptyWorld } from './world';

const now = () => new Date('2026-11-21T09:00:00.000Z');

const openWorld = () => {
  const world = emptyWorld(scriptedFaults(new Map()), seededRandom(1), () => undefined);
  openShops(world, seededRandom(1));
  return world;
};

/** An event of anything, as it was told with a version. */
const told = (source: string, type: string, subject: string, version: number, data: object = {}) => {
  const { specversion, time, datacontenttype, tenantid, correlationid } = orderPlaced();
  const envelope = { specversion, time, datacontenttype, tenantid, correlationid, source, subject };
  return { ...envelope, type, id: `default/${subject}:${version}`, data };
};

/** All the ends that there are. */
const endsOf = async <Event>(events: readonly Event[], endOf: (events: readonly Event[]) => Promise<unknown>) => {
  const ends = new Set<string>();
  for (const order of permutations(events)) ends.add(JSON.stringify(await endOf(order)));
  return [...ends].map((end) => JSON.parse(end) as unknown);
};

type Taken = OrderPlaced | OrderCancelled | OrderShipped;

const stockAfter =
  (size: number, { stockStore }: Pick<Parts, 'stockStore'> = soundParts) =>
  async (events: readonly Taken[]) => {
    const world = emptyWorld(scriptedFaults(new Map()), seededRandom(1), () => undefined);
    putStock(world, 'PROD-002', 10);
    const take = takeStock(stockStore(siteOf(world, directly)));
    for (let at = 0; at < events.length; at += size) await take(events.slice(at, at + size));
    const states = [...world.reservations.values()].map(({ orderId, state }) => `${orderId} ${state}`);
    const rows = [...world.stock.values()].map(({ stock, reservedQuantity }) => [stock, reservedQuantity]);
    return { rows, states: states.sort() };
  };

const [sold, gone] = [orderPlaced('ORD-000001'), orderPlaced('ORD-000002')];
const [sent, undone] = [orderShipped('ORD-000001'), orderCancelled('ORD-000002')];
const sevenOfStock: Taken[] = [sold, sold, sent, sent, gone, undone, undone];

test.each([1, 2, 7])(
  'P12 S4-26 an order that is shipped and one that is cancelled leave the same stock in every order of delivery, in batches of %d',
  async (size) => {
    expect(await endsOf(sevenOfStock, stockAfter(size))).toEqual([
      { rows: [[8, 0]], states: ['ORD-000001 DEDUCTED', 'ORD-000002 RELEASED'] },
    ]);
  },
  60_000,
);

const follow = (order: Order) => async (events: readonly ProcessEvent[]) => {
  const end = events.reduce((current, event) => decide(current, event, now(), timeouts) ?? current, order);
  return `${end.status} ${end.stockStatus} ${end.dueAt ?? 'not due'}`;
};

const answer = (type: string, version: number) =>
  told('/inventory', type, 'ORD-000001', version, { orderId: 'ORD-000001' }) as ProcessEvent;
const back = told('/returns', 'ReturnCompleted.v2', 'RET-000001-1', 3, {
  orderId: 'ORD-000001',
  orderFullyReturned: true,
}) as ProcessEvent;

test('P12 a delivered order ends the same in every order of the inventory’s answers and its return', async () => {
  const deducted = answer('StockDeducted.v1', 3);
  const late = [answer('StockReserved.v1', 1), answer('StockShort.v1', 2), answer('StockReleased.v1', 4)];
  const delivered = anOrder(defaultTenant, 'ORD-000001', { status: 'DELIVERED', stockStatus: 'RESERVED', version: 5 });
  const ends = await endsOf([...late, deducted, deducted, back, back], follow(delivered));
  expect(ends).toEqual(['RETURNED DEDUCTED not due']);
});

const news = (type: 'ProductSoldOut' | 'ProductRestocked', version: number) =>
  told('/stock', `${type}.v1`, 'PROD-1', version, { productId: 'PROD-1', version, available: 1 }) as ShopEvent;

const shelfAfter =
  ({ productStore }: Pick<Parts, 'productStore'> = soundParts) =>
  async (events: readonly ShopEvent[]) => {
    const world = openWorld();
    const hear = projectShop({ products: productStore(siteOf(world, directly)), now });
    for (const event of events) await hear(event);
    const { status, offSaleBy, ordered } = world.products.get('default#PROD-1') ?? {};
    return [status, offSaleBy ?? 'nobody', ordered];
  };

const [out, again] = [news('ProductSoldOut', 2), news('ProductRestocked', 3)];
const ordered = orderPlaced('ORD-000001', {
  lines: orderPlaced().data.lines.map((line) => ({ ...line, productId: 'PROD-1' })),
});

test('P12 S1-28 a product ends as the newest news of its stock say, in every order of delivery', async () => {
  const last = news('ProductSoldOut', 7);
  expect(await endsOf([out, out, again, again, last, last, ordered], shelfAfter())).toEqual([[false, 'system', true]]);
  const restocked = news('ProductRestocked', 9);
  expect(await endsOf([out, out, again, last, restocked, restocked, ordered], shelfAfter())).toEqual([
    [true, 'nobody', true],
  ]);
});

const described = (type: string, version: number, name: string, status: boolean) =>
  told('/products', `${type}.v1`, 'PROD-1', version, {
    ...{ productId: 'PROD-1', version, name, status },
    ...{ price: 1005, currency: 'JPY', taxRateBps: 1000, categories: [] },
  }) as CatalogEvent;

const copiesAfter =
  ({ shopStore }: Pick<Parts, 'shopStore'> = soundParts) =>
  async (events: readonly CatalogEvent[]) => {
    const world = openWorld();
    const keep = projectShopData(shopStore(siteOf(world, directly)));
    const stock = projectCatalog(soundParts.ledgerStore(siteOf(world, directly)), now);
    for (const event of events) await Promise.all([keep(event), stock(event)]);
    const copy = world.copies.get('default#PROD-1');
    const row = world.stock.get('default#PROD-1');
    return [copy?.name, copy?.onSale, row?.productName, row?.discontinued];
  };

const [renamed, offSale] = [
  described('ProductUpdated', 2, 'second', true),
  described('ProductUpdated', 4, 'third', false),
];
const retired = described('ProductDiscontinued', 5, 'last', false);
const created = described('ProductCreated', 1, 'first', true);

test('P12 projections of a product end as its newest version, in every order of delivery', async () => {
  expect(await endsOf([created, renamed, renamed, offSale, offSale, retired, retired], copiesAfter())).toEqual([
    ['last', false, 'last', true],
  ]);
});

const signal = (type: string, version: number) =>
  told(type === 'StockShort' ? '/inventory' : '/inventory/shortages', `${type}.v1`, 'ORD-000001', version, {
    orderId: 'ORD-000001',
    shortage: { productId: 'PROD-1', name: 'mouse', available: 0, requested: 1 },
    outcome: 'reserved',
  }) as Signal;

const alertAfter =
  ({ alertStore }: Pick<Parts, 'alertStore'> = soundParts) =>
  async (events: readonly Signal[]) => {
    const world = openWorld();
    const hear = raiseAlert(alertStore(siteOf(world, directly)), () => undefined);
    for (const event of events) await hear(event);
    return [...world.alerts.values()].map(({ subject, state }) => `${subject} ${state}`);
  };

const [short, shorter, ended] = [signal('StockShort', 1), signal('StockShort', 2), signal('StockShortageEnded', 3)];
const sevenSigns = [short, short, shorter, shorter, ended, ended, ended];

test('P12 S4-29 an alert is resolved in the end, in every order of delivery', async () => {
  expect(await endsOf(sevenSigns, alertAfter())).toEqual([['ORD-000001 RESOLVED']]);
});

test.each([
  ['what is shipped is taken each time', () => endsOf(sevenOfStock, stockAfter(1, { stockStore: deductTwice }))],
  ['old news of the stock are believed', () => endsOf([out, again], shelfAfter({ productStore: newsOfAnyVersion }))],
  ['old copies are kept', () => endsOf([renamed, offSale], copiesAfter({ shopStore: copyOfAnyVersion }))],
  ['old signs are believed', () => endsOf(sevenSigns, alertAfter({ alertStore: signsOfAnyVersion }))],
])('P12 is seen to break when %s', async (_, ends) => {
  expect((await ends()).length).toBeGreaterThan(1);
});
