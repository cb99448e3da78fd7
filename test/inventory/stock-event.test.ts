import * as inventoryEvents from '../../lambda/contracts/events/inventory-events';
import { stockEvents } from '../../lambda/inventory/inventory-events';
import type { StockItem } from '../../lambda/inventory/stock/stock-item';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { aStockItem } from '../stores/builders';

const tenant = trustedTenant('shop-a');
const item = (version: number, given: Partial<StockItem>) => aStockItem(tenant, 'PRD-001', { version, ...given });
const told = (before: Partial<StockItem> | undefined, after: Partial<StockItem>) =>
  stockEvents(before && item(6, before), item(7, after));

test('S1-20 S1-28 the last piece sells a product out, under the ID of the stock’s version', () => {
  const [event, ...others] = told({ stock: 5 }, { stock: 0, reservedQuantity: 5 });
  expect(others).toEqual([]);
  expect(inventoryEvents.ProductSoldOut.parse(event)).toEqual({
    specversion: '1.0',
    id: 'shop-a/PRD-001:7',
    source: '/stock',
    subject: 'PRD-001',
    time: '2026-11-21T08:00:00.000Z',
    datacontenttype: 'application/json',
    tenantid: 'shop-a',
    correlationid: 'shop-a/PRD-001:7',
    type: 'ProductSoldOut.v1',
    data: { productId: 'PRD-001', version: 7 },
  });
});

test('S1-28 the first piece that comes back restocks it', () => {
  expect(told({ stock: 0 }, { stock: 3 }).map((event) => inventoryEvents.ProductRestocked.parse(event).data)).toEqual([
    { productId: 'PRD-001', version: 7, available: 3 },
  ]);
});

test('a write that raised no version reports nothing: its event would have the ID of another', () => {
  expect(stockEvents(item(7, { stock: 5 }), item(7, { stock: 0 }))).toEqual([]);
});

test.each([
  ['a sale that leaves some', { stock: 5 }, { stock: 1 }],
  ['a reservation by which nothing becomes available', { stock: 0 }, { stock: 0, reservedQuantity: 1 }],
  ['a new product, which has never had any', undefined, { stock: 0 }],
  ['a product that is deleted', { stock: 0 }, { stock: 0, deletedAt: '2026-11-21T08:00:00.000Z' }],
])('no event is published for %s', (_what, before, after) => expect(told(before, after)).toEqual([]));

const discrepancy = { onHand: 5, expectedOnHand: 4, reserved: 0, expectedReserved: 0 };

test('what the audit notes is reported once, and when it is taken off again', () => {
  expect(told({ stock: 5 }, { stock: 5, discrepancy })).toEqual([
    expect.objectContaining({
      id: 'shop-a/PRD-001:7',
      source: '/stock-audit',
      type: 'StockDiscrepancyFound.v1',
      data: { productId: 'PRD-001', version: 7, ...discrepancy },
    }),
  ]);
  expect(told({ stock: 5, discrepancy }, { stock: 4, discrepancy })).toEqual([]);
  expect(told({ stock: 5, discrepancy }, { stock: 5 }).map(({ type }) => type)).toEqual([
    'StockDiscrepancyResolved.v1',
  ]);
});
