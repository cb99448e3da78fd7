import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Edge } from './http';
import { originsEnv } from './origins';
import { rateLimiter } from './rate-limit';
import { leaseStore } from './rate-limit.store';

/** What a function's variables hold when its construct is given an `edge`. */
export const edgeEnv = originsEnv.extend({ RATE_LIMITS_TABLE: z.string().min(1) });

/**
 * What stands before the routes of every function: callers and tenants that send too much are answered 429. The limits
 * come with the caller (`Caller.limits`).
 *
 * ```ts
 * export const handler = serve(routes, { … }, edgeOf(readEnv(edgeEnv), documentClient()));
 * ```
 *
 * A function that finds out by itself who calls adds its own: `{ ...edgeOf(…), callerOf }`. In `lib/`, the prop `edge` of
 * `ServiceFunction` gives the function the variables and the permission.
 */
export const edgeOf = (
  { RATE_LIMITS_TABLE, CORS_ORIGINS }: z.output<typeof edgeEnv>,
  db: DynamoDBDocumentClient,
): Edge => ({
  limit: rateLimiter({ lease: leaseStore(RATE_LIMITS_TABLE, db).lease, now: Date.now }),
  origins: CORS_ORIGINS,
});
