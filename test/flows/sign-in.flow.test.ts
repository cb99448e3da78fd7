import { createHmac, randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Accounts, enrol, findAccounts, type Person, tokenOf } from '../../scripts/lib/people/accounts';
import { openTenant } from '../../scripts/lib/people/sign-in';
import type { System } from '../../scripts/lib/system/system';
import { apiUrl, call, db, endpoint, eventually, mailbox } from '../support/flow';

const password = 'Correct-horse-1';
const system: System = { endpoint, region: 'us-east-1', apiUrl, topicArns: {}, queueUrls: {}, tableNames: [] };

let accounts: Accounts;
const names = { a: `t-${randomUUID().slice(0, 8)}`, b: `t-${randomUUID().slice(0, 8)}` };
const keys: Record<string, string> = {};

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const inShop = (tenant: string) => ({ 'x-storefront-key': keys[tenant] ?? '' });

const tokenFor = async (person: Person): Promise<string> => {
  await enrol(accounts, person, password);
  return tokenOf(accounts, person, password);
};
const admin = (tenant: string): Person => ({ tenant, email: 'admin@example.com', role: 'tenant-admin' });

beforeAll(async () => {
  const found = await findAccounts(system);
  if (found === undefined) throw new Error('the stack keeps no accounts');
  accounts = found;
  for (const tenant of Object.values(names)) {
    await openTenant(system, accounts, tenant);
    const path = `/tenants/${tenant}/storefront-keys`;
    const { status, body } = await call('POST', path, { headers: bearer(await tokenFor(admin(tenant))) });
    if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    keys[tenant] = body.storefrontKey;
  }
});

const addressOf = () => `canary-${randomUUID().slice(0, 8)}@example.com`;

const codeFor = (email: string, which: number) =>
  eventually(`${email} gets mail ${which}`, async () => {
    const mails = (await mailbox()).filter(({ To }) => To.includes(email));
    return /\b(\d{6})\b/.exec(mails[which]?.BodyText ?? '')?.[1];
  });

const signUp = async (tenant: string, email: string, mails = 0) => {
  const displayName = '山田花子';
  const signed = await call('POST', '/auth/sign-up', json({ email, password, displayName }, inShop(tenant)));
  const code = await codeFor(email, mails);
  const confirmed = await call('POST', '/auth/confirm', json({ email, code, password }, inShop(tenant)));
  expect([signed.status, confirmed.status]).toEqual([202, 204]);
};

const logIn = (tenant: string, email: string, secret = password) =>
  call('POST', '/auth/log-in', json({ email, password: secret }, inShop(tenant)));

const me = (token: string) => call('GET', '/users/me', { headers: bearer(token) });

describe('a customer of a shop', () => {
  const email = addressOf();
  let tokens: { idToken: string; refreshToken: string };

  test('S1-04 S1-05 S1-06 signs up, confirms the address, logs in, and is known', async () => {
    await signUp(names.a, email);
    const answer = await logIn(names.a, email);
    expect(answer.status).toBe(200);
    tokens = answer.body;
    const { status, body } = await me(tokens.idToken);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenantId: names.a,
      email,
      displayName: '山田花子',
      status: 'ACTIVE',
      emailVerified: true,
    });
    expect(body.userRoles).toMatchObject([{ role: 'customer' }]);
  });

  test('S3-44 S3-45 is published: the profile and the log-in are facts of one row', async () => {
    const { body } = await me(tokens.idToken);
    const { Item } = await db.send(
      new GetCommand({ TableName: 'users', Key: { userId: `${names.a}#${body.userId}` }, ConsistentRead: true }),
    );
    expect(Item).toMatchObject({ fact: { type: 'UserAuthenticated' }, version: 2, lastLoginAt: expect.any(String) });
  });

  test('S3-05 gets another token for the refresh token', async () => {
    const { status, body } = await call('POST', '/auth/refresh', json({ refreshToken: tokens.refreshToken }));
    expect([status, body.tokenType, body.expiresIn]).toEqual([200, 'Bearer', 3600]);
    expect((await me(body.idToken)).status).toBe(200);
  });

  test('S3-05 logs out, and within a minute no token of the log-in is good for anything', async () => {
    const out = await call(
      'POST',
      '/auth/log-out',
      json({ refreshToken: tokens.refreshToken }, bearer(tokens.idToken)),
    );
    expect(out.status).toBe(204);
    await eventually('the token is refused', async () => (await me(tokens.idToken)).status === 401, 60_000);
    const again = await call('POST', '/auth/refresh', json({ refreshToken: tokens.refreshToken }));
    expect([again.status, again.body.title]).toEqual([401, 'InvalidCredentials']);
  });

  test('S1-04 sets a new password with the code of an e-mail, and the old one is good no more', async () => {
    expect((await call('POST', '/auth/forgot-password', json({ email }, inShop(names.a)))).status).toBe(202);
    const code = await codeFor(email, 1);
    const reset = { email, code, password: 'Another-horse-2' };
    expect((await call('POST', '/auth/reset-password', json(reset, inShop(names.a)))).status).toBe(204);
    expect((await logIn(names.a, email)).status).toBe(401);
    expect((await logIn(names.a, email, 'Another-horse-2')).status).toBe(200);
  });

  test('P8 cannot be told from nobody by whoever guesses', async () => {
    const strip = ({ status, body }: Awaited<ReturnType<typeof call>>) => ({
      status,
      body: { ...body, correlationId: '' },
    });
    const stranger = addressOf();
    expect(strip(await logIn(names.a, email, 'Wrong-horse-3'))).toEqual(
      strip(await logIn(names.a, stranger, 'Wrong-horse-3')),
    );
    for (const path of ['/auth/sign-up', '/auth/forgot-password'] as const) {
      const body = (address: string) => ({ email: address, ...(path === '/auth/sign-up' && { password }) });
      const known = await call('POST', path, json(body(email), inShop(names.a)));
      const unknown = await call('POST', path, json(body(stranger), inShop(names.a)));
      expect(strip(known)).toEqual(strip(unknown));
    }
  });
});

