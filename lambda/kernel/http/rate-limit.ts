import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { type Caller, defaultLimits, groupsOf } from './caller';
import type { ProblemAnswer } from './http';
import type { Incoming } from './request';

const windowMs = 10_000;
const windowsPerMinute = 60_000 / windowMs;
const largestBlock = 100;
const maxShares = 10_000;

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

/** A name in the table of limits from which nothing that it was made of can be read. */
export const hashedName = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join(' ')).digest('base64url').slice(0, 22);

/** An address as it is counted: of IPv6 the network of one customer (/64), who has all addresses in it. */
const addressName = (sourceIp: string): string =>
  isIPv6(sourceIp) && !/^::ffff:/i.test(sourceIp) ? groupsOf(sourceIp).slice(0, 4).join(':').toLowerCase() : sourceIp;

/** The caller's name in the table of limits. */
export const callerBucket = ({ tenant, userId }: Caller, sourceIp: string) => {
  const name = userId === undefined ? `ip ${addressName(sourceIp)}` : `user ${userId}`;
  return `${tenant}#${hashedName(tenant, name)}`;
};

/** Counts by windows of ten seconds, or `lengthMs`: the first block of a window is free, each further one is leased. */
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
    /** False when the window has given `limit` away. */
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
    /** Puts one back that was taken in this window and not used. */
    putBack: (name: string): void => {
      const share = shares.get(name);
      if (share !== undefined) share.left += 1;
    },
    secondsLeft: () => Math.max(1, Math.ceil((start + lengthMs - now()) / 1000)),
  };
};

/** What whoever sends too much is answered with. */
export const tooManyRequests = (detail: string, seconds: number): ProblemAnswer => ({
  status: 429,
  problem: 'TooManyRequests',
  detail,
  headers: { 'retry-after': String(seconds) },
});

/**
 * Refuses a caller that sends more than its own share, or than its tenant's: 429 with `Retry-After`. A tenant uses up its
 * own limit alone, and a caller is counted first, so that a noisy one takes little from its tenant's others.
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

/** How many requests a minute one address may send, whoever is behind it, before anybody is asked who that is. */
export const addressPerMinute = 6000;

/** Refuses an address that sends more than `perMinute`: 429 with `Retry-After`. Asks nothing for the first tenth of it. */
export const addressLimiter = (deps: RateLimitDeps, perMinute = addressPerMinute) => {
  const counter = windowCounter(deps);
  return async ({ sourceIp }: Pick<Incoming, 'sourceIp'>): Promise<ProblemAnswer | undefined> =>
    (await counter.take(`#address#${hashedName('address', addressName(sourceIp))}`, perWindow(perMinute)))
      ? undefined
      : tooManyRequests(
          'Your address sends too many requests. Try again after the seconds in Retry-After.',
          counter.secondsLeft(),
        );
};

export type LimitAddress = ReturnType<typeof addressLimiter>;
