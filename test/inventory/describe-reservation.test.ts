import { ReservationDescribed, StockChecked } from '../../lambda/contracts/calls/service-calls';
import { describeReservation } from '../../lambda/inventory/reservations/describe-reservation';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { aStockItem, aWanted } from '../stores/builders';
import { inventoryStores } from './inventory-stores';

const tenant = trustedTenant('shop-a');
const { ledger, stock } = inventoryStores(() => new Date('2026-11-21T08:00:00.000Z'));
const tell = describeReservation({ ledger, stock });

beforeAll(async () => {
  await ledger.save(aStockItem(tenant, 'A', { stock: 5 }));
  await ledger.save(aStockItem(tenant, 'B', { stock: 1 }));
  await stock.tryReserve([aWanted(tenant, 'ORD-000001', { A: 2 })]);
});

const check = async (lines: Record<string, number>, tenantId = 'shop-a') => {
  const named = Object.entries(lines).map(([productId, quantity]) => ({ productId, quantity }));
  return StockChecked.parse(await tell({ ask: 'check-stock', tenantId, lines: named }));
};

test('S1-16 nothing is short when there is enough of each product, to the last piece', async () => {
  expect(await check({ A: 3, B: 1 })).toEqual({ short: [] });
});

test('S1-23 says which products are short, and by how much; of an unknown one there is none', async () => {
  expect(await check({ A: 4, B: 1, NONE: 1 })).toEqual({
    short: [
      { productId: 'A', requested: 4, available: 3 },
      { productId: 'NONE', requested: 1, available: 0 },
    ],
  });
});

test('P8 another tenant’s stock is none', async () => {
  expect(await check({ A: 1 }, 'shop-b')).toEqual({ short: [{ productId: 'A', requested: 1, available: 0 }] });
});

test('returns what an order holds, and why', async () => {
  const asked = { ask: 'describe-reservation', orderId: 'ORD-000001' };
  expect(ReservationDescribed.parse(await tell({ ...asked, tenantId: 'shop-a' }))).toEqual({
    reservation: {
      state: 'RESERVED',
      lines: [{ productId: 'A', quantity: 2 }],
      version: 1,
      updatedAt: '2026-11-21T08:00:00.000Z',
      fact: 'StockReserved',
      causationId: 'shop-a/ORD-000001:1',
    },
  });
  expect(await tell({ ...asked, tenantId: 'shop-b' })).toEqual({});
});

test.each([
  ['nothing', {}],
  ['no tenant', { ask: 'check-stock', lines: [{ productId: 'A', quantity: 1 }] }],
  ['a tenant that breaks out of the key', { ask: 'describe-reservation', tenantId: 'shop-a#', orderId: 'ORD-000001' }],
])('a query of %s is a fault of the asker', async (_what, query) => {
  await expect(tell(query)).rejects.toThrow();
});
