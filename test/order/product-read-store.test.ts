import type { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { productReadStore } from '../../lambda/order/shop/shop.store';

const row = (productId: string, change = {}) => ({
  productId: `default#${productId}`,
  name: 'ワイヤレスマウス',
  price: 3000,
  currency: 'JPY',
  taxRateBps: 1000,
  onSale: true,
  ...change,
});

const setUp = (rows: readonly ReturnType<typeof row>[]) => {
  const clock = { now: 0 };
  const asked: string[][] = [];
  const send = async ({ input }: BatchGetCommand) => {
    const keys = (input.RequestItems?.products?.Keys ?? []).map(({ productId }) => String(productId));
    asked.push(keys);
    clock.now += 5;
    return { Responses: { products: rows.filter(({ productId }) => keys.includes(productId)) } };
  };
  const store = productReadStore('products', { send } as unknown as DynamoDBDocumentClient, () => clock.now);
  return { clock, asked, find: (...ids: string[]) => store.find(defaultTenant, ids) };
};

test('a product is read once in 30 seconds, and an unknown one each time', async () => {
  const { clock, asked, find } = setUp([row('P-1')]);
  expect([...(await find('P-1', 'P-2')).keys()]).toEqual(['P-1']);
  await find('P-1', 'P-2');
  clock.now += 30_000;
  expect([...(await find('P-1')).keys()]).toEqual(['P-1']);
  expect(asked).toEqual([['default#P-1', 'default#P-2'], ['default#P-2'], ['default#P-1']]);
});

test('a product whose projection grows too old while another is read is still found', async () => {
  const { clock, find } = setUp([row('P-1'), row('P-2')]);
  await find('P-1'); // read at 5
  clock.now = 30_004;
  expect([...(await find('P-1', 'P-2')).keys()].sort()).toEqual(['P-1', 'P-2']);
});

test.each([
  ['a name that no event may have', { name: 'x'.repeat(201) }],
  ['a control character in its name', { name: 'a\u0001b' }],
  ['a tax above 100 %', { taxRateBps: 10_001 }],
  ['a negative price', { price: -1 }],
  ['an unknown currency', { currency: 'ZZZ' }],
])('P1 a projection with %s fails before an order is accepted that could not be published', async (_what, change) => {
  await expect(setUp([row('P-1', change)]).find('P-1')).rejects.toThrow();
});

test('a product that DynamoDB did not read at once is asked for again', async () => {
  const send = async ({ input }: BatchGetCommand) => {
    const [first, ...unread] = input.RequestItems?.products?.Keys ?? [];
    const id = String(first?.productId).slice('default#'.length);
    return { Responses: { products: [row(id)] }, UnprocessedKeys: { products: { Keys: unread } } };
  };
  const store = productReadStore('products', { send } as unknown as DynamoDBDocumentClient);
  expect([...(await store.find(defaultTenant, ['P-1', 'P-2', 'P-3'])).keys()]).toEqual(['P-1', 'P-2', 'P-3']);
});
