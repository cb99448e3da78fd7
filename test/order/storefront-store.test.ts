import { createHash } from 'node:crypto';
import type { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { storefrontStore } from '../../lambda/order/shop/shop.store';

const setUp = () => {
  const hash = createHash('sha256').update('key-of-shop-a').digest('hex');
  const rows = new Map([[`#STOREFRONT#${hash}`, { storefrontTenant: 'shop-a' }]]);
  const asked: string[] = [];
  const clock = { ms: 0 };
  const send = async ({ input }: GetCommand) => {
    asked.push(String(input.Key?.orderId));
    return { Item: rows.get(String(input.Key?.orderId)) };
  };
  const store = storefrontStore('orders', { send } as unknown as DynamoDBDocumentClient, () => clock.ms);
  return { store, rows, asked, clock };
};

describe('a storefront key', () => {
  test('belongs to one tenant, and is looked up by its hash alone', async () => {
    const { store, asked } = setUp();
    expect(await store.tenantOf('key-of-shop-a')).toBe('shop-a');
    expect(JSON.stringify(asked)).not.toContain('key-of-shop-a');
  });

  test('that is revoked opens nothing after a minute', async () => {
    const { store, rows, asked, clock } = setUp();
    await store.tenantOf('key-of-shop-a');
    rows.clear();
    clock.ms = 59_999;
    expect(await store.tenantOf('key-of-shop-a')).toBe('shop-a');
    expect(asked).toHaveLength(1);
    clock.ms = 60_000;
    expect(await store.tenantOf('key-of-shop-a')).toBeUndefined();
  });

  test('that nobody has is asked for each time, so that a new one works at once', async () => {
    const { store, asked } = setUp();
    expect(await store.tenantOf('unknown')).toBeUndefined();
    expect(await store.tenantOf('unknown')).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});
