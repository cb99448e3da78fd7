import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Tenant } from '../../lambda/kernel/tenant';
import type { Sale } from '../../lambda/sales/sale';
import { salesStore } from '../../lambda/sales/sales.store';
import { freshTenant } from './builders';

const table = 'product-sales';

/** Reads what is counted of a product. */
export const salesCounter = (db: DynamoDBDocumentClient) => async (tenantId: string, productId: string) => {
  const Key = { tenantId, subject: `PRODUCT#${productId}` };
  const { Item } = await db.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && { unitsSold: Item.unitsSold, orders: Item.orders, version: Item.version };
};

const sale = (tenant: Tenant, orderId: string, units: Record<string, number> = { MOUSE: 2 }): Sale => ({
  tenant,
  orderId,
  units: new Map(Object.entries(units)),
});

/** What the sales store promises. Its table is deployed with another app than the tables of the other stores. */
export const salesStoreContract = (name: string, db: DynamoDBDocumentClient): void => {
  describe(`sales store ${name}`, () => {
    const [store, counter] = [salesStore(table, db), salesCounter(db)];

    test('counts the units and the orders of each product', async () => {
      const tenant = freshTenant();
      await store.count(sale(tenant, 'ORD-000001', { MOUSE: 2, PC: 1 }));
      await store.count(sale(tenant, 'ORD-000002', { MOUSE: 3 }));
      expect(await counter(tenant, 'MOUSE')).toEqual({ unitsSold: 5, orders: 2, version: 2 });
      expect(await counter(tenant, 'PC')).toEqual({ unitsSold: 1, orders: 1, version: 1 });
    });

    test('P2 counts an order once, and takes it back once', async () => {
      const tenant = freshTenant();
      const one = sale(tenant, 'ORD-000001');
      await store.count(one);
      await store.count(one);
      expect(await counter(tenant, 'MOUSE')).toEqual({ unitsSold: 2, orders: 1, version: 1 });
      await store.cancel(one);
      await store.cancel(one);
      await store.count(one);
      expect(await counter(tenant, 'MOUSE')).toEqual({ unitsSold: 0, orders: 0, version: 2 });
    });

    test('P12 an order whose cancellation came first is never counted', async () => {
      const tenant = freshTenant();
      await store.cancel(sale(tenant, 'ORD-000001'));
      await store.count(sale(tenant, 'ORD-000001'));
      await store.cancel(sale(tenant, 'ORD-000001'));
      expect(await counter(tenant, 'MOUSE')).toBeUndefined();
    });

    test('P8 the same order of two tenants is two orders, and each has counters of its own', async () => {
      const [mine, other] = [freshTenant(), freshTenant()];
      await store.count(sale(mine, 'ORD-000001'));
      await store.count(sale(other, 'ORD-000001', { MOUSE: 7 }));
      await store.cancel(sale(other, 'ORD-000001', { MOUSE: 7 }));
      expect(await counter(mine, 'MOUSE')).toMatchObject({ unitsSold: 2, orders: 1 });
      expect(await counter(other, 'MOUSE')).toMatchObject({ unitsSold: 0, orders: 0 });
    });

    test('P2 whoever counts and cancels one order at the same time, nothing of it is left', async () => {
      const tenant = freshTenant();
      const one = sale(tenant, 'ORD-000001');
      await Promise.all([store.count(one), store.cancel(one), store.count(one), store.cancel(one)]);
      expect((await counter(tenant, 'MOUSE'))?.unitsSold ?? 0).toBe(0);
    });
  });
};
