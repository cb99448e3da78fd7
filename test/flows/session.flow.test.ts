import { randomUUID } from 'node:crypto';
import { DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { enrol, seedPassword, tokenOf } from '../../scripts/lib/people/accounts';
import { type Answer, call, db } from '../support/flow';
import { accounts, openTenantByApi } from '../support/flow-people';
import { stock } from '../support/flow-shop';

const email = `canary-${randomUUID().slice(0, 8)}@example.com`;
let shop: { tenant: string; key: string };

type Page = { readonly cookie?: string | undefined; readonly csrf?: string; readonly headers?: Record<string, string> };

const ask = (method: string, path: string, { cookie, csrf, headers = {} }: Page = {}, body?: unknown) =>
  call(method, path, {
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const cookieOf = ({ headers }: Answer) => headers.get('set-cookie')?.split(';')[0];

const logIn = async () => {
  const inShop = { 'x-storefront-key': shop.key };
  const answer = await ask('POST', '/session', { headers: inShop }, { email, password: seedPassword });
  return { answer, cookie: cookieOf(answer), csrf: String(answer.body.csrfToken) };
};

const mouse = { items: [{ productId: 'MOUSE', quantity: 1 }] };

beforeAll(async () => {
  const own = await accounts();
  const tenant = await openTenantByApi();
  await enrol(own, { tenant, email: 'admin@example.com', role: 'tenant-admin' }, seedPassword);
  const token = await tokenOf(own, { tenant, email: 'admin@example.com', role: 'tenant-admin' }, seedPassword);
  const headers = { authorization: `Bearer ${token}` };
  const made = await ask('POST', `/tenants/${tenant}/storefront-keys`, { headers });
  shop = { tenant, key: made.body.storefrontKey };
  await enrol(own, { tenant, email, role: 'customer' }, seedPassword);
  await stock(shop, 'MOUSE', 100);
});

describe('a page of a shop', () => {
  let own: Awaited<ReturnType<typeof logIn>>;
  let orderId: string;

  test('S2-31 S2-33 logs in with a password, and gets a cookie that no script can read instead of tokens', async () => {
    own = await logIn();
    expect(own.answer.status).toBe(201);
    expect(own.answer.body.user).toMatchObject({ tenantId: shop.tenant, email, roles: ['customer'] });
    expect(own.answer.headers.get('set-cookie')).toMatch(
      /^sid=[\w-]{22}\.[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(JSON.stringify(own.answer.body)).not.toContain('eyJ');
  });

  test('S2-31 logs in with a token, which is verified', async () => {
    const token = await tokenOf(await accounts(), { tenant: shop.tenant, email, role: 'customer' }, seedPassword);
    expect((await ask('POST', '/session', {}, { idToken: token })).status).toBe(201);
    const forged = `${token.slice(0, -4)}AAAA`;
    expect((await ask('POST', '/session', {}, { idToken: forged })).status).toBe(401);
  });

  test('S2-29 uses every operation below /api as the user of the session', async () => {
    const me = await ask('GET', '/api/users/me', own);
    expect([me.status, me.body.email, me.headers.get('etag')]).toEqual([200, email, `"${me.body.version}"`]);
    const placed = await ask('POST', '/api/orders', { ...own, headers: { 'idempotency-key': randomUUID() } }, mouse);
    expect(placed.status).toBe(201);
    orderId = placed.body.orderId;
    expect(placed.headers.get('location')).toBe(`/orders/${orderId}`);
    const order = await ask('GET', `/api/orders/${orderId}`, own);
    expect([order.status, order.body.orderId]).toEqual([200, orderId]);
    const list = await ask('GET', '/api/orders?limit=1', own);
    expect([list.status, list.body.items.length]).toEqual([200, 1]);
    const wrong = await ask('GET', '/api/orders?colour=red', own);
    expect([wrong.status, wrong.body.errors]).toEqual([400, [{ pointer: '/query/colour', detail: 'unknown field' }]]);
  });

  test('S2-33 changes nothing without the token of the page', async () => {
    for (const csrf of ['', 'x']) {
      const refused = await ask('POST', '/api/orders', { cookie: own.cookie, csrf }, mouse);
      expect([refused.status, refused.body.title]).toEqual([403, 'CsrfTokenInvalid']);
    }
    const renamed = await ask('PATCH', '/api/users/me', own, { displayName: '花子' });
    expect([renamed.status, renamed.body.displayName]).toEqual([200, '花子']);
  });

  test('S2-29 orders as a guest without a cookie, and follows the order', async () => {
    const headers = { 'x-storefront-key': shop.key };
    const placed = await ask('POST', '/api/orders', { headers }, { ...mouse, customerEmail: email });
    expect(placed.status).toBe(201);
    const tracking = { ...headers, 'x-tracking-token': String(placed.body.trackingToken) };
    const order = await ask('GET', `/api/orders/${placed.body.orderId}`, { headers: tracking });
    expect(order.status).toBe(200);
    const others = await ask('GET', `/api/orders/${orderId}`, { headers });
    expect(others.status).toBe(401);
    expect((await ask('GET', '/api/orders', { headers })).body.title).toBe('TokenRequired');
  });

  test.each(['/api/nowhere', '/api/api/orders', '/api/session', '/api/orders/..%2f..%2finventory', '/nowhere'])(
    'S2-29 %s is not there',
    async (path) => {
      const answer = await ask('GET', path, own);
      expect([answer.status, answer.body.title]).toEqual([404, 'NotFound']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  test('S2-32 P14 the table of sessions forgets them in time, and nothing in it opens anything', async () => {
    const { Items = [] } = await db.send(new ScanCommand({ TableName: 'sessions' }));
    const rows = Items.filter(({ tenant }) => tenant === shop.tenant);
    expect(rows.length).toBeGreaterThan(0);
    const [name = '', secret = ''] = own.cookie?.slice('sid='.length).split('.') ?? [];
    for (const leaked of [name, secret, own.csrf, 'eyJ', email]) expect(JSON.stringify(rows)).not.toContain(leaked);
    const ttl = await new DynamoDBClient({}).send(new DescribeTimeToLiveCommand({ TableName: 'sessions' }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'forgetAt' });
  });

  test('S2-31 logs out: the cookie is taken away, and is good for nothing afterwards', async () => {
    expect((await ask('DELETE', '/session', { cookie: own.cookie })).status).toBe(403);
    const gone = await ask('DELETE', '/session', own);
    expect([gone.status, cookieOf(gone)]).toEqual([204, 'sid=']);
    for (const path of ['/session', '/api/products']) {
      const answer = await ask('GET', path, own);
      expect([answer.status, answer.body.title, cookieOf(answer)]).toEqual([401, 'SessionRequired', 'sid=']);
    }
  });
});
