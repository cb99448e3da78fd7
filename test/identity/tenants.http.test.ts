import type { Operation } from '../../lambda/contracts/api/routes';
import { TenantView } from '../../lambda/contracts/api/tenant-api';
import {
  StorefrontKeyCreated,
  StorefrontKeyDeleted,
  TenantCreated,
  TenantUpdated,
} from '../../lambda/contracts/events/tenant-events';
import type { Account } from '../../lambda/identity/sign-in/log-in';
import { termsOf } from '../../lambda/identity/tenants/tenant';
import { tenantStore } from '../../lambda/identity/tenants/tenant.store';
import { tenantEvent } from '../../lambda/identity/tenants/tenant-event';
import { deletedStorefrontRow, storefrontRow, tenantFromRow } from '../../lambda/identity/tenants/tenant-row';
import { storefrontKeyRoutes, tenantAdminRoutes } from '../../lambda/identity/tenants/tenants.http';
import type { Caller } from '../../lambda/kernel/http/caller';
import { defaultTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { onlySecret } from '../support/secrets';
import { at, shopA, shopB } from './people';

const platform: Caller = { tenant: defaultTenant, userId: 'platform-1', roles: ['platform-admin'] };
const admin: Caller = { tenant: shopA, userId: 'admin-1', roles: ['tenant-admin'] };
const adminOfB: Caller = { tenant: shopB, userId: 'admin-2', roles: ['tenant-admin'] };

const setUp = () => {
  const { db, table } = memoryDynamoDb();
  const tenants = tenantStore('tenants', db);
  const invited: string[] = [];
  const directory = {
    find: async ({ tenant, email }: Account) =>
      invited.includes(`${tenant}/${email}`)
        ? { userId: 'admin-1', status: 'RESET_REQUIRED', isComplete: true }
        : undefined,
    invite: async ({ tenant, email }: Account) => {
      invited.push(`${tenant}/${email}`);
      return 'admin-1';
    },
  };
  let made = 0;
  const newStorefrontKey = () => {
    made += 1;
    return `sk-${made}`;
  };
  const deps = { tenants, directory, cursorSecret: onlySecret('secret'), newStorefrontKey, now: () => at().now };
  const routes = { ...tenantAdminRoutes(deps), ...storefrontKeyRoutes(deps) };
  const send = (operation: keyof typeof routes & Operation, caller: Caller, more: object = {}) => {
    const { body, ...rest } = more as { body?: object };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    return call(routes[operation], {
      operation,
      caller,
      headers: { 'content-type': 'application/json' },
      ...rest,
      ...given,
    });
  };
  const open = (tenantId = 'shop-a', more: object = {}) =>
    send('createTenant', platform, { body: { tenantId, name: '花屋 A', ...more } });
  return { rows: table('tenants'), tenants, invited, send, open };
};

const of = (tenantId: string, keyId?: string) => ({ pathParameters: { tenantId, ...(keyId && { keyId }) } });

describe('opening a shop', () => {
  test('fills in what is not given, and invites the first admin', async () => {
    const { open, invited } = setUp();
    const answer = await open('shop-a', { admin: { email: 'Boss@Example.com' } });
    expect([answer.status, answer.headers.location, answer.headers.etag]).toEqual([201, '/tenants/shop-a', '"1"']);
    expect(TenantView.parse(answer.body)).toEqual({
      tenantId: 'shop-a',
      name: '花屋 A',
      status: 'ACTIVE',
      currency: 'JPY',
      taxRatesBps: { standard: 1000, reduced: 800 },
      backorders: 'allowed',
      limits: { tenantPerMinute: 6000, callerPerMinute: 1200 },
      payments: 'offline',
      storefrontKeys: [],
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:00.000Z',
      version: 1,
    });
    expect(invited).toEqual(['shop-a/boss@example.com']);
  });

  test('again by the same request does nothing more; by another one it is refused, and invites nobody into the shop', async () => {
    const { open, invited } = setUp();
    const admin = { email: 'boss@example.com' };
    await open('shop-a', { admin });
    expect((await open('shop-a', { admin })).status).toBe(201);
    const other = await open('shop-a', { admin: { email: 'eve@example.com' } });
    expect([other.status, other.body.title]).toEqual([409, 'TenantExists']);
    expect(invited).toEqual(['shop-a/boss@example.com']);
  });

  test.each([
    ['UGX', 'offline', ['Orders in UGX cannot be paid online by CREDIT_CARD, DEBIT_CARD, PAYPAL,']],
    ['USD', 'online', ['Orders in USD cannot be paid online by PAYPAY; they can by CREDIT_CARD,']],
    [
      'KWD',
      'online',
      ['Orders in KWD cannot be paid online by PAYPAL,', 'Cards take two of the three decimals of KWD:'],
    ],
    ['JPY', 'online', ['Orders in JPY cannot be paid online by PAYPAL;']],
    ['JPY', 'offline', undefined],
  ])('F-08 a shop in %s that is paid %s is warned: %j', async (currency, payments, warnings) => {
    const { open, send } = setUp();
    await open();
    const changed = await send('updateTenant', platform, { ...of('shop-a'), body: { currency, payments } });
    const opened = await open('shop-b', { currency, payments });
    for (const { body } of [changed, opened, await send('getTenant', platform, of('shop-a'))])
      expect(TenantView.parse(body).warnings).toEqual(warnings?.map((words) => expect.stringContaining(words)));
  });

  test.each([
    { tenantId: 'Shop A' },
    { tenantId: 'shop#a' },
    { tenantId: '' },
    { currency: 'XXX' },
    { taxRatesBps: { standard: -1, reduced: 0 } },
    { limits: { tenantPerMinute: 0, callerPerMinute: 0 } },
    { status: 'ACTIVE' },
    { admin: { email: 'boss@example.com', roles: ['platform-admin'] } },
  ])('is refused with %j', async (more) => {
    const { open, rows } = setUp();
    expect((await open('shop-a', more)).status).toBe(400);
    expect(rows.all()).toEqual([]);
  });

  test.each(['createTenant', 'listTenants', 'updateTenant'] as const)(
    'P8 is for platform admins alone: %s is 403 for all others',
    async (operation) => {
      const { send } = setUp();
      for (const roles of [['tenant-admin'], ['staff'], ['customer'], []])
        expect((await send(operation, { ...admin, roles }, of('shop-a'))).status).toBe(403);
    },
  );
});

describe('a tenant', () => {
  test('S4-03 P8 is read by its own admin; another one and an unknown one are answered the same', async () => {
    const { send, open } = setUp();
    await open();
    expect((await send('getTenant', admin, of('shop-a'))).status).toBe(200);
    expect((await send('getTenant', platform, of('shop-a'))).status).toBe(200);
    const answers = [
      await send('getTenant', adminOfB, of('shop-a')),
      await send('getTenant', adminOfB, of('shop-x')),
      await send('getTenant', platform, of('shop-x')),
      await send('getTenant', platform, of('#STOREFRONT#x')),
      await send('createStorefrontKey', adminOfB, of('shop-a')),
      await send('deleteStorefrontKey', adminOfB, of('shop-a', 'key-1')),
    ];
    for (const { status, body } of answers)
      expect([status, body.title, body.detail]).toEqual([404, 'TenantNotFound', 'There is no such tenant.']);
  });

  test('is suspended and resumed, and keeps the rest', async () => {
    const { send, open, tenants } = setUp();
    await open('shop-a', { backorderHours: 24 });
    const suspended = await send('updateTenant', platform, { ...of('shop-a'), body: { status: 'SUSPENDED' } });
    expect(suspended).toMatchObject({ status: 200, body: { status: 'SUSPENDED', backorderHours: 24, version: 2 } });
    expect(termsOf(await tenants.get(shopA))).toMatchObject({ suspended: true, selling: { reducedTaxBps: 800 } });
    const change = { status: 'ACTIVE', backorderHours: null, backorders: 'refused', expectedVersion: 2 };
    const resumed = await send('updateTenant', platform, { ...of('shop-a'), body: change });
    expect(resumed.body).toMatchObject({ status: 'ACTIVE', backorders: 'refused', version: 3 });
    expect(resumed.body.backorderHours).toBeUndefined();
  });

  test('is not changed when the change builds on another version', async () => {
    const { send, open } = setUp();
    await open();
    const change = { ...of('shop-a'), body: { name: 'B', expectedVersion: 7 } };
    expect(await send('updateTenant', platform, change)).toMatchObject({
      status: 409,
      body: { title: 'VersionMismatch', currentVersion: 1 },
    });
  });

  test('P15 is changed by all who change it at once, one after the other', async () => {
    const { open, send, tenants } = setUp();
    await open();
    const rename = (n: number) => send('updateTenant', platform, { ...of('shop-a'), body: { name: `花屋 ${n}` } });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => rename(n)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await tenants.get(shopA)).toMatchObject({ version: 21 });
  });

  test('S3-52 brings its limits along; one that nobody has opened has the defaults', () => {
    expect(termsOf(undefined)).toEqual({
      limits: { tenantPerMinute: 6000, callerPerMinute: 1200 },
      selling: { currency: 'JPY', standardTaxBps: 1000, reducedTaxBps: 800 },
      suspended: false,
      payments: 'offline',
    });
  });
});

