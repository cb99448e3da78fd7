import * as z from 'zod';

const text = z.string().min(1);
const users = { USERS_TABLE: text };
const tenants = { TENANTS_TABLE: text };

/** Empty when the system keeps no accounts. */
const accounts = { USER_POOL_ID: z.string() };

/** Whether every role but customer needs an authenticator app. */
const totp = { TOTP_REQUIRED: z.stringbool({ truthy: ['true'], falsy: ['false'] }) };

/** Whose tokens the authorizer accepts. */
export const trustEnv = z.object({
  ...totp,
  /** Empty when no token is accepted. */
  ISSUER: z.string(),
  AUDIENCE: z.string(),
  /** The user pool that signs the tokens; empty without one. */
  USER_POOL_ID: z.string(),
  /** The URL of an external provider's keys; empty to use its discovery document. */
  JWKS_URI: z.string(),
  /** The required value of the claim `token_use`; empty when the issuer does not set it. */
  TOKEN_USE: z.string(),
  TENANT_CLAIM: text,
  ROLES_CLAIM: text,
});

export const authorizeEnv = trustEnv.extend({ ...users, ...tenants });

export const serveSignInEnv = z.object({ ...users, ...accounts, ...totp, CLIENT_ID: z.string() });

/** Function names with the operations that each handles. */
const Functions = z.record(z.string(), z.array(z.string()));

export const serveSessionEnv = serveSignInEnv.extend({
  SESSIONS_TABLE: text,
  SESSION_SECRET_ARN: text,
  AUTHORIZER_FUNCTION: text,
  ROUTE_FUNCTIONS: z.string().transform((json) => Functions.parse(JSON.parse(json))),
});

export const describeUserEnv = z.object(users);

export const eraseUserEnv = z.object({ ...users, ...accounts });

export const serveUsersEnv = z.object({ ...users, ...accounts });

export const serveTenantsEnv = z.object({ ...tenants, ...accounts });

export const relayUserEventsEnv = z.object({ TOPIC_ARN: text, PARKING_QUEUE_URL: z.url() });

export const relayTenantEventsEnv = relayUserEventsEnv;
