import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { type ProblemAnswer, refuse } from './answer';
import { type Caller, defaultLimits, groupsOf } from './caller';
import type { Incoming } from './request';

const windowMs = 10_000;
const windowsPerMinute = 60_000 / windowMs;
const largestBlock = 100;
const maxShares = 10_000;

/** A block of one window's requests that a function takes at once. */
export type Lease = {
  /** Identifies whose requests are counted, and in which window. */
  readonly bucket: string;
  readonly block: number;
  /** How many requests the window allows in total. */
  readonly limit: number;
  readonly expiresAt: Date;
};

export type RateLimitDeps = {
  /** Takes a block out of the window. Returns false when less than a block is left. */
  readonly lease: (lease: Lease) => Promise<boolean>;
  /** In milliseconds. */
  readonly now: () => number;
};

type Share = { left: number; refused: boolean };

const perWindow = (perMinute: number) => Math.max(1, Math.floor(perMinute / windowsPerMinute));

// a tenth of a small limit, so that concurrent functions together stay near it
const blockOf = (limit: number) => Math.min(largestBlock, Math.ceil(limit / 10));

/** Returns a hash of the parts, for a key that must not reveal them. */
export const hashedName = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('base64url').slice(0, 22);

/** Returns the unit by which an address is counted; for IPv6 its /64, since one subscriber has all addresses in it. */
const addressName = (sourceIp: string): string =>
  isIPv6(sourceIp) && !/^::ffff:/i.test(sourceIp) ? groupsOf(sourceIp).slice(0, 4).join(':') : sourceIp;

/** Returns the caller's bucket in the table of limits. */
export const callerBucket = ({ tenant, userId }: Caller, sourceIp: string) => {
  const name = userId === undefined ? `ip ${addressName(sourceIp)}` : `user ${userId}`;
  return `${tenant}#${hashedName(tenant, name)}`;
};

/** Counts per window of `lengthMs` (10 seconds): a window's first block is free, each further one is leased. */
export const windowCounter = ({ lease, now }: RateLimitDeps, lengthMs = windowMs) => {
  let start = 0;
  let shares = new Map<string, Share>();

  const shareOf = (name: string, block: number): Share => {
    const current = Math.floor(now() / lengthMs) * lengthMs;
    if (current !== start || shares.size >= maxShares) {
      start = current;
      shares = new Map();
    }
    const share = shares.get(name) ?? { left: block, refused: false };
    shares.set(name, share);
    return share;
  };

  return {
    /** Returns false when the window's `limit` is used up. */
    take: async (name: string, limit: number): Promise<boolean> => {
      const block = blockOf(limit);
      const share = shareOf(name, block);
      if (share.left <= 0 && !share.refused) {
        const expiresAt = new Date(start + 6 * lengthMs);
        const granted = await lease({ bucket: `${name}#${start}`, block, limit, expiresAt });
        if (granted) share.left += block;
        else share.refused = true;
      }
      if (share.left <= 0) return false;
      share.left -= 1;
      return true;
    },
    /** Returns an unused request to the current window. */
    putBack: (name: string): void => {
      const share = shares.get(name);
      if (share !== undefined) share.left += 1;
    },
    secondsLeft: () => Math.max(1, Math.ceil((start + lengthMs - now()) / 1000)),
  };
};

/** Returns 429 with `Retry-After`. */
export const tooManyRequests = (detail: string, seconds: number): ProblemAnswer =>
  refuse('TooManyRequests', detail, { headers: { 'retry-after': String(seconds) } });

/**
 * Returns 429 with `Retry-After` for a caller over its own limit or its tenant's. A caller is counted before its
 * tenant, so that a noisy one takes little from the tenant's other callers; no tenant affects another.
 */
export const rateLimiter = (deps: RateLimitDeps) => {
  const counter = windowCounter(deps);
  const refusal = (detail: string) => tooManyRequests(detail, counter.secondsLeft());

  return async (caller: Caller, { sourceIp }: Pick<Incoming, 'sourceIp'>): Promise<ProblemAnswer | undefined> => {
    const { tenantPerMinute, callerPerMinute } = caller.limits ?? defaultLimits;
    if (!(await counter.take(callerBucket(caller, sourceIp), perWindow(callerPerMinute))))
      return refusal('You send too many requests. Try again after the seconds in Retry-After.');
    if (!(await counter.take(`${caller.tenant}#`, perWindow(tenantPerMinute))))
      return refusal('This tenant sends too many requests. Try again after the seconds in Retry-After.');
    return undefined;
  };
};

/** How many requests a minute one address may send, counted before the caller is identified. */
export const addressPerMinute = 6000;

/**
 * Returns 429 with `Retry-After` for an address over `perMinute`. The first tenth needs no call to the table. Functions
 * with another limit count the address separately.
 */
export const addressLimiter = (deps: RateLimitDeps, perMinute = addressPerMinute) => {
  const counter = windowCounter(deps);
  const bucketOf = (sourceIp: string) => `#address#${hashedName('address', String(perMinute), addressName(sourceIp))}`;
  return async ({ sourceIp }: Pick<Incoming, 'sourceIp'>): Promise<ProblemAnswer | undefined> =>
    (await counter.take(bucketOf(sourceIp), perWindow(perMinute)))
      ? undefined
      : tooManyRequests(
          'Your address sends too many requests. Try again after the seconds in Retry-After.',
          counter.secondsLeft(),
        );
};

export type LimitAddress = ReturnType<typeof addressLimiter>;
