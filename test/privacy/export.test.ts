import type { Caller } from '../../lambda/kernel/http/caller';
import { callerFrom } from '../../lambda/kernel/http/caller';
import { prefersHtml } from '../../lambda/privacy/export/accepts-html';
import { exportRoute } from '../../lambda/privacy/export/export.http';
import { examples } from '../../scripts/openapi/examples';
import { call } from '../support/http';
import { tenant } from './person';

const customer: Caller = { tenant, userId: 'user-1', email: 'taro@example.com', roles: ['customer'] };

type Event = {
  resource: string;
  queryStringParameters: Record<string, string> | null;
  pathParameters: Record<string, string> | null;
  requestContext: { authorizer: unknown };
};

const profile = examples.getMe?.answer as object;
const order = (orderId: string) => ({ ...(examples.getOrder?.answer as object), orderId, code: orderId });
const returned = examples.getReturn?.answer as object;
const page = (items: readonly object[], { cursor = '0', limit = '100' }: Record<string, string> = {}) => {
  const from = Number(cursor);
  const to = from + Number(limit);
  return { items: items.slice(from, to), ...(to < items.length ? { nextCursor: String(to) } : {}) };
};

type Answers = Record<string, (event: Event) => unknown>;

const nothing: Answers = {
  getMe: () => undefined,
  listOrders: () => page([]),
  listReturns: () => page([]),
  listPayments: () => page([]),
  getBalance: () => undefined,
};

/** The export over functions that answer as these say: undefined is a 404. */
const open = (given: Answers = {}) => {
  const asked: [string, Event][] = [];
  const answers: Answers = { ...nothing, ...given };
  const forward = async (operation: string, event: unknown) => {
    asked.push([operation, event as Event]);
    const body = answers[operation]?.(event as Event);
    return {
      statusCode: body === undefined ? 404 : 200,
      headers: {},
      body: JSON.stringify(body ?? {}),
      isBase64Encoded: false,
    };
  };
  const route = exportRoute({ forward, now: () => new Date('2026-11-22T08:00:00.000Z') });
  const get = (headers: Record<string, string> = {}, caller = customer) =>
    call(route, { operation: 'exportPersonalData', caller, headers });
  return { asked, get };
};

const down = () => {
  throw new Error('it is down');
};

describe('B-20 GET /privacy/export', () => {
  test('is all that the operations show to the caller', async () => {
    const ids = ['ORD-000001', 'ORD-000002'];
    const { get } = open({
      getMe: () => profile,
      listOrders: () => page(ids.map(order)),
      getOrder: ({ pathParameters }) => order(pathParameters?.orderId ?? ''),
      listReturns: () => page([returned]),
      getBalance: () => ({ userId: 'user-1', currency: 'JPY', balance: 100, held: 0 }),
    });
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body).toEqual({
      userId: 'user-1',
      tenantId: 'shop-a',
      exportedAt: '2026-11-22T08:00:00.000Z',
      profile,
      orders: ids.map(order),
      returns: [returned],
      payments: [],
      account: { userId: 'user-1', currency: 'JPY', balance: 100, held: 0 },
      more: [],
      unavailable: [],
    });
  });

  test('P8 asks as the caller, and staff as a customer: not for what is other people’s', async () => {
    const { asked, get } = open();
    await get({}, { ...customer, userId: 'staff-1', roles: ['staff', 'tenant-admin'] });
    expect(asked.length).toBeGreaterThan(4);
    for (const [, { requestContext }] of asked)
      expect(callerFrom(requestContext.authorizer)).toMatchObject({ tenant, userId: 'staff-1', roles: ['customer'] });
  });

  test('reads page by page, up to a bound, and says of what there is more', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => order(`ORD-${String(n + 1).padStart(6, '0')}`));
    const shown = async (count: number) => {
      const { get } = open({
        listOrders: ({ queryStringParameters }) => page(many(count), queryStringParameters ?? {}),
        getOrder: ({ pathParameters }) => order(pathParameters?.orderId ?? ''),
      });
      const { body } = await get();
      return [body.orders.length, body.more];
    };
    expect(await shown(150)).toEqual([150, []]);
    expect(await shown(200)).toEqual([200, []]);
    expect(await shown(201)).toEqual([200, ['orders']]);
  });

  test('leaves out what would make the answer too large, and says so', async () => {
    const large = { ...returned, reason: 'x'.repeat(300_000) };
    const { body } = await open({ listReturns: () => page([large, large, large, large, large]) }).get();
    expect([body.returns.length, body.more]).toEqual([3, ['returns']]);
  });

  test('names the parts that cannot be read, and shows the others', async () => {
    const { body } = await open({ getMe: () => profile, listPayments: down, getBalance: down }).get();
    expect([body.profile, body.unavailable.sort()]).toEqual([profile, ['account', 'payments']]);
  });
});

describe('B-20 the export as a page', () => {
  const evil = '<script>alert(1)</script>"\'&';
  const html = { accept: 'text/html' };

  test('runs no script, loads nothing, and escapes all that it shows', async () => {
    const { status, headers, body } = await open({
      getMe: () => ({ ...profile, displayName: evil, preferences: { [evil]: evil } }),
    }).get(html);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).not.toContain('<script');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
    expect(body).not.toMatch(/\b(src|href|on\w+)=/);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*'; /);
    expect(policy).not.toContain('unsafe');
  });

  test.each([
    ['ja,en;q=0.5', 'ja', 'アカウントとプロフィール'],
    ['en-GB', 'en', 'Account and profile'],
    ['fr', 'ja', '注文'],
  ])('speaks by Accept-Language: %s is %s', async (language, lang, word) => {
    const { headers, body } = await open().get({ ...html, 'accept-language': language });
    expect(headers['content-language']).toBe(lang);
    expect(body).toContain(`<html lang="${lang}">`);
    expect(body).toContain(word);
  });

  test('says what is missing', async () => {
    const { body } = await open({ listPayments: down }).get({ ...html, 'accept-language': 'en' });
    expect(body).toContain('These parts could not be read. Try again: Payments');
  });

  test.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/html', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json, text/html;q=0.9', false],
    ['text/*;q=0.5, application/json;q=0.4', true],
    ['text/html;q=0, */*', false],
    ['text/html;q=7', false],
  ])('is what Accept: %s prefers: %s', (accept, preferred) => expect(prefersHtml(accept)).toBe(preferred));
});
