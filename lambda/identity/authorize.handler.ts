import { userPoolKeysUrl } from '../kernel/aws-endpoint';
import { documentClient } from '../kernel/dynamodb';
import { addressLimiterOf, countingEnv } from '../kernel/edge';
import { readEnv } from '../kernel/env';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import { remember } from '../kernel/ttl-cache';
import { answerAuthorizer } from './answer-authorizer';
import { type AuthorizeDeps, authorize, judgeStanding } from './authorize';
import { authorizeEnv } from './env';
import { tenantStore } from './tenant.store';
import { termsOf } from './tenant-account';
import { discoveredKeys, remoteKeys, tokenVerifier } from './token.gateway';
import { userStore } from './user.store';
import { userKeyOf, userRowKey } from './user-row';

const env = readEnv(authorizeEnv);
const db = documentClient();
const users = userStore(env.USERS_TABLE, db);
const tenants = tenantStore(env.TENANTS_TABLE, db);

const keptMs = 15_000; // with the 30 s of API Gateway, whoever is disabled is out within a minute

const userByKey = remember((key) => users.get(userKeyOf(key)), keptMs);
const tenantByKey = remember(tenants.ofStorefront, keptMs);
const termsByTenant = remember(async (tenant) => termsOf(await tenants.get(trustedTenant(tenant))), keptMs);

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
  freshUserOf: users.get,
  createUser: users.create,
  tenantOf: tenantByKey,
  termsOf: async (tenant: Tenant) => (await termsByTenant(tenant)) ?? {},
  totpRequired: env.TOTP_REQUIRED,
  now: () => new Date(),
};

const limitAddress = addressLimiterOf(readEnv(countingEnv), db);

/** Tells API Gateway, and functions that ask by themselves, who calls. */
export const handler = answerAuthorizer({
  limitAddress,
  judge: authorize(deps),
  judgeStanding: judgeStanding(deps),
});
