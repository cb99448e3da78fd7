import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { defaultTenant } from '../tenant';
import { guest } from './caller';
import type { Middleware } from './http';
import { addressLimiter, rateLimiter } from './rate-limit';
import { leaseStore } from './rate-limit.store';
import { type WaitDeps, waitLimiter } from './wait-limit';

/** Whose pages may call the API: origins with blanks between them, `none`, or `*` for all. */
export const originsEnv = z.object({
  CORS_ORIGINS: z
    .string()
    .min(1)
    .transform((text) => (text === 'none' ? [] : text.split(' '))),
});

/** What the variables of a function hold that counts. */
export const countingEnv = z.object({ RATE_LIMITS_TABLE: z.string().min(1) });

/** What a function's variables hold when its construct is given an `middleware`. */
export const middlewareEnv = originsEnv.extend(countingEnv.shape);

const countingIn = ({ RATE_LIMITS_TABLE }: z.output<typeof countingEnv>, db: DynamoDBDocumentClient) => ({
  lease: leaseStore(RATE_LIMITS_TABLE, db).lease,
  now: Date.now,
});

/** Counts the waits of requests. */
export const waitsOf = (env: z.output<typeof countingEnv>, db: DynamoDBDocumentClient): WaitDeps => ({
  waits: waitLimiter({ ...leaseStore(env.RATE_LIMITS_TABLE, db), now: Date.now }),
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

/** Counts the requests of addresses where no route's middleware does. */
export const addressLimiterOf = (env: z.output<typeof countingEnv>, db: DynamoDBDocumentClient, perMinute?: number) =>
  addressLimiter(countingIn(env, db), perMinute);

/**
 * What stands before the routes of every function: addresses, callers and tenants that send too much are answered 429. The
 * limits of callers and tenants come with the caller (`Caller.limits`).
 *
 * ```ts
 * export const handler = serve(routes, { … }, middlewareOf(readEnv(middlewareEnv), documentClient()));
 * ```
 *
 * A function that finds out by itself who calls adds its own: `{ ...middlewareOf(…), callerOf }`. In `lib/`, the prop `middleware` of
 * `ServiceFunction` gives the function the variables and the permission.
 */
export const middlewareOf = (env: z.output<typeof middlewareEnv>, db: DynamoDBDocumentClient): Middleware => ({
  limitAddress: addressLimiterOf(env, db),
  limit: rateLimiter(countingIn(env, db)),
  origins: env.CORS_ORIGINS,
});

/** The same for routes of everybody: whoever calls is nobody's customer, so addresses alone are counted. */
export const openMiddlewareOf = (
  env: z.output<typeof countingEnv> & { readonly CORS_ORIGINS?: readonly string[] },
  db: DynamoDBDocumentClient,
  perMinute?: number,
): Middleware => ({
  limitAddress: addressLimiterOf(env, db, perMinute),
  callerOf: async () => guest(defaultTenant),
  ...(env.CORS_ORIGINS === undefined ? {} : { origins: env.CORS_ORIGINS }),
});
