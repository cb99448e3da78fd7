import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { itemsRead, startCountingProxy } from '../../bench/counting-proxy';

describe('what DynamoDB read for an answer', () => {
  test.each([
    ['a query or a scan', { Items: [{}, {}], Count: 2, ScannedCount: 2 }, 2],
    ['a scan whose filter let nothing through', { Items: [], Count: 0, ScannedCount: 40 }, 40],
    ['an item', { Item: { id: { S: '1' } } }, 1],
    ['an item that is not there', {}, 0],
    ['items of two tables', { Responses: { one: [{}, {}], other: [{}] } }, 3],
    ['nothing that can be read', undefined, 0],
  ])('%s', (_, answer, items) => expect(itemsRead(answer)).toBe(items));
});

test('the proxy hands on what is asked and answered, and counts reads alone', async () => {
  const upstream = createServer((_, response) => response.end(JSON.stringify({ Items: [{}], ScannedCount: 5 })));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const proxy = await startCountingProxy(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  const ask = async (operation: string) => {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
    return (await fetch(proxy.endpoint, { method: 'POST', headers, body: '{}' })).json();
  };
  expect(await ask('Query')).toEqual({ Items: [{}], ScannedCount: 5 });
  await ask('PutItem');
  await ask('Scan');
  expect(proxy.take()).toEqual({ calls: 2, items: 10 });
  expect(proxy.take()).toEqual({ calls: 0, items: 0 });
  proxy.stop();
  upstream.close();
  upstream.closeAllConnections();
});
