import type { OrderShipped } from '../../lambda/contracts/events/order-events';
import { reservationEvents } from '../../lambda/inventory/inventory-events';
import {
  onStockExhausted,
  type StockCommand,
  updateReservations,
} from '../../lambda/inventory/reservations/update-reservations';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { aStockItem } from '../stores/builders';
import { orderCancelled, orderPlaced } from '../support/order-events';
import { inventoryStores } from './inventory-stores';

const shipped = (orderId = 'ORD-000001'): OrderShipped => ({
  ...orderPlaced(orderId),
  id: `default/${orderId}:5`,
  type: 'OrderShipped.v2',
  data: {
    ...orderPlaced(orderId).data,
    status: 'SHIPPED',
    previousStatus: 'PROCESSING',
    shippedAt: '2026-11-22T08:00:00.000Z',
  },
});

const warehouse = async (stock: number) => {
  const { ledger, stock: store } = inventoryStores(() => new Date('2026-11-21T08:00:00.000Z'));
  await ledger.save(aStockItem(defaultTenant, 'PROD-002', { productName: 'mouse', stock }));
  const figures = async () => {
    const item = await ledger.get({ tenant: defaultTenant, productId: 'PROD-002' });
    return [item?.stock, item?.reservedQuantity];
  };
  const reservation = () => store.get({ tenant: defaultTenant, orderId: 'ORD-000001' });
  return { take: updateReservations(store), store, figures, reservation };
};

describe('what was shipped', () => {
  test('S1-19 S4-26 S4-31 is out of the stock, once, and inventory says so', async () => {
    const { take, figures, reservation } = await warehouse(10);
    await take([orderPlaced()]);
    expect(await figures()).toEqual([8, 2]);
    expect(await take([shipped()])).toEqual([undefined]);
    await take([shipped()]);
    expect(await figures()).toEqual([8, 0]);
    const held = await reservation();
    expect(held && reservationEvents(held)).toEqual([
      expect.objectContaining({
        id: 'default/ORD-000001:3',
        type: 'StockDeducted.v1',
        causationid: 'default/ORD-000001:5',
        data: { orderId: 'ORD-000001' },
      }),
    ]);
  });

  const copies = (...events: StockCommand[]) => events;
  test.each([
    ['one after the other', [copies(orderPlaced()), copies(shipped())]],
    ['in one batch', [copies(orderPlaced(), shipped())]],
    ['the shipment first', [copies(shipped()), copies(orderPlaced())]],
    ['the shipment first in one batch', [copies(shipped(), orderPlaced())]],
    ['with a cancellation that cannot be', [copies(orderPlaced()), copies(orderCancelled()), copies(shipped())]],
    ['with a cancellation after it', [copies(shipped()), copies(orderCancelled(), orderPlaced())]],
  ])('P12 leaves the same stock: %s', async (_how, batches) => {
    const { take, figures, reservation } = await warehouse(10);
    for (const batch of batches) await take(batch);
    expect(await figures()).toEqual([8, 0]);
    expect(await reservation()).toMatchObject({ state: 'DEDUCTED' });
  });
});

describe('copies of an order in one batch', () => {
  test('G4 are answered once, and each of them is done', async () => {
    const { take, reservation } = await warehouse(10);
    await take([orderCancelled()]);
    expect(await take([orderCancelled(), orderPlaced(), orderCancelled(), orderPlaced()])).toEqual(
      Array(4).fill(undefined),
    );
    expect(await reservation()).toMatchObject({ state: 'RELEASED', version: 2 });
  });

  test('are all tried again when the one fails', async () => {
    const { take } = await warehouse(1);
    const outcomes = await take([orderPlaced(), orderPlaced()]);
    expect(outcomes.map((outcome) => outcome?.message)).toEqual(
      Array(2).fill('Insufficient stock for mouse. Available: 1, Requested: 2'),
    );
  });

  test('G4 are dead-lettered once, and counted once', async () => {
    const { take, store, reservation } = await warehouse(1);
    const short: unknown[] = [];
    const onExhausted = onStockExhausted(store, (shortage) => short.push(shortage));
    const [first, second] = await take([orderPlaced(), orderPlaced()]);
    for (const error of [first, second]) if (error !== undefined) await onExhausted(orderPlaced(), error);
    expect(short).toHaveLength(1);
    expect(await reservation()).toMatchObject({ state: 'BACKORDERED', version: 1 });
    const [again] = await take([orderPlaced()]);
    if (again !== undefined) await onExhausted(orderPlaced(), again);
    expect(await reservation()).toMatchObject({ state: 'BACKORDERED', version: 2 }); // somebody asks again
  });

  test('P12 an order that is cancelled in the same batch reserves nothing at all', async () => {
    const { take, figures, reservation } = await warehouse(10);
    await take([orderPlaced(), orderCancelled()]);
    expect(await figures()).toEqual([10, 0]);
    expect(await reservation()).toMatchObject({ state: 'RELEASED', version: 1 });
  });
});

describe('an order that was short', () => {
  const shortage = { productId: 'PROD-002', name: 'mouse', available: 0, requested: 2 };
  const wanted = {
    tenant: defaultTenant,
    orderId: 'ORD-000001',
    lines: [{ productId: 'PROD-002', quantity: 2, name: 'mouse' }],
    cause: { correlationId: 'correlation-1', causationId: 'default/ORD-000001:1' },
  };
  const eventsAfter = async (event?: StockCommand) => {
    const { take, store, reservation } = await warehouse(10);
    await store.markShort(wanted, shortage);
    if (event !== undefined) await take([event]);
    const held = await reservation();
    return held === undefined ? [] : reservationEvents(held).map(({ type, source, data }) => [type, source, data]);
  };

  test('S4-29 is reported as such', async () => {
    expect(await eventsAfter()).toEqual([['StockShort.v1', '/inventory', { orderId: 'ORD-000001', shortage }]]);
  });

  test.each([
    ['gets its stock', orderPlaced(), 'StockReserved.v1', 'reserved'],
    ['is cancelled', orderCancelled(), 'StockReleased.v1', 'released'],
    ['is shipped all the same', shipped(), 'StockDeducted.v1', 'deducted'],
  ] as const)('ends its alert when it %s', async (_how, event, answer, outcome) => {
    expect(await eventsAfter(event)).toEqual([
      [answer, '/inventory', { orderId: 'ORD-000001' }],
      ['StockShortageEnded.v1', '/inventory/shortages', { orderId: 'ORD-000001', outcome }],
    ]);
  });
});
