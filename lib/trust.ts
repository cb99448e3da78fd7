import type { Construct } from 'constructs';
import type { authorizeEnv } from '../lambda/identity/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { Accounts } from './accounts';
import type { StageConfig } from './config';
import { serviceUrl } from './constructs/service-url';

/** What a token must say to be good for anything. */
type Trust = Omit<EnvFor<typeof authorizeEnv>, 'USERS_TABLE' | 'TENANTS_TABLE'>;

const noTrust: Trust = {
  ISSUER: '',
  AUDIENCE: '',
  JWKS_URI: '',
  TOKEN_USE: '',
  TENANT_CLAIM: 'tenant',
  ROLES_CLAIM: 'roles',
};

/** Whose tokens the authorizer believes: those of the stack's own accounts, of another provider, or nobody's. */
export const trustIn = (scope: Construct, config: StageConfig, accounts: Accounts | undefined): Trust => {
  const { auth } = config;
  if (auth.kind === 'oidc')
    return {
      ISSUER: auth.issuer,
      AUDIENCE: auth.audience,
      JWKS_URI: auth.jwksUri ?? '',
      TOKEN_USE: '',
      TENANT_CLAIM: auth.tenantClaim,
      ROLES_CLAIM: auth.rolesClaim,
    };
  if (accounts === undefined) return noTrust;
  const { pool, client, issuer } = accounts;
  return {
    ISSUER: issuer,
    AUDIENCE: client.userPoolClientId,
    JWKS_URI: `${serviceUrl(scope, config, 'cognito-idp')}/${pool.userPoolId}/.well-known/jwks.json`,
    TOKEN_USE: 'id',
    TENANT_CLAIM: 'custom:tenant',
    ROLES_CLAIM: 'cognito:groups',
  };
};
