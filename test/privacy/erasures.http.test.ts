import { randomUUID } from 'node:crypto';
import type { Caller } from '../../lambda/kernel/http/caller';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { keyRefsOf } from '../../lambda/order/personal/personal';
import { forNamedTenant } from '../../lambda/privacy/erasing/acting-tenant';
import { getErasureRoute } from '../../lambda/privacy/erasing/get-erasure.http';
import { requestErasureRoute } from '../../lambda/privacy/erasing/request-erasure.http';
import { call } from '../support/http';
import { delivered, email, openShop, tenant } from './person';

const shopB = trustedTenant('shop-b');
const callers = {
  customer: { tenant, userId: 'user-1', email, roles: ['customer'] },
  stranger: { tenant, userId: 'user-2', roles: ['customer'] },
  staff: { tenant, userId: 'staff-1', roles: ['staff'] },
  admin: { tenant, userId: 'admin-1', roles: ['tenant-admin'] },
  otherStaff: { tenant: shopB, userId: 'staff-2', roles: ['staff'] },
  platform: { tenant: trustedTenant('default'), userId: 'platform-1', roles: ['platform-admin'] },
} as const satisfies Record<string, Caller>;
type Who = keyof typeof callers;

const openApi = () => {
  const shop = openShop();
  const deps = {
    ...shop.deps,
    hasUser: async (of: string, userId: string) => of === tenant && userId === 'user-1',
    newId: randomUUID,
  };
  const request = forNamedTenant(requestErasureRoute(deps));
  const get = forNamedTenant(getErasureRoute(deps));
  const json = { 'content-type': 'application/json' };
  return {
    ...shop,
    ask: (as: Who, body?: unknown, headers: Record<string, string> = {}) =>
      call(request, {
        operation: 'requestErasure',
        caller: callers[as],
        headers: { ...(body === undefined ? {} : json), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    get: (as: Who, erasureId: string, query: Record<string, string> = {}) =>
      call(get, { operation: 'getErasure', caller: callers[as], pathParameters: { erasureId }, query }),
  };
};

const owned = { ownerId: 'user-1', customerId: 'user-1' };
const proof = { orderId: 'ORD-000001', customerEmail: email };

describe('B-20 POST /privacy/erasures', () => {
  test.each([undefined, {}])(
    'a user asks for themselves with the body %j; the answer says what is open',
    async (body) => {
      const api = openApi();
      await api.place('ORD-000001', { ...owned, ...delivered });
      await api.place('ORD-000002', owned);
      const { status, body: told, headers } = await api.ask('customer', body);
      expect(status).toBe(202);
      expect(told).toEqual({
        erasureId: expect.stringMatching(/^ERA-/),
        subjectKind: 'user',
        state: 'REQUESTED',
        requestedAt: '2026-11-22T08:00:00.000Z',
        waitingFor: 1,
        accountErased: false,
        ordersErased: 0,
        keysDestroyed: 0,
      });
      expect(headers.location).toBe(`/privacy/erasures/${told.erasureId}`);
    },
  );

  test('asked twice, by whomever, it is the same one until it has ended', async () => {
    const api = openApi();
    const { body: first } = await api.ask('customer');
    const second = await api.ask('customer');
    expect([second.status, second.body]).toEqual([200, first]);
    const third = await api.ask('platform', { userId: 'user-1', tenantId: 'shop-a' });
    expect([third.status, third.body.erasureId]).toEqual([200, first.erasureId]);
    await api.run({ tenant, erasureId: first.erasureId });
    const later = await api.ask('platform', { userId: 'user-1', tenantId: 'shop-a' });
    expect([later.status, later.body.erasureId === first.erasureId]).toEqual([202, false]);
  });

  test('asked by many at once, there is one', async () => {
    const api = openApi();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.ask('customer')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 202]);
    expect(new Set(answers.map(({ body }) => body.erasureId)).size).toBe(1);
  });

  test('a repeated Idempotency-Key gets the first answer, and no other person', async () => {
    const api = openApi();
    await api.place('ORD-000001', delivered);
    await api.place('ORD-000002', delivered, 'jiro@example.com');
    const headers = { 'idempotency-key': 'key-1' };
    const first = await api.ask('staff', proof, headers);
    await api.run({ tenant, erasureId: first.body.erasureId });
    const again = await api.ask('staff', proof, headers);
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const other = await api.ask('staff', { orderId: 'ORD-000002', customerEmail: 'jiro@example.com' }, headers);
    expect([other.status, other.body.title]).toEqual([422, 'IdempotencyKeyMismatch']);
    expect(JSON.stringify(await api.rows())).not.toContain('@');
  });

  test.each(['staff', 'admin'] as const)('%s ask for a guest with the order and its address as proof', async (who) => {
    const api = openApi();
    await api.place('ORD-000001', delivered);
    await api.place('ORD-000002');
    const { status, body } = await api.ask(who, { ...proof, customerEmail: 'Taro@EXAMPLE.com' });
    expect([status, body.subjectKind, body.waitingFor]).toEqual([202, 'guest', 1]);
  });

  test('without both, or with anything of another shop, it is the same 404', async () => {
    const api = openApi();
    await api.place('ORD-000001', delivered);
    await api.place('ORD-000002', { ...delivered, ...owned });
    const refused = await Promise.all([
      api.ask('staff', { ...proof, customerEmail: 'jiro@example.com' }),
      api.ask('staff', { ...proof, orderId: 'ORD-000999' }),
      api.ask('staff', { ...proof, orderId: 'ORD-000002' }), // it has an owner
      api.ask('otherStaff', proof),
    ]);
    const told = refused.map(({ status, body: { title, detail } }) => [status, title, detail]);
    expect(new Set(told.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify([404, 'OrderNotFound', 'There is no such order of a guest with this address.'])]),
    );
  });

  test('a guest’s order from before there were hashes proves it by its address; an erased one proves nothing', async () => {
    const api = openApi();
    const order = await api.place('ORD-000001', delivered);
    await api.asked({ ask: 'forget-contact', tenantId: tenant, orderId: order.orderId });
    const { status, body } = await api.ask('staff', proof);
    expect(status).toBe(202);
    await api.run({ tenant, erasureId: body.erasureId });
    const ref = keyRefsOf(order)[0];
    if (ref === undefined) throw new Error('the order is not sealed');
    await api.keys.destroy(tenant, ref);
    expect((await api.ask('staff', proof)).status).toBe(404);
  });

  test('a platform admin names a user of a shop; an unknown one, also of another shop, is 404', async () => {
    const api = openApi();
    const { status, body } = await api.ask('platform', { userId: 'user-1', tenantId: 'shop-a' });
    expect([status, body.subjectKind]).toEqual([202, 'user']);
    for (const wrong of [
      { userId: 'user-1' },
      { userId: 'user-1', tenantId: 'shop-b' },
      { userId: 'x', tenantId: 'shop-a' },
    ]) {
      const answer = await api.ask('platform', wrong);
      expect([answer.status, answer.body.title]).toEqual([404, 'UserNotFound']);
    }
  });

  test.each<[Who, object]>([
    ['customer', proof],
    ['customer', { userId: 'user-2' }],
    ['staff', { userId: 'user-1' }],
    ['admin', { userId: 'user-1', tenantId: 'shop-a' }],
    ['platform', proof],
  ])('%s may not ask with %j', async (who, body) => {
    const api = openApi();
    await api.place('ORD-000001', delivered);
    const answer = await api.ask(who, body);
    expect([answer.status, answer.body.title]).toEqual([403, 'Forbidden']);
    expect(await api.rows()).toEqual([]);
  });

  test.each([
    { orderId: 'ORD-000001' },
    { customerEmail: email },
    { ...proof, userId: 'user-1' },
    { tenantId: 'shop-a' },
    { everybody: true },
    { ...proof, customerEmail: 'nobody' },
    [],
  ])('the body %j is wrong', async (body) => {
    expect((await openApi().ask('staff', body)).status).toBe(400);
  });

  test('nothing is stored while the orders cannot be read', async () => {
    const api = openApi();
    api.hooks.call = () => {
      throw new Error('it is down');
    };
    expect((await api.ask('customer')).status).toBe(500);
    expect(await api.rows()).toEqual([]);
  });
});

