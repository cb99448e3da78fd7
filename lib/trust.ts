import type { trustEnv } from '../lambda/identity/env';
import type { EnvFor } from '../lambda/kernel/env';
import type { Accounts } from './accounts';
import type { StageConfig } from './config';

/** The variables of the authorizer about tokens: issuer, audience, keys and claims. */
type Trust = EnvFor<typeof trustEnv>;

const noTrust: Trust = {
  ISSUER: '',
  AUDIENCE: '',
  USER_POOL_ID: '',
  JWKS_URI: '',
  TOKEN_USE: '',
  TENANT_CLAIM: 'tenant',
  ROLES_CLAIM: 'roles',
  TOTP_REQUIRED: 'false',
};

/** Returns whose tokens the authorizer accepts: those of the stack's user pool, of an external provider, or none. */
export const trustIn = ({ auth, totpRequired }: StageConfig, accounts: Accounts | undefined): Trust => {
  if (auth.kind === 'oidc')
    return {
      ISSUER: auth.issuer,
      AUDIENCE: auth.audience,
      USER_POOL_ID: '',
      JWKS_URI: auth.jwksUri ?? '',
      TOKEN_USE: '',
      TENANT_CLAIM: auth.tenantClaim,
      ROLES_CLAIM: auth.rolesClaim,
      TOTP_REQUIRED: 'false', // up to the provider
    };
  if (accounts === undefined) return noTrust;
  const { pool, client, issuer } = accounts;
  return {
    ISSUER: issuer,
    AUDIENCE: client.userPoolClientId,
    USER_POOL_ID: pool.userPoolId,
    JWKS_URI: '',
    TOKEN_USE: 'id',
    TENANT_CLAIM: 'custom:tenant',
    ROLES_CLAIM: 'cognito:groups',
    TOTP_REQUIRED: String(totpRequired),
  };
};
