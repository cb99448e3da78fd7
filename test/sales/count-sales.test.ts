import type { OrderConfirmed } from '../../lambda/contracts/events/order-events';
import { countSales } from '../../lambda/sales/count-sales';
import { type SalesEvent, saleOf } from '../../lambda/sales/sale';
import { salesStore } from '../../lambda/sales/sales.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { orderCancelled, orderPlaced } from '../support/order-events';

const placed = orderPlaced('ORD-000001');
const confirmed: OrderConfirmed = {
  ...placed,
  id: 'default/ORD-000001:2',
  type: 'OrderConfirmed.v2',
  data: { ...placed.data, status: 'CONFIRMED', previousStatus: 'PENDING' },
};
const cancelled = orderCancelled('ORD-000001', { previousStatus: 'CONFIRMED' });

const setUp = () => {
  const { db, table } = memoryDynamoDb();
  const handle = countSales(salesStore('product-sales', db));
  const counter = () => table('product-sales').get({ tenantId: 'default', subject: 'PRODUCT#PROD-002' });
  return { handle, sold: () => counter()?.unitsSold ?? 0 };
};

test('a confirmed order of two mice sells two mice', async () => {
  const { handle, sold } = setUp();
  expect(await handle([confirmed])).toEqual([undefined]);
  expect(sold()).toBe(2);
});

test('P2 twice in a batch and once more later, it is counted once', async () => {
  const { handle, sold } = setUp();
  expect(await handle([confirmed, confirmed])).toEqual([undefined, undefined]);
  await handle([confirmed]);
  expect(sold()).toBe(2);
});

test('a product in two lines is one product', () => {
  const [mouse] = placed.data.lines;
  const lines = [mouse, { ...mouse, quantity: 3 }] as typeof placed.data.lines;
  expect([...saleOf({ ...confirmed, data: { ...confirmed.data, lines } }).units]).toEqual([['PROD-002', 5]]);
});

test.each<[string, SalesEvent[]]>([
  ['confirmed, then cancelled', [confirmed, cancelled]],
  ['cancelled, then confirmed', [cancelled, confirmed]],
  ['confirmed, cancelled, and both again', [confirmed, cancelled, confirmed, cancelled]],
  ['cancelled twice, then confirmed', [cancelled, cancelled, confirmed]],
  ['cancelled alone', [cancelled]],
])('P12 an order that was %s sells nothing', async (_order, events) => {
  const [inOneBatch, oneByOne] = [setUp(), setUp()];
  await inOneBatch.handle(events);
  for (const event of events) await oneByOne.handle([event]);
  expect([inOneBatch.sold(), oneByOne.sold()]).toEqual([0, 0]);
});

test('an event that cannot be counted fails alone, so that SQS delivers it again', async () => {
  const refused = new Error('throttled');
  const handle = countSales({ count: async () => undefined, cancel: () => Promise.reject(refused) });
  expect(await handle([confirmed, cancelled, confirmed])).toEqual([undefined, refused, undefined]);
});
