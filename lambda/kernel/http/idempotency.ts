import { createHash } from 'node:crypto';
import { IdempotencyKey } from '../../contracts/api/request-headers';
import type { Claim } from '../dynamodb/claim';
import { isProblem, type ProblemAnswer, wrongFields } from './answer';
import { fieldErrors } from './input';
import type { Incoming } from './request';

const claimDays = 7;

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Returns the header `Idempotency-Key`, or a 400 problem with this detail when it is missing or wrong. */
export const parseIdempotencyKey = ({ header }: Incoming, detail: string): { key: string } | ProblemAnswer => {
  const parsed = IdempotencyKey.safeParse(header('idempotency-key'));
  return parsed.success
    ? { key: parsed.data }
    : wrongFields(fieldErrors(parsed.error.issues, '/headers/Idempotency-Key'), detail);
};

/** Returns an idempotency key as it is stored. A key belongs to a scope: a caller, and a route if it has several. */
export const storedKey = (scope: string, key: string): string => sha256(`${scope} ${key}`);

type Claiming = {
  readonly scope: string;
  /** What the request asks for. Under the same key it must be the same. */
  readonly content: unknown;
  readonly now: Date;
  /** The detail of the problem with a missing or wrong key. */
  readonly detail: string;
};

/** Returns the request's claim on its `Idempotency-Key`, or a 400 problem when the key is missing or wrong. */
export const claimOf = (request: Incoming, { scope, content, now, detail }: Claiming): Claim | ProblemAnswer => {
  const parsed = parseIdempotencyKey(request, detail);
  if (isProblem(parsed)) return parsed;
  return {
    key: storedKey(scope, parsed.key),
    requestHash: sha256(JSON.stringify(content)),
    expiresAt: new Date(now.getTime() + claimDays * 86_400_000),
  };
};

/** Like `claimOf`, but the key may be missing. */
export const optionalClaimOf = (request: Incoming, claiming: Claiming): Claim | ProblemAnswer | undefined =>
  request.header('idempotency-key') === undefined ? undefined : claimOf(request, claiming);

/** The header of a response that repeats the stored result of an earlier request. */
export const replayed = { 'idempotency-replayed': 'true' } as const;
