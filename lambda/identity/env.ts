import * as z from 'zod';

const text = z.string().min(1);
const users = { USERS_TABLE: text };
const tenants = { TENANTS_TABLE: text };

/** Empty where the system keeps no accounts itself. */
const accounts = { USER_POOL_ID: z.string() };

export const authorizeEnv = z.object({
  ...users,
  ...tenants,
  /** Empty where no token is good. */
  ISSUER: z.string(),
  AUDIENCE: z.string(),
  /** Empty where the issuer's discovery document says it. */
  JWKS_URI: z.string(),
  /** What the claim `token_use` must be; empty where the issuer does not set it. */
  TOKEN_USE: z.string(),
  TENANT_CLAIM: text,
  ROLES_CLAIM: text,
});

export const serveSignInEnv = z.object({ ...users, ...accounts, CLIENT_ID: z.string() });

/** Names of functions with the operations that each answers. */
const Functions = z.record(z.string(), z.array(z.string()));

export const serveSessionEnv = serveSignInEnv.extend({
  SESSIONS_TABLE: text,
  SESSION_SECRET_ARN: text,
  SECRETS_URL: z.url(),
  SECRETS_REGION: text,
  AUTHORIZER_URL: z.url(),
  LAMBDA_REGION: text,
  /** Where Lambda invokes functions: `https://lambda.<region>.amazonaws.com/2015-03-31/functions`. */
  FUNCTIONS_URL: z.url(),
  ROUTE_FUNCTIONS: z.string().transform((json) => Functions.parse(JSON.parse(json))),
});

export const serveUsersEnv = z.object({ ...users, ...accounts });

export const serveTenantsEnv = z.object({ ...tenants, ...accounts });

export const relayUserEventsEnv = z.object({ TOPIC_ARN: text, PARKING_QUEUE_URL: z.url() });

export const relayTenantEventsEnv = relayUserEventsEnv;
