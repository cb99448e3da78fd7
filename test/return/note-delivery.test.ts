import { readFileSync } from 'node:fs';
import { OrderDelivered } from '../../lambda/contracts/events/order-events';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { noteDelivery } from '../../lambda/return/request-return';
import { returnStore } from '../../lambda/return/return.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { requestedMice } from '../support/returns';

const delivered = OrderDelivered.parse(
  JSON.parse(readFileSync('test/contracts/samples/OrderDelivered.v2.json', 'utf8')),
);

test('S3-22 a delivered order is noted with what of it may be returned', async () => {
  const store = returnStore('returns', memoryDynamoDb().db);
  await noteDelivery(store)(delivered);
  expect(await store.order(defaultTenant, 'ORD-000001')).toEqual({
    tenant: 'default',
    orderId: 'ORD-000001',
    customerEmail: delivered.data.customerEmail,
    locale: 'ja',
    currency: 'JPY',
    lines: [
      {
        productId: 'PROD-002',
        name: 'ワイヤレスマウス',
        quantity: 2,
        unitPrice: 3000,
        lineTotal: 6000,
        taxRateBps: 1000,
        claimed: 0,
        returned: 0,
      },
    ],
    deliveredAt: '2026-11-22T10:00:00.000Z',
    returns: 0,
    version: 1,
  });
});

test('P2 the same delivery received again leaves what its returns have taken', async () => {
  const store = returnStore('returns', memoryDynamoDb().db);
  await noteDelivery(store)(delivered);
  const order = await store.order(defaultTenant, 'ORD-000001');
  if (order === undefined) throw new Error('not noted');
  await store.request(requestedMice(), { ...order, returns: 1, version: 2 });
  await noteDelivery(store)({ ...delivered, id: 'default/ORD-000001:7' });
  expect(await store.order(defaultTenant, 'ORD-000001')).toMatchObject({ returns: 1, version: 2 });
});