describe('B-20 GET /privacy/erasures/{erasureId}', () => {
  test('is for who asked, who it is about, the staff of the shop and platform admins, and for nobody else', async () => {
    const api = openApi();
    const { body } = await api.ask('platform', { userId: 'user-1', tenantId: 'shop-a' });
    const statuses = async (...asked: [Who, Record<string, string>?][]) =>
      Promise.all(asked.map(async ([who, query]) => (await api.get(who, body.erasureId, query)).status));
    expect(await statuses(['customer'], ['staff'], ['admin'], ['platform', { tenantId: 'shop-a' }])).toEqual([
      200, 200, 200, 200,
    ]);
    expect(await statuses(['stranger'], ['otherStaff'], ['otherStaff', { tenantId: 'shop-a' }], ['platform'])).toEqual([
      404, 404, 404, 404,
    ]);
    expect((await api.get('staff', 'SUBJECT#order~ORD-000001')).status).toBe(404);
    expect((await api.get('staff', `ERA-${randomUUID()}`)).status).toBe(404);
  });

  test('is the certificate in the end, without personal data', async () => {
    const api = openApi();
    await api.place('ORD-000001', delivered);
    const { body } = await api.ask('staff', proof);
    await api.run({ tenant, erasureId: body.erasureId });
    const { body: certificate } = await api.get('staff', body.erasureId);
    expect(certificate).toEqual({
      erasureId: body.erasureId,
      subjectKind: 'guest',
      state: 'ERASED',
      requestedAt: '2026-11-22T08:00:00.000Z',
      waitingFor: 0,
      accountErased: false,
      ordersErased: 1,
      keysDestroyed: 2,
      erasedAt: '2026-11-22T08:00:00.000Z',
    });
  });
});
