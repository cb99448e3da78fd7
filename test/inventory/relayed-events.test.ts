import { relayedEvents } from '../../lambda/inventory/inventory-events';
import { relayChanges } from '../../lambda/kernel/events/stream-relay';

const stock = (version: number, available: number) => ({
  productId: 'shop-a#PRD-001',
  productName: 'Mouse',
  stock: available,
  reservedQuantity: 0,
  version,
  updatedAt: '2026-11-21T08:00:00.000Z',
});

const reservation = {
  orderId: 'shop-a#ORD-000001',
  state: 'RESERVED',
  lines: [{ productId: 'PRD-001', quantity: 1 }],
  wasShort: true,
  version: 2,
  updatedAt: '2026-11-21T08:00:00.000Z',
  fact: { type: 'StockReserved', correlationId: 'correlation-1', causationId: 'shop-a/ORD-000001:1' },
};

const told = (after: Record<string, unknown>, before?: Record<string, unknown>) =>
  relayedEvents(after, before).map(({ type, id }) => `${type} ${id}`);

test('the relay publishes stock by its two images, and a reservation by its fact', () => {
  expect(told(stock(7, 0), stock(6, 5))).toEqual(['ProductSoldOut.v1 shop-a/PRD-001:7']);
  expect(told(stock(7, 0))).toEqual([]);
  expect(told(reservation)).toEqual([
    'StockReserved.v1 shop-a/ORD-000001:2',
    'StockShortageEnded.v1 shop-a/ORD-000001:2',
  ]);
});

test('P6 an image of neither is dead-lettered, and its neighbours are published', async () => {
  const [published, parked]: [string[], string[]] = [[], []];
  await relayChanges(
    {
      relay: 'inventory-relay',
      isRelayed: () => true,
      toEvent: relayedEvents,
      publish: async (events) => void published.push(...events.map(({ type }) => type)),
      deadLetter: async ({ error }) => void parked.push(error.name),
      maxEventBytes: 65_536,
      now: () => new Date(0),
    },
    [{ after: { productId: 'no tenant', version: 1 } }, { after: stock(7, 0), before: stock(6, 5) }, { after: {} }],
  );
  expect(published).toEqual(['ProductSoldOut.v1']);
  expect(parked).toHaveLength(2);
});
