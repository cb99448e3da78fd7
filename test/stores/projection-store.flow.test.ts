import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lambda/kernel/dynamodb/dynamodb';
import { productReadStore, shopStore, storefrontStore, tenantSettingsStore } from '../../lambda/order/shop/shop.store';
import { defaultSettings } from '../../lambda/order/shop/tenant-settings';
import { freshTenant } from './builders';
import { tableCopy } from './table-copy';

jest.setTimeout(60_000);

const client = new DynamoDBClient({});
const db = documentClient(client);
const [orders, products] = [tableCopy(client, 'orders'), tableCopy(client, 'order-products')];
const copies = shopStore({ orders, products }, db);

const mouse = {
  productId: 'PRD-001',
  name: 'Wireless Mouse',
  price: 2999,
  currency: 'USD',
  taxRateBps: 1000,
  onSale: true,
};
const readProduct = async (tenant: ReturnType<typeof freshTenant>) =>
  (await productReadStore(products, db).find(tenant, ['PRD-001'])).get('PRD-001');

describe('the projections of the order service', () => {
  test('S3-42 an older event, or the same again, changes nothing', async () => {
    const tenant = freshTenant();
    await copies.product(tenant, { ...mouse, version: 3 });
    await copies.product(tenant, { ...mouse, price: 1, version: 2 });
    await copies.product(tenant, { ...mouse, price: 1, version: 3 });
    expect(await readProduct(tenant)).toMatchObject({ price: 2999 });
    await copies.product(tenant, { ...mouse, price: 3999, onSale: false, version: 4 });
    expect(await readProduct(tenant)).toMatchObject({ price: 3999, onSale: false });
    expect(await readProduct(freshTenant())).toBeUndefined();
  });

  test('a projection without a version is older than any', async () => {
    const tenant = freshTenant();
    await db.send(new PutCommand({ TableName: products, Item: { ...mouse, productId: `${tenant}#PRD-001` } }));
    await copies.product(tenant, { ...mouse, price: 3999, version: 1 });
    expect(await readProduct(tenant)).toMatchObject({ price: 3999 });
  });

  test('settings are read as they were kept', async () => {
    const tenant = freshTenant();
    expect(await tenantSettingsStore(orders, db).of(tenant)).toEqual(defaultSettings);
    await copies.settings(tenant, { ...defaultSettings, status: 'SUSPENDED', version: 2 });
    await copies.settings(tenant, { ...defaultSettings, version: 1 });
    expect((await tenantSettingsStore(orders, db).of(tenant)).status).toBe('SUSPENDED');
  });

  test('a storefront key that was deleted stays deleted, though its creation is received later', async () => {
    const tenant = freshTenant();
    const storefrontKey = `key-of-${tenant}`;
    const hash = createHash('sha256').update(storefrontKey).digest('hex');
    const tenantOf = () => storefrontStore(orders, db).tenantOf(storefrontKey);
    await copies.storefrontKey({ hash, tenant, version: 1 });
    expect(await tenantOf()).toBe(tenant);
    await copies.storefrontKey({ hash, tenant: undefined, version: 2 });
    await copies.storefrontKey({ hash, tenant, version: 1 });
    expect(await tenantOf()).toBeUndefined();
  });
});
