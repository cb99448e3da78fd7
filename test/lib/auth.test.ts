import { readAuth } from '../../lib/auth';
import { synthesize } from './synthesize';

const oidc = { auth: 'oidc', issuer: 'https://login.example.com/', audience: 'order-system' };

describe('S3-05 who keeps the accounts', () => {
  test('is the stack itself, when nothing else is said', () =>
    expect(readAuth({}, 'prod')).toEqual({ kind: 'cognito' }));

  test('is any provider of OIDC tokens that the command line names', () => {
    expect(readAuth(oidc, 'prod')).toEqual({
      kind: 'oidc',
      issuer: 'https://login.example.com/',
      audience: 'order-system',
      jwksUri: undefined,
      tenantClaim: 'tenant',
      rolesClaim: 'roles',
    });
    const keycloak = {
      jwksUri: 'https://login.example.com/certs',
      tenantClaim: 'org',
      rolesClaim: 'realm_access.roles',
    };
    expect(readAuth({ ...oidc, ...keycloak }, 'prod')).toMatchObject(keycloak);
  });

  test.each([
    [{ auth: 'ldap' }, '-c auth=ldap: must be one of cognito, oidc, none'],
    [{ auth: 'oidc', audience: 'x' }, '-c auth=oidc needs an issuer: -c issuer=https://login.example.com/'],
    [{ ...oidc, audience: undefined }, '-c auth=oidc needs the audience of the tokens: -c audience=<your client ID>'],
    [{ ...oidc, audience: '' }, '-c auth=oidc needs the audience of the tokens: -c audience=<your client ID>'],
    [{ ...oidc, issuer: 'login' }, '-c issuer=login: must be a URL such as https://login.example.com/'],
    [{ ...oidc, issuer: 'http://login.example.com' }, '-c issuer=http://login.example.com: must be https'],
    [{ ...oidc, issuer: 'http://127.0.0.1:8080/' }, '-c issuer=http://127.0.0.1:8080/: must be https'],
    [{ ...oidc, jwksUri: 'https://localhost/certs' }, '-c jwksUri=https://localhost/certs: must be https'],
    [{ ...oidc, jwksUri: 'ftp://x' }, '-c jwksUri=ftp://x: must be a URL such as https://login.example.com/'],
    [{ ...oidc, rolesClaim: '' }, '-c rolesClaim=: must be the name of a claim'],
    [{ issuer: 'https://login.example.com/' }, '-c issuer=https://login.example.com/: needs -c auth=oidc'],
    [{ auth: 'cognito', audience: 'x' }, '-c audience=x: needs -c auth=oidc'],
    [{ auth: 'none', tenantClaim: 'x' }, '-c tenantClaim=x: needs -c auth=oidc'],
    [{ auth: 'none' }, '-c auth=none: nobody could sign in; only the local stage goes without, not prod'],
  ])('%j is told what is wrong', (given, message) => expect(() => readAuth(given, 'prod')).toThrow(message));

  test('P20 may be a provider on the host of a local AWS, by the name that containers have for it', () => {
    const host = 'http://host.docker.internal:8080/realms/shop';
    expect(readAuth({ ...oidc, issuer: host }, 'local')).toMatchObject({ issuer: host, jwksUri: undefined });
    const named = { issuer: 'http://localhost:8080/realms/shop', jwksUri: `${host}/certs` }; // it is never asked
    expect(readAuth({ ...oidc, ...named }, 'local')).toMatchObject(named);
    const where = 'must be https, or http://host.docker.internal:<port> for what runs on this machine';
    for (const [name, given] of Object.entries({ issuer: named.issuer, jwksUri: 'http://127.0.0.1:8080/certs' }))
      expect(() => readAuth({ ...oidc, [name]: given }, 'local')).toThrow(`-c ${name}=${given}: ${where}`);
    expect(() => readAuth({ ...oidc, ...named }, 'dev')).toThrow(`-c issuer=${named.issuer}: must be https`);
  });

  test('is nobody on a local AWS that has no user pool', () =>
    expect(readAuth({ auth: 'none' }, 'local')).toEqual({ kind: 'none' }));
});

