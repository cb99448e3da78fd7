import type { Operation } from '../../lambda/contracts/api/routes';
import { UserView } from '../../lambda/contracts/api/user-api';
import type { Account } from '../../lambda/identity/sign-in/log-in';
import { changeAccess, type User } from '../../lambda/identity/users/user';
import { type UsersDeps, userRoutes } from '../../lambda/identity/users/users.http';
import type { Caller } from '../../lambda/kernel/http/caller';
import { call } from '../support/http';
import { onlySecret } from '../support/secrets';
import { at, eight, memoryUsers, shopA, shopB, userOf } from './people';

const me: Caller = { tenant: shopA, userId: 'hanako-1', roles: ['customer'] };
const admin: Caller = { tenant: shopA, userId: 'admin-1', roles: ['tenant-admin'] };
const adminOfB: Caller = { tenant: shopB, userId: 'admin-2', roles: ['tenant-admin'] };

const setUp = (known: User[] = [userOf()], found?: { userId: string; status: string }) => {
  const users = memoryUsers(...known);
  const asked: string[] = [];
  const name = ({ tenant, email }: Account) => `${tenant}/${email}`;
  const directory: NonNullable<UsersDeps['directory']> = {
    find: async () => found && { ...found, isComplete: true },
    invite: async (account, { roles }) => {
      asked.push(`invite ${name(account)} ${roles}`);
      return found?.userId ?? 'staff-1';
    },
    setStatus: async (account, status) => void asked.push(`${status} ${name(account)}`),
    resetTotp: async (account) => void asked.push(`reset totp ${name(account)}`),
    setRoles: async (account, roles) => void asked.push(`${roles} ${name(account)}`),
  };
  const routes = userRoutes({ users, directory, cursorSecret: onlySecret('secret'), now: () => at(60).now });
  const send = (operation: keyof typeof routes & Operation, caller: Caller, more: object = {}) => {
    const { body, ...rest } = more as { body?: object };
    const headers = { 'content-type': 'application/json', ...(rest as { headers?: object }).headers };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    return call(routes[operation], { operation, caller, ...rest, headers, ...given });
  };
  return { users, asked, send };
};

const of = (userId: string) => ({ pathParameters: { userId } });

test('S3-05 where another provider keeps the accounts, roles are not changed here, where its next token would bring them back', async () => {
  const users = memoryUsers(userOf());
  const { updateUser } = userRoutes({
    users,
    directory: undefined,
    cursorSecret: onlySecret('secret'),
    now: () => at(60).now,
  });
  const send = (body: object) =>
    call(updateUser, {
      operation: 'updateUser',
      caller: admin,
      ...of('hanako-1'),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect(await send({ roles: ['staff'] })).toMatchObject({ status: 403, body: { title: 'Forbidden' } });
  expect(users.rows.get({ userId: 'shop-a#hanako-1' })).toMatchObject({ version: 1 });
  expect(await send({ status: 'DISABLED' })).toMatchObject({ status: 200, body: { status: 'DISABLED' } });
});

describe('S3-06 S3-07 your own profile', () => {
  test('is shown, with a tag by which it is not sent again', async () => {
    const { send } = setUp();
    const { status, body, headers } = await send('getMe', me);
    expect([status, headers.etag]).toEqual([200, '"1"']);
    expect(UserView.parse(body)).toMatchObject({ userId: 'hanako-1', email: 'hanako@example.com', status: 'ACTIVE' });
    expect(await send('getMe', me, { headers: { 'if-none-match': '"1"' } })).toMatchObject({ status: 304 });
  });

  test('is changed field by field', async () => {
    const { send } = setUp();
    const address = { street: '1-1', city: '東京', postalCode: '100-0001', country: 'JP' };
    const body = { firstName: '花子', address, avatar: 'https://img.example.com/h.png', displayName: null };
    const answer = await send('updateMe', me, { body });
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { firstName: '花子', address } });
    expect(answer.body.displayName).toBeUndefined();
  });

  test('P15 is changed by many requests at once, one after another, and none of them fails', async () => {
    const { send, users } = setUp();
    const bodies = Array.from({ length: 12 }, (_, index) => ({ firstName: `花子${index}` }));
    const answers = await Promise.all(bodies.map((body) => send('updateMe', me, { body })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })?.version).toBe(13);
  });

  test.each([
    [{ body: { firstName: 'x', expectedVersion: 7 } }, 409, 'VersionMismatch'],
    [{ body: { firstName: 'x' }, headers: { 'if-match': '"7"' } }, 412, 'PreconditionFailed'],
  ])('is not changed when it builds on another version: %j is %d', async (more, status, title) => {
    expect(await setUp().send('updateMe', me, more)).toMatchObject({ status, body: { title, currentVersion: 1 } });
  });

  test.each([
    { status: 'DISABLED' },
    { roles: ['staff'] },
    { userRoles: [] },
    { email: 'eve@example.com' },
    { tenantId: 'shop-b' },
    { avatar: 'javascript:alert(1)' },
    { avatar: 'http://img.example.com/h.png' },
    { displayName: '‮evil' },
    { preferences: { __proto__x: 1, 'a b': 1 } },
  ])('takes no %j', async (body) => {
    const { send, users } = setUp();
    expect((await send('updateMe', me, { body })).status).toBe(400);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })?.version).toBe(1);
  });
});

