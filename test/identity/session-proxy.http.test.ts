import { SessionStoreError } from '../../lambda/identity/sessions/session.store';
import { clearedCookie, cookieOf, openBrowsers, tokenOf, user } from './browser';

const answering = (answer: { statusCode?: number; headers?: Record<string, string>; body?: string }) => ({
  forward: async () => ({ statusCode: 200, headers: {}, body: '', isBase64Encoded: false, ...answer }),
});

type Deps = ReturnType<typeof openBrowsers>['deps'];

const refuses = (error: Error) => async () => {
  throw error;
};
const outOfReach = new SessionStoreError('the sessions cannot be read or written', { cause: new Error('timeout') });

describe('S2-29 BFF: what the UI’s pages ask below /api', () => {
  test('is handed to the function of the operation as whoever has the session', async () => {
    const { logIn, page, noted } = openBrowsers();
    const { cookie } = await logIn();
    const answer = await page('GET', 'inventory/PROD-001/movements', { cookie, query: { limit: '3' } });
    expect(answer.status).toBe(200);
    expect(noted.authorized.at(-1)).toBe(`Bearer ${tokenOf('first')}`);
    expect(noted.events).toEqual([
      expect.objectContaining({
        httpMethod: 'GET',
        resource: '/inventory/{productId}/movements',
        path: '/inventory/PROD-001/movements',
        pathParameters: { productId: 'PROD-001' },
        queryStringParameters: { limit: '3' },
        body: null,
        requestContext: expect.objectContaining({
          authorizer: {
            tenant: 'shop-a',
            userId: 'hanako-1',
            email: 'hanako@example.com',
            roles: 'customer',
            sessionId: 'login-1',
          },
        }),
      }),
    ]);
  });

  test('without a cookie is asked as a guest of the shop', async () => {
    const { page, noted } = openBrowsers();
    const answer = await page('POST', 'orders', { headers: { 'x-storefront-key': 'key-1' }, body: { items: [] } });
    expect([answer.status, noted.authorized]).toEqual([200, ['guest of key-1']]);
    expect(noted.events[0]).toMatchObject({ resource: '/orders', body: '{"items":[]}' });
    expect(noted.events[0]?.requestContext.authorizer).toEqual({ tenant: 'shop-a', roles: '' });
    const unknown = openBrowsers({ authorize: async () => undefined });
    expect((await unknown.page('GET', 'products')).body.title).toBe('UnknownStorefrontKey');
  });

  test('F-20 a file is handed on byte by byte, whatever its encoding', async () => {
    const { page, noted } = openBrowsers();
    await page('POST', 'products/import', { body: Buffer.from([0x83, 0x6d]), headers: { 'content-type': 'text/csv' } });
    expect(noted.events[0]).toMatchObject({ body: 'g20=', isBase64Encoded: true });
  });

  test('literal parts of a path come before its names', async () => {
    const { page, noted } = openBrowsers();
    for (const path of ['users/me', 'users/u-1', 'products/import', 'products/PROD-001'])
      await page(path.endsWith('import') ? 'POST' : 'GET', path);
    expect(noted.events.map(({ resource }) => resource)).toEqual([
      '/users/me',
      '/users/{userId}',
      '/products/import',
      '/products/{productId}',
    ]);
  });

  test('takes no cookie, token, host or forged address along, and comes from where it really does', async () => {
    const { logIn, page, noted } = openBrowsers();
    const { cookie } = await logIn();
    const forged = {
      authorization: 'Bearer of.somebody.else',
      host: 'evil.example.com',
      connection: 'keep-alive, x-tracking-token',
      'transfer-encoding': 'chunked',
      'x-forwarded-for': '198.51.100.1',
      forwarded: 'for=198.51.100.1',
      'x-amzn-oidc-identity': 'admin',
      'idempotency-key': 'key-12345678',
      'if-match': '"3"',
    };
    await page('GET', 'orders', { cookie, headers: forged });
    const [event] = noted.events;
    expect(event?.requestContext.identity).toEqual({ sourceIp: '203.0.113.7' });
    expect(event?.headers).toEqual({
      'content-type': 'application/json',
      'idempotency-key': 'key-12345678',
      'if-match': '"3"',
      'x-correlation-id': 'request-1',
    });
  });

  test('is answered with the status, the body and what the page needs of the headers', async () => {
    const problem = { type: 'urn:problem:OrderNotFound', title: 'OrderNotFound', status: 404, detail: 'None.' };
    const { page } = openBrowsers(
      answering({
        statusCode: 404,
        body: JSON.stringify(problem),
        headers: {
          'Content-Type': 'application/problem+json',
          'Content-Security-Policy': "default-src 'none'",
          'Referrer-Policy': 'no-referrer',
          ETag: '"7"',
          Location: '/orders/ORD-000001',
          Link: '</orders?cursor=x>; rel="next"',
          'Set-Cookie': 'sid=planted',
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Credentials': 'true',
        },
      }),
    );
    const { status, headers, body } = await page('GET', 'orders/ORD-000001');
    expect([status, body]).toEqual([404, problem]);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'content-security-policy': "default-src 'none'",
      'referrer-policy': 'no-referrer',
      etag: '"7"',
      location: '/orders/ORD-000001',
      link: '</orders?cursor=x>; rel="next"',
    });
    for (const name of ['set-cookie', 'access-control-allow-origin', 'access-control-allow-credentials'])
      expect(headers[name]).toBeUndefined();
  });

  test('an answer without a body has none', async () => {
    const { page } = openBrowsers(answering({ statusCode: 204 }));
    expect(await page('DELETE', 'products/PROD-001')).toMatchObject({ status: 204, body: undefined });
  });

  test.each([
    ['an unknown path', 'GET', 'nowhere'],
    ['the same again, which would go round in circles', 'GET', 'api/orders'],
    ['the session', 'GET', 'session'],
    ['a log-in, whose tokens are for no page', 'POST', 'auth/log-in'],
    ['a path that goes up', 'GET', 'orders/../inventory'],
    ['a part that could be decoded into another path', 'GET', 'orders/ORD-1%2F..%2Finventory'],
    ['an empty part', 'GET', 'orders//status'],
    ['nothing', 'GET', ''],
  ] as const)('%s is not there: %s %j', async (_what, method, path) => {
    const { page, noted } = openBrowsers();
    const answer = await page(method, path);
    expect([answer.status, answer.body.title, noted.events]).toEqual([404, 'NotFound', []]);
  });

  test('a body that no function would take is refused', async () => {
    const { page, noted } = openBrowsers();
    const answer = await page('POST', 'orders', { body: 'x'.repeat(4 * 1024 * 1024) });
    expect([answer.status, answer.body.title, noted.events]).toEqual([413, 'PayloadTooLarge', []]);
  });
});

