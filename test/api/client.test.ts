import { createClient, requestOf } from '../../clients/order-system';
import { api } from '../../lambda/contracts/api/api';
import { routes } from '../../lambda/contracts/api/routes';

type Sent = { url: string; method: string; headers: Record<string, string>; body: string | undefined };

const answering = (status: number, body: unknown, contentType = 'application/json') => {
  const sent: Sent[] = [];
  const fake = async (url: unknown, init: RequestInit = {}) => {
    const { method = '', headers, body: text } = init;
    sent.push({
      url: String(url),
      method,
      headers: headers as Record<string, string>,
      body: text as string | undefined,
    });
    const content = body === undefined ? null : contentType.endsWith('json') ? JSON.stringify(body) : String(body);
    return new Response(content, { status, headers: { 'content-type': contentType, etag: '"3"' } });
  };
  return { sent, fetch: fake as typeof fetch };
};

const stockView = {
  productId: 'PROD-001',
  productName: 'ワイヤレスマウス',
  stock: 5,
  reservedQuantity: 0,
  onHand: 5,
};

const baseUrl = 'https://api.example.com/prod/';

test('has a method for every route of the policy table', () => {
  const client = createClient({ baseUrl, fetch: answering(200, {}).fetch });
  expect(Object.keys(client).sort()).toEqual(Object.keys(routes).sort());
  expect(Object.keys(api).filter((operation) => !(operation in routes))).toEqual([]);
});

test('puts path, query, headers, body and credentials where they belong', async () => {
  const { sent, fetch } = answering(200, stockView);
  const client = createClient({ baseUrl, token: 'token-1', storefrontKey: 'key-1', fetch });
  await client.updateStock({
    params: { productId: 'A/B' },
    headers: { 'Idempotency-Key': 'once', 'If-Match': '"2"' },
    body: { type: 'receive', quantity: 5, reason: '入荷' },
  });
  await client.listStock({ query: { limit: 5, cursor: undefined } });
  await client.health();
  const credentials = { Authorization: 'Bearer token-1', 'X-Storefront-Key': 'key-1' };
  expect(sent).toEqual([
    {
      url: 'https://api.example.com/prod/inventory/A%2FB',
      method: 'PATCH',
      headers: {
        ...credentials,
        'Content-Type': 'application/json',
        'Idempotency-Key': 'once',
        'If-Match': '"2"',
      },
      body: '{"type":"receive","quantity":5,"reason":"入荷"}',
    },
    { url: 'https://api.example.com/prod/inventory?limit=5', method: 'GET', headers: credentials, body: undefined },
    { url: 'https://api.example.com/prod/health', method: 'GET', headers: credentials, body: undefined },
  ]);
});

test('a token may come from a function, and a guest sends none', async () => {
  const { sent, fetch } = answering(200, {});
  await createClient({ baseUrl, fetch, token: async () => 'fresh' }).health();
  await createClient({ baseUrl, fetch }).health();
  expect(sent.map(({ headers }) => headers.Authorization)).toEqual(['Bearer fresh', undefined]);
});

test('a body that is not JSON is sent as it is', async () => {
  const { sent, fetch } = answering(200, { rows: 1 });
  const csv = 'productId,name\nPROD-001,マウス\n';
  await createClient({ baseUrl, fetch }).importProducts({
    query: { dryRun: 'true' },
    body: csv,
    contentType: 'text/csv',
  });
  expect(sent[0]).toMatchObject({
    url: `${baseUrl}products/import?dryRun=true`,
    headers: { 'Content-Type': 'text/csv' },
    body: csv,
  });
});

test('every answer is a value: what was asked for, nothing, text, or a problem', async () => {
  const ask = (status: number, body: unknown, type?: string) =>
    createClient({ baseUrl, ...answering(status, body, type) });
  const stock = { params: { productId: 'PROD-001' } };
  expect(await ask(200, stockView).getStock(stock)).toMatchObject({ status: 200, body: stockView });
  expect(await ask(304, undefined).getStock(stock)).toMatchObject({ status: 304, body: undefined });
  expect(await ask(200, '<!doctype html>', 'text/html').getDocs()).toMatchObject({ body: '<!doctype html>' });
  const problem = { title: 'ProductNotFound', status: 404 };
  expect(await ask(404, problem, 'application/problem+json').getStock(stock)).toMatchObject({
    status: 404,
    body: problem,
  });
  expect((await ask(200, stockView).getStock(stock)).headers.get('etag')).toBe('"3"');
});

test('no answer in time is an error', async () => {
  const silent = (_url: unknown, { signal }: RequestInit = {}) =>
    new Promise<Response>((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
  const client = createClient({ baseUrl, timeoutMs: 1, fetch: silent as typeof fetch });
  await expect(client.health()).rejects.toThrow('timeout');
});

test('requestOf is the request alone, for those who send it by themselves', () => {
  expect(requestOf('listStock', { query: { limit: 2 } })).toEqual({
    method: 'GET',
    path: '/inventory?limit=2',
    headers: {},
  });
});

describe('types are promises', () => {
  const client = createClient({ baseUrl, fetch: answering(200, stockView).fetch });

  test('of what is sent', () => {
    const calls = () => [
      client.getStock({ params: { productId: 'PROD-001' }, headers: { 'If-None-Match': '"3"' } }),
      // @ts-expect-error a path parameter is missing
      client.getStock({}),
      // @ts-expect-error no such parameter
      client.getStock({ params: { sku: 'PROD-001' } }),
      // @ts-expect-error nothing is given, but something is needed
      client.updateStock(),
      // @ts-expect-error no such movement
      client.updateStock({ params: { productId: 'PROD-001' }, body: { type: 'steal', quantity: 1, reason: 'x' } }),
      // @ts-expect-error no such query parameter
      client.listStock({ query: { colour: 'red' } }),
      // @ts-expect-error a CSV file is text with its type
      client.importProducts({ body: { rows: [] } }),
    ];
    expect(typeof calls).toBe('function');
  });

  test('of what comes back, told apart by its status', async () => {
    const answer = await client.getStock({ params: { productId: 'PROD-001' } });
    if (answer.status === 200) {
      const name: string = answer.body.productName;
      expect(name).toBe('ワイヤレスマウス');
      // @ts-expect-error a stock has no title
      expect(answer.body.title).toBeUndefined();
    } else if (answer.status !== 304) {
      const { title, errors } = answer.body;
      expect([title, errors]).toEqual([]);
    }
  });
});