test('S4-02 S4-03 P8 the same address is somebody else in another shop', async () => {
  const email = addressOf();
  await signUp(names.a, email);
  expect((await logIn(names.b, email)).status).toBe(401);
  await signUp(names.b, email, 1);
  const [inA, inB] = [await logIn(names.a, email), await logIn(names.b, email)];
  const [userA, userB] = [await me(inA.body.idToken), await me(inB.body.idToken)];
  expect([userA.body.tenantId, userB.body.tenantId]).toEqual([names.a, names.b]);
  expect(userA.body.userId).not.toBe(userB.body.userId);
  const tokenOfB = await tokenFor(admin(names.b));
  const seen = await call('GET', `/users/${userA.body.userId}`, { headers: bearer(tokenOfB) });
  expect([seen.status, seen.body.title]).toEqual([404, 'UserNotFound']);
  const listed = await call('GET', '/users?limit=100', { headers: bearer(tokenOfB) });
  expect(JSON.stringify(listed.body)).not.toContain(userA.body.userId);
  expect((await call('GET', `/tenants/${names.a}`, { headers: bearer(tokenOfB) })).status).toBe(404);
});

test('S3-04 a disabled user is out within a minute, and cannot log in', async () => {
  const email = addressOf();
  await signUp(names.a, email);
  const { idToken } = (await logIn(names.a, email)).body;
  const { userId } = (await me(idToken)).body;
  const headers = bearer(await tokenFor(admin(names.a)));
  const change = await call('PATCH', `/users/${userId}`, json({ status: 'DISABLED' }, headers));
  expect([change.status, change.body.status]).toEqual([200, 'DISABLED']);
  await eventually('the user is out', async () => (await me(idToken)).status === 401, 60_000);
  expect((await logIn(names.a, email)).status).toBe(401);
  expect((await call('PATCH', `/users/${userId}`, json({ status: 'ACTIVE' }, headers))).status).toBe(200);
  expect((await logIn(names.a, email)).status).toBe(200);
});

describe('S1-06 S3-52 P8 a token', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  const forgeries = async (): Promise<Record<string, string>> => {
    const good = await tokenFor(admin(names.a));
    const [header = '', claims = '', signature = ''] = good.split('.');
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const platform = part({ ...said, 'cognito:groups': ['platform-admin'] });
    const hmac = `${part({ alg: 'HS256', kid: JSON.parse(Buffer.from(header, 'base64url').toString()).kid })}.${platform}`;
    return {
      'with changed claims': `${header}.${platform}.${signature}`,
      'that is not signed': `${part({ alg: 'none' })}.${platform}.`,
      'that is signed by a guess': `${hmac}.${createHmac('sha256', 'secret').update(hmac).digest('base64url')}`,
      'of an unknown key': `${part({ alg: 'RS256', kid: 'other' })}.${platform}.${signature}`,
      'that brings its key along': `${part({ alg: 'RS256', jku: `${endpoint}/jwks` })}.${platform}.${signature}`,
      'that is none': 'token',
      'for another use': (await refreshTokenOf(names.a)) ?? '',
    };
  };

  const refreshTokenOf = async (tenant: string): Promise<string | undefined> =>
    (await logIn(tenant, 'admin@example.com')).body.refreshToken;

  test('that somebody made is refused on every kind of route', async () => {
    const answers: unknown[] = [];
    for (const token of Object.values(await forgeries()))
      for (const path of ['/users/me', '/tenants', '/orders', '/products'])
        answers.push((await call('GET', path, { headers: bearer(token) })).status);
    expect(new Set(answers)).toEqual(new Set([401]));
  });

  test('that is missing is asked for, and a bad one is called bad', async () => {
    const none = await call('GET', '/users/me');
    const bad = await call('GET', '/users/me', { headers: bearer('a.b.c') });
    expect([none.status, none.body.title]).toEqual([401, 'TokenRequired']);
    expect([bad.status, bad.body.title]).toEqual([401, 'InvalidToken']);
    expect(none.headers.get('content-type')).toBe('application/problem+json');
  });

  test('that one route lets in is refused by another one, while the authorizer response to it is kept', async () => {
    const token = await tokenFor(admin(names.a));
    for (let n = 0; n < 2; n += 1) {
      expect((await call('GET', '/users', { headers: bearer(token) })).status).toBe(200);
      const tenants = await call('GET', '/tenants', { headers: bearer(token) });
      expect([tenants.status, tenants.body.title]).toEqual([403, 'Forbidden']);
    }
  });
});

