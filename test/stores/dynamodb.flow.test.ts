import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { billStore } from '../../lambda/billing/bill.store';
import { categoryStore } from '../../lambda/catalog/categories/category.store';
import { productStore } from '../../lambda/catalog/products/product.store';
import { auditStore } from '../../lambda/inventory/audit/audit.store';
import { ledgerStore } from '../../lambda/inventory/stock/ledger.store';
import { stockStore } from '../../lambda/inventory/stock/stock.store';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { type Tenant, tenantKey } from '../../lambda/kernel/tenant';
import { notificationStore } from '../../lambda/notification/notification.store';
import { orderListStore } from '../../lambda/order/lists/order-list.store';
import { orderStore } from '../../lambda/order/order.store';
import { catalogStoreContract } from './catalog-store.contract';
import { billStoreContract, notificationStoreContract } from './effect-store.contract';
import { ledgerStoreContract } from './ledger-store.contract';
import { orderListContract } from './order-list.contract';
import { orderStoreContract } from './order-store.contract';
import { stockStoreContract } from './stock-store.contract';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const db = documentClient(client);
const [orders, inventory, reservations, notifications, billing] = [
  tableCopy(client, 'orders'),
  tableCopy(client, 'inventory'),
  tableCopy(client, 'reservations'),
  tableCopy(client, 'notifications'),
  tableCopy(client, 'billing'),
];

const movements = tableCopy(client, 'stock-movements');

const read = async (table: string, key: Record<string, string>) => {
  const { Item } = await db.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  return Item as never;
};

// an emulator's index is always up to date; on AWS nothing tells how far it is
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000));

orderStoreContract('on DynamoDB', () => ({ store: orderStore(orders, db), settled }));

orderListContract('on DynamoDB', () => ({ store: orderStore(orders, db), lists: orderListStore(orders, db), settled }));

const putStock = (tenant: Tenant, productId: string, stock: number, reservedQuantity: number) =>
  db.send(
    new PutCommand({
      TableName: inventory,
      Item: {
        productId: tenantKey(tenant, productId),
        productName: `product ${productId}`,
        stock,
        reservedQuantity,
        warehouseCode: 'W-1',
        version: 1,
      },
    }),
  );

stockStoreContract('on DynamoDB', () => ({
  store: stockStore({ inventory, reservations }, db, { now: () => new Date() }),
  seed: async (tenant, stock, reserved = 0) => {
    for (const [productId, quantity] of Object.entries(stock)) await putStock(tenant, productId, quantity, reserved);
  },
  forget: (tenant, productId) =>
    db.send(new DeleteCommand({ TableName: inventory, Key: { productId: tenantKey(tenant, productId) } })),
  stockOf: async (tenant, productId) => {
    const { stock, reservedQuantity } = await read(inventory, { productId: tenantKey(tenant, productId) });
    return { stock, reservedQuantity };
  },
}));

ledgerStoreContract('on DynamoDB', () => ({
  store: ledgerStore({ inventory, movements }, db),
  stock: stockStore({ inventory, reservations }, db, { now: () => new Date() }),
  audit: auditStore({ inventory, reservations, movements }, db),
}));

notificationStoreContract('on DynamoDB', () => ({
  store: notificationStore(notifications, db),
  read: ({ tenant, notificationId, createdAt }) =>
    read(notifications, { notificationId: tenantKey(tenant, notificationId), createdAt }),
}));

billStoreContract('on DynamoDB', () => ({
  store: billStore(billing, db),
  read: ({ tenant, billingId, orderId }) =>
    read(billing, { billingId: tenantKey(tenant, billingId), orderId: tenantKey(tenant, orderId) }),
}));

const [products, categories] = [tableCopy(client, 'products'), tableCopy(client, 'categories')];

catalogStoreContract('on DynamoDB', () => ({
  products: productStore({ products, categories }, db),
  categories: categoryStore(categories, db),
  settled: () => new Promise((resolve) => setTimeout(resolve, process.env.AWS_ENDPOINT_URL ? 0 : 2000)),
}));
