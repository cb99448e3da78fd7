import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ProductUpdated } from '../../lambda/contracts/events/catalog-events';
import type { StorefrontKeyCreated, TenantUpdated } from '../../lambda/contracts/events/tenant-events';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { projectShopData, type ShopDataEvent } from '../../lambda/order/shop/project-shop-data';
import { tenantSettingsStore } from '../../lambda/order/shop/shop.store';
import { TenantSettings, termsOf, timeoutsOf } from '../../lambda/order/shop/tenant-settings';

const kept: unknown[] = [];
const keep = projectShopData({
  product: async (tenant, product) => void kept.push(['product', tenant, product]),
  settings: async (tenant, settings) => void kept.push(['settings', tenant, settings]),
  storefrontKey: async (key) => void kept.push(['key', key]),
});
beforeEach(() => {
  kept.length = 0;
});

const product = (type: ShopDataEvent['type'], status = true): ShopDataEvent =>
  ({
    type,
    tenantid: 'shop-a',
    data: {
      productId: 'PRD-001',
      version: 3,
      name: 'Wireless Mouse',
      price: 2999,
      currency: 'USD',
      taxRateBps: 1000,
      status,
      categories: [],
    },
  }) as unknown as ProductUpdated;

const copy = {
  productId: 'PRD-001',
  name: 'Wireless Mouse',
  price: 2999,
  currency: 'USD',
  taxRateBps: 1000,
  version: 3,
};

describe('the order service keeps', () => {
  test.each([
    ['ProductCreated.v1', true, true],
    ['ProductUpdated.v1', true, true],
    ['ProductUpdated.v1', false, false],
    ['ProductDiscontinued.v1', true, false],
  ] as const)('S3-42 a product of %s with status %s as on sale: %s', async (type, status, onSale) => {
    await keep(product(type, status));
    expect(kept).toEqual([['product', 'shop-a', { ...copy, onSale }]]);
  });

  test('the settings of a tenant that orders ask for', async () => {
    const limits = { tenantPerMinute: 60, callerPerMinute: 6 };
    const payments = 'online';
    const data = {
      tenantId: 'shop-a',
      version: 2,
      name: 'A',
      status: 'SUSPENDED',
      backorders: 'refused',
      limits,
      payments,
    };
    await keep({ type: 'TenantUpdated.v1', tenantid: 'shop-a', data } as unknown as TenantUpdated);
    expect(kept).toEqual([
      [
        'settings',
        'shop-a',
        { status: 'SUSPENDED', backorders: 'refused', backorderHours: undefined, limits, payments, version: 2 },
      ],
    ]);
  });

  test('a storefront key by its hash, and a deleted one as one that opens no shop', async () => {
    const data = { tenantId: 'shop-a', keyId: 'k-1', version: 1, hash: 'f'.repeat(64) };
    await keep({ type: 'StorefrontKeyCreated.v1', tenantid: 'shop-a', data } as StorefrontKeyCreated);
    await keep({ type: 'StorefrontKeyDeleted.v1', tenantid: 'shop-a', data: { ...data, version: 2 } } as ShopDataEvent);
    expect(kept).toMatchObject([
      ['key', { hash: 'f'.repeat(64), tenant: 'shop-a', version: 1 }],
      ['key', { hash: 'f'.repeat(64), tenant: undefined, version: 2 }],
    ]);
  });
});

describe('a tenant’s settings', () => {
  const timeouts = { answerSeconds: 60, backorderSeconds: 3600, paymentSeconds: 1800 };

  test('have defaults: active, backorders allowed, the stage’s timeouts', () => {
    const settings = TenantSettings.parse({ orderId: 'shop-a#SETTINGS', createdAt: '-', version: 1 });
    expect(termsOf(settings)).toEqual({ limits: undefined, suspended: false, payments: 'offline' });
    expect(timeoutsOf(settings, timeouts)).toEqual(timeouts);
  });

  test('shorten or end the wait for a restock', () => {
    const settings = TenantSettings.parse({ backorderHours: 2 });
    expect(timeoutsOf(settings, timeouts)).toEqual({ answerSeconds: 60, backorderSeconds: 7200, paymentSeconds: 1800 });
    expect(timeoutsOf({ ...settings, backorders: 'refused' }, timeouts)).toEqual({
      answerSeconds: 60,
      backorderSeconds: 0,
      paymentSeconds: 1800,
    });
  });

  test('G4 are read once in thirty seconds, whether there are any or not', async () => {
    let reads = 0;
    let time = 0;
    const db = { send: async () => ({ Item: reads++ === 0 ? undefined : { status: 'SUSPENDED' } }) };
    const settings = tenantSettingsStore('orders', db as unknown as DynamoDBDocumentClient, () => time);
    const tenant = trustedTenant('shop-a');
    expect((await settings.of(tenant)).status).toBe('ACTIVE');
    time = 29_999;
    expect((await settings.of(tenant)).status).toBe('ACTIVE');
    time = 30_000;
    expect([(await settings.of(tenant)).status, reads]).toEqual(['SUSPENDED', 2]);
  });
});
