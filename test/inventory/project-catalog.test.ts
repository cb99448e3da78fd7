import type { CatalogEvent } from '../../lambda/contracts/events/catalog-events';
import { projectCatalog } from '../../lambda/inventory/stock/project-catalog';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { inventoryStores } from './inventory-stores';

const tenant = trustedTenant('shop-a');
const now = () => new Date('2026-11-21T08:00:00.000Z');

const event = (type: CatalogEvent['type'], version: number, name: string): CatalogEvent => ({
  specversion: '1.0',
  id: `shop-a/PRD-001:${version}`,
  source: '/products',
  type,
  subject: 'PRD-001',
  time: '2026-11-21T08:00:00.000Z',
  datacontenttype: 'application/json',
  tenantid: 'shop-a',
  correlationid: 'correlation-1',
  data: {
    productId: 'PRD-001',
    version,
    name,
    price: 2999,
    currency: 'USD',
    taxRateBps: 1000,
    status: true,
    categories: [],
  },
});

const shelf = () => {
  const { ledger } = inventoryStores(now);
  return {
    follow: projectCatalog(ledger, now),
    ledger,
    item: () => ledger.get({ tenant, productId: 'PRD-001' }),
  };
};

const created = event('ProductCreated.v1', 1, 'Mouse');
const renamed = event('ProductUpdated.v1', 2, 'Wireless Mouse');
const discontinued = event('ProductDiscontinued.v1', 3, 'Wireless Mouse');

test('S1-11 S4-06 a new product gets a stock row, with nothing in it', async () => {
  const { follow, item } = shelf();
  await follow(created);
  expect(await item()).toEqual({
    tenant: 'shop-a',
    productId: 'PRD-001',
    productName: 'Mouse',
    productVersion: 1,
    discontinued: false,
    stock: 0,
    reservedQuantity: 0,
    reservedByHand: 0,
    warehouseCode: 'MAIN',
    version: 1,
    updatedAt: '2026-11-21T08:00:00.000Z',
  });
});

test.each([
  ['in their order', [created, renamed, discontinued]],
  ['the other way round', [discontinued, renamed, created]],
  ['each twice', [created, renamed, created, discontinued, renamed, discontinued]],
])('P12 the newest name stays, whatever the order of delivery: %s', async (_how, events) => {
  const { follow, item } = shelf();
  for (const one of events) await follow(one);
  expect(await item()).toMatchObject({
    productName: 'Wireless Mouse',
    productVersion: 3,
    discontinued: true,
    stock: 0,
  });
  const written = (await item())?.version;
  for (const one of events) await follow(one);
  expect((await item())?.version).toBe(written);
});

test('what is in stock stays as it is', async () => {
  const { follow, ledger, item } = shelf();
  await follow(created);
  const before = await item();
  if (before) await ledger.save({ ...before, stock: 5, reservedQuantity: 2, version: 2 });
  await follow(renamed);
  expect(await item()).toMatchObject({ stock: 5, reservedQuantity: 2, productName: 'Wireless Mouse', version: 3 });
});

test('a product that is made again after it was deleted has a stock again', async () => {
  const { follow, ledger, item } = shelf();
  await follow(created);
  const before = await item();
  if (before) await ledger.save({ ...before, deletedAt: '2026-11-21T08:00:00.000Z', version: 2 });
  await follow(renamed);
  expect(await item()).toHaveProperty('deletedAt');
  await follow(event('ProductCreated.v1', 4, 'Mouse again'));
  expect(await item()).toMatchObject({ productName: 'Mouse again', discontinued: false });
  expect(await item()).not.toHaveProperty('deletedAt');
});

test('decides again when orders change the stock meanwhile, and fails the message when they never stop', async () => {
  let lost = 2;
  const { ledger, item } = shelf();
  const follow = projectCatalog({ ...ledger, save: async (one) => lost-- <= 0 && ledger.save(one) }, now);
  await follow(created);
  expect(await item()).toMatchObject({ productName: 'Mouse' });
  lost = Number.POSITIVE_INFINITY;
  await expect(follow(renamed)).rejects.toThrow('the stock of PRD-001 changed 5 times meanwhile');
});