describe('the accounts of the stack', () => {
  const { ofType } = synthesize('prod');
  const only = (type: string) => {
    const [found, ...others] = ofType(type);
    expect(others).toEqual([]);
    return found?.properties ?? {};
  };

  test('S1-04 ask for passwords that the contract asks for, and for addresses that are confirmed', () => {
    expect(only('Cognito::UserPool')).toMatchObject({
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
        },
      },
      AutoVerifiedAttributes: ['email'],
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      UsernameConfiguration: { CaseSensitive: false },
      DeletionProtection: 'INACTIVE',
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', From: 'orders@example.com' },
    });
  });

  test('S4-02 know people by tenant and address, not by address alone', () => {
    const { AliasAttributes, UsernameAttributes } = only('Cognito::UserPool');
    expect([AliasAttributes, UsernameAttributes]).toEqual([undefined, undefined]);
  });

  test('P8 have one client, with a secret, that reveals to nobody who exists and cannot write the tenant', () => {
    const client = only('Cognito::UserPoolClient');
    expect(client).toMatchObject({
      GenerateSecret: true,
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AllowedOAuthFlowsUserPoolClient: false,
      IdTokenValidity: 1,
      RefreshTokenValidity: 30,
    });
    expect(client.WriteAttributes).toEqual(['email', 'name']);
    expect(client.ReadAttributes).toEqual(['custom:tenant', 'email', 'email_verified', 'name']);
  });

  test('S3-02 have a group for each role, and no other', () => {
    const groups = ofType('Cognito::UserPoolGroup').map(({ properties }) => properties.GroupName);
    expect(groups.sort()).toEqual(['customer', 'platform-admin', 'staff', 'tenant-admin']);
  });

  test('are not there when another provider keeps them, or nobody does', () => {
    expect(synthesize('local', oidc).ofType('Cognito::UserPool')).toEqual([]);
    expect(synthesize('local', { auth: 'none' }).ofType('Cognito::UserPool')).toEqual([]);
  });
});

describe('the authorizer believes', () => {
  const variablesOf = (given: object) => {
    const { functions } = synthesize('local', given);
    return functions.find(({ label }) => label === 'identity/authorize')?.resource.properties.Environment.Variables;
  };

  test('S1-06 ID tokens of the own pool, and its tenant and groups', () => {
    const { ISSUER, USER_POOL_ID, JWKS_URI, TOKEN_USE, TENANT_CLAIM, ROLES_CLAIM } = variablesOf({});
    expect([TOKEN_USE, TENANT_CLAIM, ROLES_CLAIM]).toEqual(['id', 'custom:tenant', 'cognito:groups']);
    expect(JSON.stringify(ISSUER)).toContain('https://cognito-idp.us-east-1.');
    expect([USER_POOL_ID?.Ref, JWKS_URI]).toEqual([expect.stringMatching(/^IdentityAccountsUsers/), '']);
  });

  test('the tokens of the provider that is named', () => {
    expect(variablesOf({ ...oidc, jwksUri: 'https://login.example.com/certs' })).toMatchObject({
      ISSUER: 'https://login.example.com/',
      AUDIENCE: 'order-system',
      USER_POOL_ID: '',
      JWKS_URI: 'https://login.example.com/certs',
      TOKEN_USE: '',
      TENANT_CLAIM: 'tenant',
      ROLES_CLAIM: 'roles',
    });
  });

  test('nobody, where nobody keeps accounts', () => expect(variablesOf({ auth: 'none' }).ISSUER).toBe(''));
});

describe('F-36 B-24 the second factor', () => {
  const required = (stage: 'prod' | 'dev' | 'local') =>
    synthesize(stage)
      .ofType('Lambda::Function')
      .flatMap(({ properties }) => {
        const { TOTP_REQUIRED } = properties.Environment?.Variables ?? {};
        return TOTP_REQUIRED === undefined ? [] : [TOTP_REQUIRED];
      });

  test('is required of staff in prod by all that let anybody in: authorizer, sign-in and session', () => {
    expect(required('prod')).toEqual(['true', 'true', 'true']);
    expect(required('local')).toEqual(['false', 'false', 'false']);
  });

  test('is an authenticator app and no text message', () => {
    const [pool] = synthesize('prod').ofType('Cognito::UserPool');
    expect(pool?.properties).toMatchObject({ MfaConfiguration: 'OPTIONAL', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
  });
});
