import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { guest } from './caller';
import type { Edge } from './http';
import { originsEnv } from './origins';
import { addressLimiter, rateLimiter } from './rate-limit';
import { leaseStore } from './rate-limit.store';
import { defaultTenant } from './tenant';
import { type WaitDeps, waitLimiter } from './wait-limit';

/** What the variables of a function hold that counts. */
export const countingEnv = z.object({ RATE_LIMITS_TABLE: z.string().min(1) });

/** What a function's variables hold when its construct is given an `edge`. */
export const edgeEnv = originsEnv.extend(countingEnv.shape);

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

/** Counts the requests of addresses where no route's edge does. */
export const addressLimiterOf = (env: z.output<typeof countingEnv>, db: DynamoDBDocumentClient, perMinute?: number) =>
  addressLimiter(countingIn(env, db), perMinute);

/**
 * What stands before the routes of every function: addresses, callers and tenants that send too much are answered 429. The
 * limits of callers and tenants come with the caller (`Caller.limits`).
 *
 * ```ts
 * export const handler = serve(routes, { … }, edgeOf(readEnv(edgeEnv), documentClient()));
 * ```
 *
 * A function that finds out by itself who calls adds its own: `{ ...edgeOf(…), callerOf }`. In `lib/`, the prop `edge` of
 * `ServiceFunction` gives the function the variables and the permission.
 */
export const edgeOf = (env: z.output<typeof edgeEnv>, db: DynamoDBDocumentClient): Edge => ({
  limitAddress: addressLimiterOf(env, db),
  limit: rateLimiter(countingIn(env, db)),
  origins: env.CORS_ORIGINS,
});

/** The same for routes of everybody: whoever calls is nobody's customer, so addresses alone are counted. */
export const openEdgeOf = (
  env: z.output<typeof countingEnv> & { readonly CORS_ORIGINS?: readonly string[] },
  db: DynamoDBDocumentClient,
  perMinute?: number,
): Edge => ({
  limitAddress: addressLimiterOf(env, db, perMinute),
  callerOf: async () => guest(defaultTenant),
  ...(env.CORS_ORIGINS === undefined ? {} : { origins: env.CORS_ORIGINS }),
});
