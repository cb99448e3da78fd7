import { createHash } from 'node:crypto';
import type { ProblemAnswer } from './answer';
import { type Caller, defaultLimits } from './caller';
import type { Incoming } from './http-request';

const windowMs = 10_000;
const windowsPerMinute = 60_000 / windowMs;
const largestBlock = 100;

/** A share of one window's requests that a function asks for at once. */
export type Lease = {
  /** Names whose requests of which window are counted. */
  readonly bucket: string;
  readonly block: number;
  /** How many requests the window has in all. */
  readonly limit: number;
  readonly expiresAt: Date;
};

export type RateLimitDeps = {
  /** Takes a block out of the window. False when it holds no whole block any more. */
  readonly lease: (lease: Lease) => Promise<boolean>;
  /** In milliseconds. */
  readonly now: () => number;
};

type Share = { left: number; refused: boolean };

const perWindow = (perMinute: number) => Math.max(1, Math.floor(perMinute / windowsPerMinute));

// a tenth of a small limit, so that functions that do not know of each other stay near it
const blockOf = (limit: number) => Math.min(largestBlock, Math.ceil(limit / 10));

/** The caller's name in the table of limits: neither a user nor an address can be read from it. */
const callerBucket = ({ tenant, userId }: Caller, sourceIp: string) => {
  const name = userId === undefined ? `ip ${sourceIp}` : `user ${userId}`;
  return `${tenant}#${createHash('sha256').update(`${tenant} ${name}`).digest('base64url').slice(0, 22)}`;
};

/** Counts requests by windows of ten seconds: the first block of a window is free, each further one is leased. */
const windowCounter = ({ lease, now }: RateLimitDeps) => {
  let start = 0;
  let shares = new Map<string, Share>();

  const shareOf = (name: string, block: number): Share => {
    const current = Math.floor(now() / windowMs) * windowMs;
    if (current !== start) {
      start = current;
      shares = new Map();
    }
    const share = shares.get(name) ?? { left: block, refused: false };
    shares.set(name, share);
    return share;
  };

  return {
    take: async (name: string, perMinute: number): Promise<boolean> => {
      const limit = perWindow(perMinute);
      const block = blockOf(limit);
      const share = shareOf(name, block);
      if (share.left <= 0 && !share.refused) {
        const expiresAt = new Date(start + 6 * windowMs);
        const granted = await lease({ bucket: `${name}#${start}`, block, limit, expiresAt });
        if (granted) share.left += block;
        else share.refused = true;
      }
      if (share.left <= 0) return false;
      share.left -= 1;
      return true;
    },
    secondsLeft: () => Math.max(1, Math.ceil((start + windowMs - now()) / 1000)),
  };
};

/**
 * Refuses a caller that sends more than its own share, or than its tenant's: 429 with `Retry-After`. A tenant uses up its
 * own limit alone, and a caller is counted first, so that a noisy one takes little from its tenant's others.
 */
export const rateLimiter = (deps: RateLimitDeps) => {
  const counter = windowCounter(deps);

  const refusal = (detail: string): ProblemAnswer => ({
    status: 429,
    problem: 'TooManyRequests',
    detail,
    headers: { 'retry-after': String(counter.secondsLeft()) },
  });

  return async (caller: Caller, { sourceIp }: Pick<Incoming, 'sourceIp'>): Promise<ProblemAnswer | undefined> => {
    const { tenantPerMinute, callerPerMinute } = caller.limits ?? defaultLimits;
    if (!(await counter.take(callerBucket(caller, sourceIp), callerPerMinute)))
      return refusal('You send too many requests. Try again after the seconds in Retry-After.');
    if (!(await counter.take(`${caller.tenant}#`, tenantPerMinute)))
      return refusal('This tenant sends too many requests. Try again after the seconds in Retry-After.');
    return undefined;
  };
};