describe('S2-33 what changes something', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
    '%s needs the token of the session’s own page',
    async (method) => {
      const path = { POST: 'orders', PUT: 'products/P/images/I', PATCH: 'users/me', DELETE: 'products/P' }[method];
      const { logIn, page, noted } = openBrowsers();
      const { cookie, csrf } = await logIn();
      const stranger = await logIn();
      for (const wrong of [undefined, '', csrf.slice(1), stranger.csrf]) {
        const answer = await page(method, path, { cookie, csrf: wrong });
        expect([answer.status, answer.body.title]).toEqual([403, 'CsrfTokenInvalid']);
      }
      expect(noted.events).toEqual([]);
      expect((await page(method, path, { cookie, csrf })).status).toBe(200);
    },
  );

  test('no cache keeps an answer with a new cookie, and what others may keep stays so', async () => {
    const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' };
    const { logIn, page, pass } = openBrowsers(answering({ headers, body: '{}' }));
    const { cookie } = await logIn();
    const before = await page('GET', 'openapi.json', { cookie });
    expect([cookieOf(before), before.headers['cache-control']]).toEqual([undefined, 'public, max-age=3600']);
    pass(3600);
    const changed = await page('GET', 'openapi.json', { cookie });
    expect(cookieOf(changed)).toMatch(/^sid=/);
    expect(changed.headers['cache-control']).toBe('no-store');
  });

  test('the token of the page outlives the change of the cookie', async () => {
    const { logIn, page, pass } = openBrowsers();
    const { cookie, csrf } = await logIn();
    pass(3600);
    const changed = await page('POST', 'orders', { cookie, csrf });
    const next = cookieOf(changed);
    expect(next).not.toBe(cookie);
    expect((await page('POST', 'orders', { cookie: next, csrf })).status).toBe(200);
  });
});

