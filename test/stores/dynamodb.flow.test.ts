import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { billStore } from '../../lambda/billing/bill.store';
import { stockStore } from '../../lambda/inventory/stock.store';
import { documentClient } from '../../lambda/kernel/dynamodb';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { notificationStore } from '../../lambda/notification/notification.store';
import { orderStore } from '../../lambda/order/order.store';
import { billStoreContract, notificationStoreContract } from './effect-store.contract';
import { orderStoreContract } from './order-store.contract';
import { stockStoreContract } from './stock-store.contract';

jest.setTimeout(60_000);

const db = documentClient();

const read = async (table: string, key: Record<string, string>) => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return Item as never;
};

orderStoreContract('on DynamoDB', () => ({
  store: orderStore('orders', db),
  settled: () => new Promise((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000)),
}));

const put = (tenant: Tenant, [productId, stock]: [string, number]) =>
  db.send(
    new PutCommand({
      TableName: 'inventory',
      Item: {
        productId: tenantKey(tenant, productId),
        productName: `product ${productId}`,
        stock,
        reservedQuantity: 0,
        warehouseCode: 'W-1',
        version: 1,
      },
    }),
  );

stockStoreContract('on DynamoDB', () => ({
  store: stockStore({ inventory: 'inventory', reservations: 'reservations' }, db, { now: () => new Date() }),
  seed: async (tenant, stock) => {
    for (const product of Object.entries(stock)) await put(tenant, product);
  },
  stockOf: async (tenant, productId) => {
    const { stock, reservedQuantity } = await read('inventory', { productId: tenantKey(tenant, productId) });
    return { stock, reservedQuantity };
  },
}));

notificationStoreContract('on DynamoDB', () => ({
  store: notificationStore('notifications', db),
  read: ({ tenant, notificationId, createdAt }) =>
    read('notifications', { notificationId: tenantKey(tenant, notificationId), createdAt }),
}));

billStoreContract('on DynamoDB', () => ({
  store: billStore('billing', db),
  read: ({ tenant, billingId, orderId }) =>
    read('billing', { billingId: tenantKey(tenant, billingId), orderId: tenantKey(tenant, orderId) }),
}));
