import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Tenant } from '../../lambda/kernel/tenant';
import { productReadStore, shopStore, storefrontStore, tenantSettingsStore } from '../../lambda/order/shop/shop.store';
import { defaultSettings } from '../../lambda/order/shop/tenant-settings';
import { freshTenant } from './builders';

const mouse = {
  productId: 'PRD-001',
  name: 'Wireless Mouse',
  price: 2999,
  currency: 'USD',
  taxRateBps: 1000,
  onSale: true,
};

type Tables = { readonly orders: string; readonly products: string };

/** What the order service's projections of the catalog and of tenants promise. */
export const projectionStoreContract = (name: string, db: DynamoDBDocumentClient, { orders, products }: Tables) =>
  describe(`projections of the order service ${name}`, () => {
    const copies = shopStore({ orders, products }, db);
    const readProduct = async (tenant: Tenant) =>
      (await productReadStore(products, db).find(tenant, ['PRD-001'])).get('PRD-001');

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