test('P8 F-31 the password that comes with the code is the account’s, not that of a stranger who signed up first', async () => {
  const email = addressOf();
  const stranger = { email, password: 'Stranger-Password-1!', displayName: 'Stranger' };
  expect((await call('POST', '/auth/sign-up', json(stranger, inShop(names.a)))).status).toBe(202);
  await signUp(names.a, email);
  const { status, body } = await logIn(names.a, email);
  expect(status).toBe(200);
  expect((await me(body.idToken)).body.displayName).toBeUndefined();
  expect((await logIn(names.a, email, stranger.password)).status).toBe(401);
});

test('P8 F-31 whoever signs up an address between somebody’s sign-up and confirmation gets no account by it', async () => {
  const email = addressOf();
  const stranger = 'Stranger-Password-1!';
  const person = (secret: string) => json({ email, password: secret, displayName: 'Somebody' }, inShop(names.a));
  await call('POST', '/auth/sign-up', person(password));
  const code = await codeFor(email, 0);
  expect((await call('POST', '/auth/sign-up', person(stranger))).status).toBe(202);
  const confirmed = await call('POST', '/auth/confirm', json({ email, code, password }, inShop(names.a)));
  expect(confirmed.status).toBe(204);
  expect((await logIn(names.a, email, stranger)).status).toBe(401);
  expect((await logIn(names.a, email)).status).toBe(200);
});

test('F-32 of twenty sign-ups of one address at once, one is mailed', async () => {
  const email = addressOf();
  const body = json({ email, password }, inShop(names.a));
  const answers = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/auth/sign-up', body)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  await codeFor(email, 0);
  expect((await mailbox()).filter(({ To }) => To.includes(email))).toHaveLength(1);
});

test('S3-52 a noisy tenant is told to wait while another one is served', async () => {
  const platform: Person = { tenant: 'default', email: 'platform@example.com', role: 'platform-admin' };
  const limits = { tenantPerMinute: 60, callerPerMinute: 60 }; // ten in ten seconds
  const noisy = `t-${randomUUID().slice(0, 8)}`;
  await openTenant(system, accounts, noisy);
  const headers = bearer(await tokenFor(platform));
  expect((await call('PATCH', `/tenants/${noisy}`, json({ limits }, headers))).status).toBe(200);
  const loud = await tokenFor(admin(noisy));
  const quiet = await tokenFor(admin(names.b));
  const refused = await eventually('the noisy tenant is refused', async () => {
    const answer = await me(loud);
    return answer.status === 429 && answer;
  });
  expect(refused.body.title).toBe('TooManyRequests');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await me(quiet)).status).toBe(200);
});

test('a suspended shop is closed to its users and guests, and opens again', async () => {
  const platform: Person = { tenant: 'default', email: 'platform@example.com', role: 'platform-admin' };
  const tenant = `t-${randomUUID().slice(0, 8)}`;
  await openTenant(system, accounts, tenant);
  const headers = bearer(await tokenFor(platform));
  const token = await tokenFor(admin(tenant));
  expect((await call('PATCH', `/tenants/${tenant}`, json({ status: 'SUSPENDED' }, headers))).status).toBe(200);
  const closed = await eventually('the shop is closed', async () => {
    const answer = await me(token);
    return answer.status === 403 && answer;
  });
  expect(closed.body.title).toBe('TenantSuspended');
  expect((await call('PATCH', `/tenants/${tenant}`, json({ status: 'ACTIVE' }, headers))).status).toBe(200);
  await eventually('the shop is open', async () => (await me(token)).status === 200);
});