describe('the users of a tenant', () => {
  test('S4-03 P8 are those of its own admin; another ID and another tenant are answered the same', async () => {
    const { send } = setUp();
    expect(await send('getUser', admin, of('hanako-1'))).toMatchObject({ status: 200, body: { userId: 'hanako-1' } });
    const answers = [
      await send('getUser', adminOfB, of('hanako-1')),
      await send('getUser', admin, of('nobody')),
      await send('getUser', admin, of('shop-a#hanako-1')),
      await send('updateUser', adminOfB, { ...of('hanako-1'), body: { status: 'DISABLED' } }),
    ];
    for (const { status, body } of answers)
      expect([status, body.title, body.detail]).toEqual([404, 'UserNotFound', 'No user of this tenant has this ID.']);
    expect((await send('listUsers', adminOfB)).body).toEqual({ items: [] });
    expect((await send('listUsers', admin)).body.items).toHaveLength(1);
  });

  test.each(['listUsers', 'getUser', 'updateUser', 'createUser'] as const)(
    'P8 S3-05 are not for customers, staff or platform admins: %s is 403',
    async (operation) => {
      const { send } = setUp();
      for (const roles of [['customer'], ['staff'], ['customer', 'staff'], ['platform-admin'], []])
        expect((await send(operation, { ...me, roles }, of('hanako-1'))).status).toBe(403);
    },
  );

  test('P8 a cursor of another tenant opens nothing', async () => {
    const { send } = setUp();
    expect((await send('listUsers', admin, { query: { cursor: 'e30.forged' } })).status).toBe(400);
  });
});

describe('inviting a user', () => {
  test('makes the account with its roles, and the user', async () => {
    const { send, asked, users } = setUp();
    const body = { email: 'Taro@Example.com', displayName: '太郎', roles: ['staff', 'tenant-admin'] };
    const answer = await send('createUser', admin, { body });
    expect([answer.status, answer.headers.location]).toEqual([201, '/users/staff-1']);
    expect(asked).toEqual(['invite shop-a/taro@example.com staff,tenant-admin']);
    expect(await users.get({ tenant: admin.tenant, userId: 'staff-1' })).toMatchObject({
      email: 'taro@example.com',
      version: 1,
    });
  });

  test('goes on where an earlier try was cut short', async () => {
    const { send, asked } = setUp([], { userId: 'staff-1', status: 'CONFIRMED' });
    expect((await send('createUser', admin, { body: { email: 'taro@example.com' } })).status).toBe(201);
    expect(asked).toEqual(['invite shop-a/taro@example.com staff']);
  });

  test('is refused for an address that has a user, whose roles stay as they are', async () => {
    const { send, asked } = setUp([userOf()], { userId: 'hanako-1', status: 'CONFIRMED' });
    const answer = await send('createUser', admin, { body: { email: 'hanako@example.com' } });
    expect([answer.status, answer.body.title, asked]).toEqual([409, 'UserExists', []]);
  });

  test.each([['platform-admin'], ['staff', 'platform-admin'], [], ['staff', 'staff'], ['boss']])(
    'P8 S3-05 never gives the roles %j %j',
    async (...roles) => {
      const { send, asked } = setUp();
      const answer = await send('createUser', admin, { body: { email: 'eve@example.com', roles } });
      expect([answer.status, asked]).toEqual([400, []]);
    },
  );
});

