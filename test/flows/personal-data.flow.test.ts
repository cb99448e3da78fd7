import { randomUUID } from 'node:crypto';
import { call, customerEmail, eventually, postOrder, rowsOf } from '../support/flow';
import { allLogLines } from '../support/flow-logs';
import { openShop, stock } from '../support/flow-shop';

const canary = `canary-${randomUUID().slice(0, 8)}`;

describe('P14 no personal data and no secret', () => {
  test('stands in any log line so far, or in an answer that refuses', async () => {
    const shop = await openShop();
    await stock(shop, 'MOUSE', 5);
    const personal = {
      customerEmail: `${canary}@example.com`,
      shippingAddress: {
        name: `${canary}-name`,
        street: `${canary}-street`,
        city: '東京',
        postalCode: '100-0001',
        country: 'JP',
      },
    };
    const items = [{ productId: 'MOUSE', quantity: 1 }];
    const headers = { 'idempotency-key': `${canary}-key` };
    const placed = await postOrder(shop, { items, body: personal, headers });
    await eventually('it is mailed', () => rowsOf(shop).confirmation(placed.body.orderId));
    const refused = await Promise.all([
      postOrder(shop, { items: [], body: personal }),
      postOrder(shop, { items, body: { ...personal, cardNumber: `4242424242424242-${canary}` } }),
      postOrder(shop, { items, body: { ...personal, customerEmail: `${canary} at example.com` } }),
      postOrder(shop, { items: [{ productId: 'MOUSE', quantity: 9 }], body: personal, headers }),
      call('GET', `/orders/${placed.body.orderId}`, { headers: { 'x-tracking-token': `${canary}-token` } }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 422, 404]);
    expect(JSON.stringify(refused.map(({ body }) => body))).not.toContain(canary);

    const lines = await eventually('the request is logged', async () => {
      const all = await allLogLines();
      return all.some((line) => line.includes(placed.headers.get('x-correlation-id') ?? '-')) && all;
    });
    expect(lines.length).toBeGreaterThan(20);
    for (const secret of [canary, customerEmail, placed.body.trackingToken, shop.key]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  }, 120_000);
});
