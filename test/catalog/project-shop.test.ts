import { productStore } from '../../lambda/catalog/products/product.store';
import type { ProductChange } from '../../lambda/catalog/products/product-writes.store';
import { projectShop, type ShopEvent } from '../../lambda/catalog/project-shop';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { orderPlaced } from '../support/order-events';
import { aProduct } from '../support/products';

const envelope = {
  specversion: '1.0',
  source: '/inventory',
  subject: 'PROD-002',
  time: '2026-11-21T08:00:00.000Z',
  datacontenttype: 'application/json',
  tenantid: 'default',
  correlationid: 'correlation-1',
} as const;

const soldOut = (version: number): ShopEvent => ({
  ...envelope,
  id: `default/PROD-002:${version}`,
  type: 'ProductSoldOut.v1',
  data: { productId: 'PROD-002', version },
});
const restocked = (version: number): ShopEvent => ({
  ...envelope,
  id: `default/PROD-002:${version}`,
  type: 'ProductRestocked.v1',
  data: { productId: 'PROD-002', version, available: 5 },
});

const shop = async (...products: Parameters<typeof aProduct>[0][]) => {
  const store = productStore({ products: 'products', categories: 'categories' }, memoryDynamoDb().db);
  for (const product of products) await store.save({ next: aProduct(product) });
  let [saves, reads] = [0, 0];
  const counted = {
    get: (key: Parameters<typeof store.get>[0]) => {
      reads += 1;
      return store.get(key);
    },
    save: (...changes: readonly ProductChange[]) => {
      saves += 1;
      return store.save(...changes);
    },
  };
  const handle = projectShop({ products: counted, now: () => new Date('2026-11-21T09:00:00.000Z') });
  const read = (productId = 'PROD-002') => store.get({ tenant: defaultTenant, productId });
  return { store, counted, handle, read, saves: () => saves, reads: () => reads };
};

test('S1-20 S1-28 a product that sold out goes off sale, and comes back with its stock', async () => {
  const { handle, read } = await shop({});
  await handle(soldOut(6));
  expect(await read()).toMatchObject({
    status: false,
    fact: { type: 'ProductUpdated', correlationId: 'correlation-1', causationId: 'default/PROD-002:6' },
  });
  await handle(restocked(7));
  expect(await read()).toMatchObject({ status: true, version: 3 });
});

test('P2 P12 news that come twice or late change nothing', async () => {
  const { handle, read, saves } = await shop({});
  for (const event of [restocked(7), soldOut(6), soldOut(6), restocked(7)]) await handle(event);
  expect(await read()).toMatchObject({ status: true, stockVersion: 7 });
  expect(saves()).toBe(1);
});

test('a product that the catalog does not have is nothing to it', async () => {
  const { handle, read, saves } = await shop();
  await handle(soldOut(6));
  await handle(orderPlaced());
  expect(await read()).toBeUndefined();
  expect(saves()).toBe(0);
});

test('S1-07 what was ordered is known to have been, by one write however often it is ordered', async () => {
  const { handle, read, saves, reads, counted } = await shop({});
  for (const orderId of ['ORD-000001', 'ORD-000002']) await handle(orderPlaced(orderId));
  expect(reads()).toBe(1); // a warm function knows
  expect(await read()).toMatchObject({ ordered: true });
  const restarted = projectShop({ products: counted, now: () => new Date(0) });
  await restarted(orderPlaced('ORD-000003'));
  expect(saves()).toBe(1);
});

test('P8 an order in one shop says nothing of the same product in another', async () => {
  const { handle, read } = await shop({});
  await handle({ ...orderPlaced(), tenantid: 'shop-b' });
  expect(await read()).toMatchObject({ ordered: false });
});

test('decides again when somebody else was first, and gives the event back when that never ends', async () => {
  const { store, read } = await shop({});
  let conflicts = 1;
  const save: typeof store.save = async (...changes) => {
    conflicts -= 1;
    return conflicts >= 0 ? { saved: false, unknownCategories: [] } : store.save(...changes);
  };
  const handle = projectShop({ products: { get: store.get, save }, now: () => new Date(0) });
  await handle(soldOut(6));
  expect(await read()).toMatchObject({ status: false });
  conflicts = 100;
  await expect(handle(restocked(7))).rejects.toThrow('changed 5 times');
});