describe('storefront keys', () => {
  test('are shown once, and known by name from then on', async () => {
    const { send, open } = setUp();
    await open();
    const made = await send('createStorefrontKey', admin, of('shop-a'));
    expect(made).toMatchObject({ status: 201, body: { storefrontKey: 'sk-1' } });
    expect(made.headers.location).toBe(`/tenants/shop-a/storefront-keys/${made.body.keyId}`);
    const read = await send('getTenant', admin, of('shop-a'));
    expect(read.body.storefrontKeys).toEqual([{ keyId: made.body.keyId, createdAt: '2026-11-21T08:00:00.000Z' }]);
    expect(JSON.stringify(read.body)).not.toContain('sk-1');
  });

  test('are rotated: two are good at once, a third must wait until one is deleted', async () => {
    const { send, open, tenants } = setUp();
    await open();
    const first = (await send('createStorefrontKey', admin, of('shop-a'))).body.keyId;
    await send('createStorefrontKey', admin, of('shop-a'));
    expect(await send('createStorefrontKey', admin, of('shop-a'))).toMatchObject({
      status: 409,
      body: { title: 'TooManyStorefrontKeys' },
    });
    expect((await send('deleteStorefrontKey', admin, of('shop-a', first))).status).toBe(204);
    expect(await Promise.all(['sk-1', 'sk-2'].map(tenants.ofStorefront))).toEqual([undefined, 'shop-a']);
    expect((await send('createStorefrontKey', admin, of('shop-a'))).status).toBe(201);
    expect((await send('deleteStorefrontKey', admin, of('shop-a', first))).body.title).toBe('StorefrontKeyNotFound');
  });
});

