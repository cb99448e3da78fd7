import { type AuthorizeDeps, authorize } from '../../lambda/identity/authorizer/authorize';
import { authorizerResponse } from '../../lambda/identity/authorizer/authorizer-response';
import { changeAccess, type User } from '../../lambda/identity/users/user';
import { at, eight, memoryUsers, shopA, shopB, userOf } from './people';

const claims = {
  iss: 'https://login.example.com',
  sub: 'hanako-1',
  iat: eight,
  email: 'hanako@example.com',
  email_verified: true,
  origin_jti: 'session-1',
  tenant: 'shop-a',
  roles: ['staff'],
};
const limits = { tenantPerMinute: 60, callerPerMinute: 30 };

const setUp = (given: Partial<AuthorizeDeps> = {}, ...known: User[]) => {
  const users = memoryUsers(...known);
  const evaluate = authorize({
    verify: async (token) => (token === 'good.token.here' ? { claims } : { refusal: 'ERR_JWT_EXPIRED' }),
    names: { tenant: 'tenant', roles: 'roles' },
    userOf: users.get,
    createUser: users.create,
    tenantOf: async (key) => (key === 'key-of-shop-b' ? shopB : undefined),
    termsOf: async (tenant) => ({ limits, suspended: tenant === 'shop-b' }),
    freshUserOf: users.get,
    totpRequired: false,
    now: () => at().now,
    ...given,
  });
  return { users, evaluate: (credentials: object) => evaluate({ requestId: 'request-1', ...credentials }) };
};

const good = { authorization: 'Bearer good.token.here' };

describe('S3-52 who calls', () => {
  test('is whom a good token names, with the roles, the log-in and the terms of the tenant', async () => {
    const { evaluate } = setUp({}, userOf());
    expect(await evaluate(good)).toEqual({
      caller: {
        tenant: 'shop-a',
        userId: 'hanako-1',
        email: 'hanako@example.com',
        roles: ['staff'],
        sessionId: 'session-1',
        limits,
        suspended: false,
      },
    });
  });

  test('S3-45 is known from the first token on', async () => {
    const { evaluate, users } = setUp();
    expect(await evaluate(good)).toHaveProperty('caller');
    expect(users.rows.all()).toHaveLength(1);
    expect(users.rows.get({ userId: 'shop-a#hanako-1' })).toMatchObject({
      version: 1,
      fact: { type: 'UserProfileCreated' },
    });
  });

  test('is the same user when two first tokens come at once', async () => {
    const { users } = setUp();
    const first = userOf();
    let asked = 0;
    const { evaluate } = setUp({
      userOf: async () => (asked++ === 0 ? undefined : first),
      createUser: async () => false,
    });
    expect(await evaluate(good)).toHaveProperty('caller');
    expect(users.rows.all()).toEqual([]);
  });

  test('is a guest of the default tenant, or of the shop whose key is sent, when there is no token', async () => {
    const { evaluate } = setUp();
    expect(await evaluate({})).toEqual({ caller: { tenant: 'default', roles: [], limits, suspended: false } });
    expect(await evaluate({ storefrontKey: 'key-of-shop-b' })).toEqual({
      caller: { tenant: 'shop-b', roles: [], limits, suspended: true },
    });
  });

  test.each([
    ['staff', undefined, 'refused'],
    ['tenant-admin', undefined, 'refused'],
    ['platform-admin', undefined, 'refused'],
    ['customer', undefined, 'let in'],
    ['staff', '2026-11-21T08:00:00.000Z', 'let in'],
  ])('F-36 where a second factor is required, a token of a %s with %p is %s', async (role, totpSince, outcome) => {
    const verify = async () => ({ claims: { ...claims, roles: [role] } });
    const { evaluate } = setUp({ verify, totpRequired: true }, { ...userOf(), totpSince });
    const judged = await evaluate(good);
    expect('caller' in judged ? 'let in' : 'refused').toBe(outcome);
  });

  test('F-36 whoever has just set up an authenticator app is let in though the cache does not know', async () => {
    const fresh = { ...userOf(), totpSince: '2026-11-21T08:00:00.000Z' };
    const { evaluate } = setUp({ totpRequired: true, freshUserOf: async () => fresh }, userOf());
    expect(await evaluate(good)).toHaveProperty('caller');
  });

  test('S4-49 P8 belongs to the tenant of the token, whatever storefront key comes with it', async () => {
    const { evaluate } = setUp({}, userOf());
    expect(await evaluate({ ...good, storefrontKey: 'key-of-shop-b' })).toMatchObject({ caller: { tenant: 'shop-a' } });
  });
});

describe('P8 nobody calls', () => {
  test.each([
    ['Bearer bad.token.here', 'ERR_JWT_EXPIRED'],
    ['Bearer', 'malformed'],
    ['Bearer x', 'malformed'],
    ['Basic YWRhOnBhc3M=', 'malformed'],
    ['good.token.here', 'malformed'],
    ['Bearer good.token.here, Bearer good.token.here', 'malformed'],
    ['Bearer a.b.c\nBearer good.token.here', 'malformed'],
    ['', 'malformed'],
  ])('with the header %j', async (authorization, refusal) => {
    const { evaluate } = setUp({}, userOf());
    expect(await evaluate({ authorization })).toEqual({ refusal });
    expect(await evaluate({ authorization, storefrontKey: 'key-of-shop-b' })).toEqual({ refusal }); // and is no guest
  });

  test.each(['unknown', '', '#STOREFRONT#', 'x'.repeat(200), 'a b'])(
    'with the storefront key %j',
    async (storefrontKey) => {
      const { evaluate } = setUp();
      expect(await evaluate({ storefrontKey })).toEqual({ refusal: 'unknown storefront key' });
    },
  );

  test.each(['DISABLED', 'DELETED'] as const)('S3-04 with the token of a user who is %s', async (status) => {
    const decision = changeAccess(userOf(), { status }, {}, at());
    const { evaluate } = setUp({}, decision.accepted ? decision.fact : userOf());
    expect(await evaluate(good)).toEqual({ refusal: 'not let in' });
  });

  test('with a token that names no tenant', async () => {
    const { evaluate, users } = setUp({ names: { tenant: 'organisation', roles: 'roles' } });
    expect(await evaluate(good)).toEqual({ refusal: 'no tenant' });
    expect(users.rows.all()).toEqual([]);
  });
});

describe('the authorizer response', () => {
  const arn = 'arn:aws:execute-api:us-east-1:111111111111:ordersystem/local/GET/orders/ORD-000001';

  test('holds for every route of the stage, so that a cached one says nothing about another route: roles are evaluated there', () => {
    const { policyDocument } = authorizerResponse({ tenant: shopA, userId: 'hanako-1', roles: ['customer'] }, arn);
    expect(policyDocument.Statement).toEqual([
      {
        Action: 'execute-api:Invoke',
        Effect: 'Allow',
        Resource: 'arn:aws:execute-api:us-east-1:111111111111:ordersystem/local/*',
      },
    ]);
  });

  test('denies whoever is nobody, and reveals nothing', () => {
    expect(authorizerResponse(undefined, arn)).toMatchObject({
      principalId: 'nobody',
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
    });
    expect(authorizerResponse(undefined, arn).context).toBeUndefined();
  });
});
