import { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { describeOrder } from '../../lambda/order/describe-order';
import { orderStore } from '../../lambda/order/order.store';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { placedOrder } from '../support/orders';

const tenant = trustedTenant('shop-a');
const orders = orderStore('orders', memoryDynamoDb().db);
const tell = describeOrder(orders);

beforeAll(async () => {
  await orders.place(placedOrder({ tenant, ownerId: 'user-1', customerId: 'cust-1', version: 3 }));
  await orders.place(placedOrder({ tenant, orderId: 'ORD-000002' }));
});

const ask = async (orderId: string, tenantId = 'shop-a') =>
  OrderDescribed.parse(JSON.parse(JSON.stringify(await tell({ ask: 'describe-order', tenantId, orderId }))));

test('returns to other services what an order is, and whose', async () => {
  expect(await ask('ORD-000001')).toEqual({
    order: {
      ownerId: 'user-1',
      customerId: 'cust-1',
      trackingTokenHash: 'hash',
      version: 3,
      status: 'PENDING',
      paymentStatus: 'NOT_REQUIRED',
      stockStatus: 'PENDING',
      total: 6600,
      currency: 'JPY',
      lines: [
        {
          productId: 'PROD-002',
          name: 'ワイヤレスマウス',
          quantity: 2,
          unitPrice: 3000,
          lineTotal: 6000,
          taxRateBps: 1000,
        },
      ],
    },
  });
});

test('a guest’s order has no owner', async () => {
  const { order } = await ask('ORD-000002');
  expect([order?.ownerId, order?.customerId, order?.trackingTokenHash]).toEqual([undefined, undefined, 'hash']);
});

test('returns no e-mail address, of any order', async () => {
  expect(JSON.stringify(await ask('ORD-000001'))).not.toContain('@');
});

test('P8 an unknown order and another tenant’s are the same nothing', async () => {
  expect([await ask('ORD-000999'), await ask('ORD-000001', 'shop-b')]).toEqual([{}, {}]);
});

test.each([
  ['nothing', {}],
  ['no tenant', { ask: 'describe-order', orderId: 'ORD-000001' }],
  ['a tenant that breaks out of the key', { ask: 'describe-order', tenantId: 'shop-a#', orderId: 'ORD-000001' }],
  ['what is no order', { ask: 'describe-order', tenantId: 'shop-a', orderId: 'COUNTER' }],
])('a query of %s is a fault of the asker', async (_what, query) => {
  await expect(tell(query)).rejects.toThrow();
});
