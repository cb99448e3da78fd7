import { identityFrom } from '../../lambda/identity/authorizer/identity';

const names = { tenant: 'custom:tenant', roles: 'cognito:groups' };
const claims = {
  iss: 'https://login.example.com/pool',
  sub: '905b649d-aef7-4018-8ad5-4d4ac07c9c2b',
  iat: 1_795_248_000,
  email: 'Hanako@Example.com',
  email_verified: true,
  name: '山田花子',
  origin_jti: 'session-1',
  'custom:tenant': 'shop-a',
  'cognito:groups': ['staff', 'customer'],
};

describe('S4-49 whom the claims of a token name', () => {
  test('is one user of the tenant that the token says, with its roles', () => {
    expect(identityFrom(claims, names)).toEqual({
      tenant: 'shop-a',
      userId: '905b649d-aef7-4018-8ad5-4d4ac07c9c2b',
      email: 'hanako@example.com',
      emailVerified: true,
      displayName: '山田花子',
      roles: ['customer', 'staff'],
      sessionId: 'session-1',
      issuedAt: 1_795_248_000,
    });
  });

  test.each([
    [1_795_240_000, 1_795_240_000],
    [1_795_240_000_000, 1_795_248_000],
    ['1795240000', undefined],
    [undefined, undefined],
  ])('F-33 with auth_time %p is of a log-in at %p, never after the token', (auth_time, loggedInAt) => {
    expect(identityFrom({ ...claims, auth_time }, names)?.loggedInAt).toBe(loggedInAt);
  });

  test.each([undefined, '', 'Shop A', 'shop-a#ORD', '../shop-b', 7, ['shop-a'], null, 'x'.repeat(41)])(
    'P8 is nobody when the tenant is %p',
    (tenant) => expect(identityFrom({ ...claims, 'custom:tenant': tenant }, names)).toBeUndefined(),
  );

  test.each([
    ['a list', ['staff'], ['staff']],
    ['words', 'staff tenant-admin', ['staff', 'tenant-admin']],
    ['words that are no roles of ours', ['boss', 'root'], ['customer']],
    ['nothing', undefined, ['customer']],
    ['a name that objects have anyway', ['constructor', '__proto__'], ['customer']],
    ['a number', 7, ['customer']],
    ['one role twice', ['staff', 'staff'], ['staff']],
  ])('S3-05 has the roles of %s', (_what, given, roles) => {
    expect(identityFrom({ ...claims, 'cognito:groups': given }, names)?.roles).toEqual(roles);
  });

  test.each([
    ['https://shop.example/tenant', { 'https://shop.example/tenant': 'shop-b' }],
    ['app.tenant', { app: { tenant: 'shop-b' } }],
    ['tenant', { tenant: 'shop-b' }],
  ])('S3-05 is found by the claim that a provider calls %s', (tenant, more) => {
    const roles = 'realm_access.roles';
    const keycloak = { ...claims, ...more, realm_access: { roles: ['tenant-admin'] } };
    expect(identityFrom(keycloak, { tenant, roles })).toMatchObject({ tenant: 'shop-b', roles: ['tenant-admin'] });
  });

  test('a path of claims reaches nothing that objects have by themselves', () => {
    expect(identityFrom(claims, { tenant: 'constructor.name', roles: 'x' })).toBeUndefined();
  });

  test('S3-01 has an ID of ours when the provider writes its own in other characters', () => {
    const { userId } = identityFrom({ ...claims, sub: 'auth0|5f7c8ec7' }, names) ?? {};
    expect(userId).toMatch(/^u-[0-9a-f]{40}$/);
    expect(identityFrom({ ...claims, sub: 'auth0|5f7c8ec7' }, names)?.userId).toBe(userId);
    expect(identityFrom({ ...claims, sub: 'auth0|5f7c8ec8' }, names)?.userId).not.toBe(userId);
    expect(identityFrom({ ...claims, iss: 'https://b', sub: 'auth0|5f7c8ec7' }, names)?.userId).not.toBe(userId);
  });

  test('what a provider writes about a person is left out when it is not what we take', () => {
    const odd = { ...claims, email: 'nobody', email_verified: 'yes', name: 'x\u0000', origin_jti: 7 };
    expect(identityFrom(odd, names)).toMatchObject({
      email: undefined,
      emailVerified: false,
      displayName: undefined,
      sessionId: undefined,
    });
  });
});
