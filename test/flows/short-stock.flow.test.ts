import type { Message } from '@aws-sdk/client-sqs';
import { readStockLog } from '../../scripts/lib/system/error-log';
import { call, endpoint, eventually, postOrder, reaches, rowsOf, type Shop } from '../support/flow';
import { attributeOf, deadLetters, sendAll, takeDeadLetters } from '../support/flow-queues';
import { openShop, stock } from '../support/flow-shop';

const ofOrder = (shop: Shop, orderId: string) => (message: Message) =>
  message.Body?.includes(`"${shop.tenant}/${orderId}:1"`) ?? false;

describe('an order that is short of stock', () => {
  let shop: Shop;
  let orderId: string;
  let token: string;
  let parked: Message;
  const since = new Date(Date.now() - 1000);

  beforeAll(async () => {
    shop = await openShop();
    await stock(shop, 'POPULAR', 0, '人気商品（在庫切れ）');
    const { body } = await postOrder(shop, { items: [{ productId: 'POPULAR', quantity: 1 }] });
    [orderId, token] = [body.orderId, body.trackingToken];
    await reaches(shop, orderId, ['PENDING', 'BACKORDERED']);
    [parked] = await eventually('the message is parked', async () => {
      const found = await deadLetters(ofOrder(shop, orderId));
      return found.length > 0 && (found as [Message]);
    });
  }, 150_000);

  test('S0-25, S0-26 is tried three times and dead-lettered with the error and where it came from', () => {
    expect(attributeOf(parked, 'errorName')).toBe('InsufficientStockError');
    expect(attributeOf(parked, 'errorMessage')).toBe(
      'Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1',
    );
    expect(attributeOf(parked, 'receiveCount')).toBe('3');
    expect(attributeOf(parked, 'consumer')).toBe('inventory');
    expect(attributeOf(parked, 'sourceQueue')).toBe('inventory-queue');
    expect(attributeOf(parked, 'eventType')).toBe('OrderPlaced.v2');
  });

  test('S0-09, F-41 is tried a second and five seconds later, and dead-lettered on its third failure', async () => {
    const lines = await eventually('the third failure is in the log', async () => {
      const found = await readStockLog({ endpoint, region: 'us-east-1' }, `${shop.tenant}/${orderId}:1`, since);
      return found?.some((line) => line.includes('message parked')) && found;
    });
    const logged = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
    const failures = logged.filter(({ message }) => /^message (failed|parked)$/.test(message));
    expect(failures.map(({ message, receiveCount }) => [message, receiveCount])).toEqual([
      ['message failed', 1],
      ['message failed', 2],
      ['message parked', 3],
    ]);
    const [first = 0, second = 0, third = 0] = failures.map(({ timestamp }) => Date.parse(timestamp));
    expect(second - first).toBeGreaterThanOrEqual(900);
    expect(third - second).toBeGreaterThanOrEqual(4900);
    expect(third - first).toBeLessThan(60_000); // one visibility timeout: no try waited for it
  });

  test('S0-42 is billed and confirmed by e-mail all the same', async () => {
    expect(await rowsOf(shop).bill(orderId)).toMatchObject({ status: 'pending' });
    expect(await rowsOf(shop).confirmation(orderId)).toMatchObject({ status: 'sent' });
  });

  test('S0-45 is completed by a redrive after a restock, and redriving again changes nothing (P7)', async () => {
    await stock(shop, 'POPULAR', 5, '人気商品（在庫切れ）');
    await sendAll('inventory-queue', [parked.Body ?? '']);
    await reaches(shop, orderId, ['CONFIRMED', 'RESERVED']);
    for (const queue of ['inventory-queue', 'billing-queue', 'notification-queue']) {
      await sendAll(queue, [parked.Body ?? '', parked.Body ?? '']);
    }
    const { body } = await postOrder(shop, { items: [{ productId: 'POPULAR', quantity: 1 }] });
    await reaches(shop, body.orderId, ['CONFIRMED', 'RESERVED']); // comes after the redriven ones
    expect(await rowsOf(shop).stock('POPULAR')).toMatchObject({ stock: 3, reservedQuantity: 2 });
    await takeDeadLetters(ofOrder(shop, orderId));
  });

  test('informs its guest of each step', async () => {
    const headers = { 'x-storefront-key': shop.key, 'x-tracking-token': token };
    const { body } = await call('GET', `/orders/${orderId}`, { headers });
    expect(body.history.map(({ event, stockStatus }: Record<string, string>) => [event, stockStatus])).toEqual([
      ['OrderPlaced', 'PENDING'],
      ['OrderBackordered', 'BACKORDERED'],
      ['OrderConfirmed', 'RESERVED'],
    ]);
  });
});