describe('the events of tenants', () => {
  const opened = async () => {
    const { open, send, rows } = setUp();
    await open();
    return { send, image: () => rows.get({ tenantId: 'shop-a' }) ?? {} };
  };

  test('tell all settings, when it is opened and whenever they change', async () => {
    const { send, image } = await opened();
    expect(TenantCreated.parse(tenantEvent(image()))).toMatchObject({
      id: 'shop-a/shop-a:1',
      data: { tenantId: 'shop-a', status: 'ACTIVE', version: 1 },
    });
    await send('updateTenant', platform, { ...of('shop-a'), body: { status: 'SUSPENDED' } });
    expect(TenantUpdated.parse(tenantEvent(image()))).toMatchObject({
      id: 'shop-a/shop-a:2',
      data: { status: 'SUSPENDED', version: 2, currency: 'JPY' },
    });
    expect(tenantFromRow(image())).toMatchObject({ tenant: 'shop-a', version: 2 });
  });

  test('S2-02 tell how a shop is paid, so that the order service knows', async () => {
    const { send, image } = await opened();
    expect(TenantCreated.parse(tenantEvent(image())).data.payments).toBe('offline');
    await send('updateTenant', platform, { ...of('shop-a'), body: { payments: 'online' } });
    expect(TenantUpdated.parse(tenantEvent(image())).data.payments).toBe('online');
  });

  test('report a storefront key by its hash, under the ID of the key', async () => {
    const { send, image } = await opened();
    await send('createStorefrontKey', admin, of('shop-a'));
    expect(tenantEvent(image())).toBeUndefined(); // the tenant's row says nothing, the key's own does
    const key = { keyId: 'key-1', hash: 'a'.repeat(64), createdAt: '2026-11-21T08:00:00.000Z' };
    const origin = { actor: 'admin-1', network: '203.0.113.0/24' };
    const created = storefrontRow(shopA, key, { correlationId: 'request-1', fact: origin });
    expect(created.storefrontTenant).toBe('shop-a');
    expect(StorefrontKeyCreated.parse(tenantEvent(created))).toMatchObject({
      id: 'shop-a/key-1:1',
      ...origin,
      data: { tenantId: 'shop-a', keyId: 'key-1', hash: 'a'.repeat(64) },
    });
    const at = { updatedAt: '2026-11-21T09:00:00.000Z', correlationId: 'request-2', fact: { actor: 'admin-2' } };
    const deleted = deletedStorefrontRow(shopA, key, at);
    expect(deleted).not.toHaveProperty('storefrontTenant');
    expect(StorefrontKeyDeleted.parse(tenantEvent(deleted))).toMatchObject({ id: 'shop-a/key-1:2', actor: 'admin-2' });
  });

  test('S2-39 tell who changed it, and from which network', async () => {
    const { send, image } = await opened();
    const from = { ...of('shop-a'), sourceIp: '2001:db8:1:2::77' };
    await send('updateTenant', platform, { ...from, body: { status: 'SUSPENDED' } });
    expect(TenantUpdated.parse(tenantEvent(image()))).toMatchObject({
      actor: 'platform-1',
      network: '2001:db8:1::/48',
    });
  });
});

test.each([
  { standard: 10, reduced: 800 },
  { standard: 1000, reduced: 8 },
])('F-22 rates of %p are refused: they are in basis points, not in percent', async (taxRatesBps) => {
  const { open, send } = setUp();
  await open();
  const field = `/taxRatesBps/${taxRatesBps.standard === 10 ? 'standard' : 'reduced'}`;
  const refused = { pointer: field, detail: 'is in basis points: 1000 means 10 %' };
  const created = await open('shop-c', { taxRatesBps });
  expect([created.status, created.body.errors]).toEqual([400, [refused]]);
  const changed = await send('updateTenant', platform, { ...of('shop-a'), body: { taxRatesBps } });
  expect([changed.status, changed.body.errors]).toEqual([400, [refused]]);
});