describe('S2-34 nobody becomes a guest by a fault', () => {
  test.each<[string, (whole: Deps) => Partial<Deps>, number, string]>([
    ['the function', () => ({ forward: refuses(new Error('out of memory')) }), 500, 'InternalError'],
    ['who verifies the token', () => ({ authorize: refuses(new Error('no keys')) }), 500, 'InternalError'],
    [
      'the session store',
      ({ sessions }) => ({ authorize: async () => undefined, sessions: { ...sessions, remove: refuses(outOfReach) } }),
      503,
      'SessionStoreUnavailable',
    ],
  ])('S2-33 when %s fails, the browser has the new cookie, and is in with it afterwards', async (_who, ...rest) => {
    const [breaks, status, title] = rest;
    const { logIn, page, pass, deps } = openBrowsers();
    const { cookie } = await logIn();
    const whole = { ...deps };
    pass(3600);
    Object.assign(deps, breaks(whole));
    const answer = await page('GET', 'products', { cookie });
    expect([answer.status, answer.body.title]).toEqual([status, title]);
    const next = cookieOf(answer);
    expect(next).toMatch(/^sid=[\w-]{22}\.[\w-]{43}$/);
    expect(next).not.toBe(cookie);
    expect(answer.headers['cache-control']).toBe('no-store');
    Object.assign(deps, whole);
    pass(31);
    expect((await page('GET', 'products', { cookie: next })).status).toBe(200);
  });

  test('S2-33 a wrong token of the page is refused with the new cookie', async () => {
    const { logIn, page, pass } = openBrowsers();
    const { cookie } = await logIn();
    pass(3600);
    const answer = await page('POST', 'orders', { cookie, csrf: 'wrong' });
    expect([answer.status, answer.body.title]).toEqual([403, 'CsrfTokenInvalid']);
    expect((await page('GET', 'products', { cookie: cookieOf(answer) })).status).toBe(200);
  });

  test('S3-05 whoever is not let in any more gets no new cookie, though it was time for one', async () => {
    let known = true;
    const { logIn, page, pass } = openBrowsers({ authorize: async () => (known ? user : undefined) });
    const { cookie } = await logIn();
    pass(3600);
    known = false;
    const answer = await page('GET', 'products', { cookie });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([401, clearedCookie]);
  });

  test('a session store that fails answers 503', async () => {
    const { logIn, page, deps, noted } = openBrowsers();
    const { cookie } = await logIn();
    const cause = new Error('timeout');
    Object.assign(deps.sessions, {
      get: async () => {
        throw new SessionStoreError('fails', { cause });
      },
    });
    const answer = await page('GET', 'products', { cookie });
    expect([answer.status, answer.body.title]).toEqual([503, 'SessionStoreUnavailable']);
    expect([noted.events, cookieOf(answer)]).toEqual([[], undefined]);
  });

  test.each([
    ['unknown', `sid=${'a'.repeat(22)}.${'b'.repeat(43)}`],
    ['none of ours', 'sid=1'],
    ['empty', 'sid='],
  ])('a cookie that is %s answers 401 and is taken away', async (_what, cookie) => {
    const { page, noted } = openBrowsers();
    const answer = await page('GET', 'products', { cookie });
    expect([answer.status, answer.body.title, answer.headers['set-cookie']]).toEqual([
      401,
      'SessionRequired',
      clearedCookie,
    ]);
    expect(noted.events).toEqual([]);
  });

  test('S3-05 a user who is not let in any more is out, and so is the session', async () => {
    let known = true;
    const { logIn, page, rows } = openBrowsers({ authorize: async () => (known ? user : undefined) });
    const { cookie } = await logIn();
    known = false;
    const answer = await page('GET', 'products', { cookie });
    expect([answer.status, answer.body.title, rows.all().length]).toEqual([401, 'SessionRequired', 0]);
  });

  test('P15 a function that fails is a fault that reveals nothing', async () => {
    const { page } = openBrowsers({
      forward: async () => {
        throw new Error('secret of the function');
      },
    });
    const answer = await page('GET', 'products');
    expect([answer.status, answer.body.title]).toEqual([500, 'InternalError']);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

test.each([
  ['DELETE', 'orders', 'POST, GET'],
  ['PUT', 'orders/ORD-000001', 'GET'],
  ['GET', 'auth/sign-up', 'POST'],
] as const)('F-29 a page that sends %s to %s is told what there is: %s', async (method, path, allow) => {
  const answer = await openBrowsers().page(method, path);
  expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
});
