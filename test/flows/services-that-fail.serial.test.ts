import { randomUUID } from 'node:crypto';
import { openMouseShop } from '../../scripts/lib/demo/mouse-shop';
import { seedPassword } from '../../scripts/lib/people/accounts';
import { type Answer, call, eventually } from '../support/flow';
import { withVariable } from '../support/flow-functions';
import { openTenantByApi, type Person, signedIn } from '../support/flow-people';
import { openShop } from '../support/flow-shop';

jest.setTimeout(240_000);

/** Functions are told wrong names, which all shops share: nothing else runs meanwhile. */
let customer: Person;

beforeAll(async () => {
  const tenant = await openTenantByApi();
  customer = await signedIn(tenant, 'customer');
  await openMouseShop((await signedIn(tenant, 'staff')).client, 60);
});

test('S1-23 P20 who prefers to wait is refused when stock cannot be checked, and nobody else is', async () => {
  const body = { items: [{ productId: 'PRD-001', quantity: 1 }] };
  const idsOf = async () => {
    const { status, body: page } = await customer.client.listOrders({ query: { limit: 100 } });
    if (status !== 200) throw new Error(`not listed: ${status}`);
    return page.items.map(({ orderId }) => orderId);
  };
  const before = await idsOf();
  await withVariable('OrderRoutesPlaceOrder', { INVENTORY_FUNCTION: 'no-such-function' }, async () => {
    const refused = await customer.client.placeOrder({ headers: { Prefer: 'respond-sync' }, body });
    expect(refused).toMatchObject({ status: 503, body: { type: 'urn:problem:StockServiceUnavailable' } });
    expect(await idsOf()).toEqual(before);
    expect((await customer.client.placeOrder({ body })).status).toBe(201);
  });
  const checked = await customer.client.placeOrder({ headers: { Prefer: 'respond-sync' }, body });
  expect([checked.status, checked.headers.get('preference-applied')]).toEqual([201, 'respond-sync']);
});

type Page = { readonly cookie?: string | undefined; readonly csrf?: string };

const ask = (method: string, path: string, { cookie = '', csrf = '' }: Page = {}) =>
  call(method, path, { headers: { cookie, 'x-csrf-token': csrf } });

const cookieOf = ({ headers }: Answer) => headers.get('set-cookie')?.split(';')[0];

const logIn = async () => {
  const { tenant, key } = await openShop();
  const { email } = await signedIn(tenant, 'customer', `canary-${randomUUID().slice(0, 8)}`);
  const headers = { 'x-storefront-key': key, 'content-type': 'application/json' };
  const answer = await call('POST', '/session', { headers, body: JSON.stringify({ email, password: seedPassword }) });
  return { cookie: cookieOf(answer), csrf: String(answer.body.csrfToken) };
};

test('S2-34 while the store of sessions fails, /api answers 503 to whoever has a session', async () => {
  const { cookie, csrf } = await logIn();
  await withVariable('SessionServe', { SESSIONS_TABLE: 'no-such-table' }, async () => {
    const answer = await eventually('the store fails', async () => {
      const products = await ask('GET', '/api/products', { cookie });
      return products.status === 503 && products;
    });
    expect([answer.body.title, cookieOf(answer)]).toEqual(['SessionStoreUnavailable', undefined]);
    expect((await ask('GET', '/session', { cookie })).status).toBe(503);
    expect((await ask('DELETE', '/session', { cookie, csrf })).status).toBe(503);
  });
  const again = await eventually('the store works again', async () => {
    const products = await ask('GET', '/api/products', { cookie });
    return products.status === 200 && products;
  });
  expect(again.body.items).toEqual([]);
});
