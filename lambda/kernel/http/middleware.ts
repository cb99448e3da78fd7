import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { defaultTenant } from '../tenant';
import { guest } from './caller';
import { addressLimiter, rateLimiter } from './rate-limit';
import { leaseStore } from './rate-limit.store';
import type { Middleware } from './serve';
import { type WaitDeps, waitLimiter } from './wait-limit';

/** The origins whose pages may call the API, separated by spaces; `none`, or `*` for all. */
const originsEnv = z.object({
  CORS_ORIGINS: z
    .string()
    .min(1)
    .transform((text) => (text === 'none' ? [] : text.split(' '))),
});

/** The variables of a function that limits rates. */
export const countingEnv = z.object({ RATE_LIMITS_TABLE: z.string().min(1) });

/** The variables of a function whose construct has the prop `middleware`. */
export const middlewareEnv = originsEnv.extend(countingEnv.shape);

const countingIn = ({ RATE_LIMITS_TABLE }: z.output<typeof countingEnv>, db: DynamoDBDocumentClient) => ({
  lease: leaseStore(RATE_LIMITS_TABLE, db).lease,
  now: Date.now,
});

/** Returns what routes need to wait, with limits on concurrent waits. */
export const waitsOf = (env: z.output<typeof countingEnv>, db: DynamoDBDocumentClient): WaitDeps => ({
  waits: waitLimiter({ ...leaseStore(env.RATE_LIMITS_TABLE, db), now: Date.now }),
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

/** Returns a rate limiter by address, for functions without route middleware. */
export const addressLimiterOf = (env: z.output<typeof countingEnv>, db: DynamoDBDocumentClient, perMinute?: number) =>
  addressLimiter(countingIn(env, db), perMinute);

/**
 * Returns the middleware before the routes of every function: addresses, callers and tenants over their rate limit get
 * 429. The limits of callers and tenants come with the caller (`Caller.limits`).
 *
 * ```ts
 * export const handler = serve(routes, { … }, middlewareOf(readEnv(middlewareEnv), documentClient()));
 * ```
 *
 * A function that identifies callers itself adds its own: `{ ...middlewareOf(…), callerOf }`. In `lib/`, the prop
 * `middleware` of `ServiceFunction` sets the variables and grants the permission.
 */
export const middlewareOf = (env: z.output<typeof middlewareEnv>, db: DynamoDBDocumentClient): Middleware => ({
  limitAddress: addressLimiterOf(env, db),
  limit: rateLimiter(countingIn(env, db)),
  origins: env.CORS_ORIGINS,
});

/** Returns the middleware of public routes: callers are anonymous, so requests are counted by address only. */
export const openMiddlewareOf = (
  env: z.output<typeof countingEnv> & { readonly CORS_ORIGINS?: readonly string[] },
  db: DynamoDBDocumentClient,
  perMinute?: number,
): Middleware => ({
  limitAddress: addressLimiterOf(env, db, perMinute),
  callerOf: async () => guest(defaultTenant),
  ...(env.CORS_ORIGINS === undefined ? {} : { origins: env.CORS_ORIGINS }),
});
