import { userPoolKeysUrl } from '../kernel/aws/aws-endpoint';
import { documentClient } from '../kernel/dynamodb/dynamodb';
import { readEnv } from '../kernel/env';
import { addressLimiterOf, countingEnv } from '../kernel/http/middleware';
import { keyRingOf, sealingEnv } from '../kernel/sealing/sealing';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { cached } from '../kernel/ttl-cache';
import { type AuthorizeDeps, authorize, evaluateValidity } from './authorizer/authorize';
import { answerAuthorizer } from './authorizer/authorizer-response';
import { discoveredKeys, remoteKeys, tokenVerifier } from './authorizer/token.gateway';
import { authorizeEnv } from './env';
import { termsOf } from './tenants/tenant';
import { tenantStore } from './tenants/tenant.store';
import { findStoredUser, userStore } from './users/user.store';
import { userKeyOf, userRowKey } from './users/user-row';

const env = readEnv(authorizeEnv);
const db = documentClient();
const find = findStoredUser(env.USERS_TABLE, db);
const { create } = userStore(env.USERS_TABLE, db, keyRingOf(readEnv(sealingEnv), db));
const tenants = tenantStore(env.TENANTS_TABLE, db);

const cacheMs = 15_000; // with the 30 s of API Gateway, a disabled user is out within a minute

const userByKey = cached((key) => find(userKeyOf(key)), cacheMs);
const tenantByKey = cached(tenants.ofStorefront, cacheMs);
const termsByTenant = cached(async (tenant) => termsOf(await tenants.get(trustedTenant(tenant))), cacheMs);

const noIssuer = async () => ({ refusal: 'no issuer' });
const issuer = { issuer: env.ISSUER, audience: env.AUDIENCE, tokenUse: env.TOKEN_USE || undefined };

const keys = () => {
  if (env.USER_POOL_ID !== '') return remoteKeys(userPoolKeysUrl(env.USER_POOL_ID));
  return env.JWKS_URI === '' ? discoveredKeys(env.ISSUER) : remoteKeys(env.JWKS_URI);
};

const deps: AuthorizeDeps = {
  verify: env.ISSUER === '' ? noIssuer : tokenVerifier(issuer, keys()),
  names: { tenant: env.TENANT_CLAIM, roles: env.ROLES_CLAIM },
  userOf: (key) => userByKey(userRowKey(key)),
  freshUserOf: find,
  createUser: create,
  tenantOf: tenantByKey,
  termsOf: async (tenant: Tenant) => (await termsByTenant(tenant)) ?? {},
  totpRequired: env.TOTP_REQUIRED,
  now: () => new Date(),
};

const limitAddress = addressLimiterOf(readEnv(countingEnv), db);

/** Identifies callers, for API Gateway and for functions that invoke it directly. */
export const handler = answerAuthorizer({
  limitAddress,
  evaluate: authorize(deps),
  evaluateValidity: evaluateValidity(deps),
});