describe('changing a user', () => {
  test('S3-04 S3-05 changes the account and the user', async () => {
    const { send, asked } = setUp();
    const body = { status: 'DISABLED', roles: ['staff'] };
    const answer = await send('updateUser', admin, { ...of('hanako-1'), body });
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'DISABLED', version: 2, userRoles: [{ role: 'staff' }] },
    });
    expect(asked).toEqual(['staff shop-a/hanako@example.com', 'DISABLED shop-a/hanako@example.com']);
  });

  test('nobody changes the own status or roles', async () => {
    const { send, asked } = setUp([userOf({ userId: 'admin-1', roles: ['tenant-admin'] })]);
    const answer = await send('updateUser', admin, { ...of('admin-1'), body: { roles: ['staff'] } });
    expect([answer.status, answer.body.title, asked]).toEqual([403, 'Forbidden', []]);
  });

  test('P8 a tenant changes nothing of a platform admin, and makes none', async () => {
    const { send, asked } = setUp([userOf({ roles: ['platform-admin'] })]);
    for (const body of [{ status: 'DISABLED' }, { roles: ['customer'] }])
      expect((await send('updateUser', admin, { ...of('hanako-1'), body })).status).toBe(403);
    expect(
      (await setUp().send('updateUser', admin, { ...of('hanako-1'), body: { roles: ['platform-admin'] } })).status,
    ).toBe(400);
    expect(asked).toEqual([]);
  });

  test('a refused change touches no account', async () => {
    const { send, asked } = setUp();
    const body = { status: 'DISABLED', expectedVersion: 9 };
    expect((await send('updateUser', admin, { ...of('hanako-1'), body })).status).toBe(409);
    expect(asked).toEqual([]);
  });

  test('S3-04 a deleted user stays deleted', async () => {
    const decision = changeAccess(userOf(), { status: 'DELETED' }, {}, at());
    const { send } = setUp(decision.accepted ? [decision.fact] : []);
    const answer = await send('updateUser', admin, { ...of('hanako-1'), body: { status: 'ACTIVE' } });
    expect([answer.status, answer.body.title]).toEqual([409, 'UserDeleted']);
  });
});

describe('F-36 a lost device', () => {
  test('is taken away by an admin: the account, the user and its tokens know', async () => {
    const { send, asked, users } = setUp([{ ...userOf(), totpSince: '2026-11-21T08:00:00.000Z' }]);
    const { status, body } = await send('updateUser', admin, { ...of('hanako-1'), body: { totp: 'reset' } });
    expect([status, body.totpSince]).toEqual([200, undefined]);
    expect(asked).toEqual(['reset totp shop-a/hanako@example.com']);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })).toMatchObject({
      tokensNotBefore: eight + 60,
      status: 'ACTIVE',
    });
  });

  test('is not one’s own to take away', async () => {
    const { send, asked } = setUp();
    const answer = await send(
      'updateUser',
      { ...admin, userId: 'hanako-1' },
      { ...of('hanako-1'), body: { totp: 'reset' } },
    );
    expect([answer.status, asked]).toEqual([403, []]);
  });
});
