import { isProblem, type ProblemAnswer } from './answer';
import type { Caller } from './caller';
import { callerBucket, type RateLimitDeps, tooManyRequests } from './rate-limit';
import type { Incoming } from './request';

/** How long a request may wait; API Gateway times out after 29 seconds. */
export const longestWaitMs = 20_000;

/** How many waits one caller may begin within 20 seconds; at most twice as many overlap. */
export const callerWaits = 5;

/** The same for all callers of a tenant. */
export const tenantWaits = 25;

const waitSeconds = longestWaitMs / 1000;
const firstPauseMs = 250;
const longestPauseMs = 1000;

export type WaitLimitDeps = RateLimitDeps & {
  /** Returns the unused part of a lease to its window. */
  readonly giveBack: (unused: { readonly bucket: string; readonly amount: number }) => Promise<void>;
};

/** A wait in progress. */
export type Wait = { readonly end: () => Promise<void> };

type Who = { readonly caller: Caller } & Pick<Incoming, 'sourceIp'>;

/**
 * Limits the seconds that functions spend waiting. Each wait leases 20 seconds of its caller's and its tenant's window
 * and returns the unused ones; a killed function returns none, but the next window starts afresh.
 */
export const waitLimiter = ({ lease, giveBack, now }: WaitLimitDeps) => {
  const take = (bucket: string, waits: number, start: number): Promise<boolean> =>
    lease({ bucket, block: waitSeconds, limit: waits * waitSeconds, expiresAt: new Date(start + 6 * longestWaitMs) });

  const refusal = (detail: string, start: number) =>
    tooManyRequests(detail, Math.max(1, Math.ceil((start + longestWaitMs - now()) / 1000)));

  return {
    begin: async ({ caller, sourceIp }: Who): Promise<Wait | ProblemAnswer> => {
      const began = now();
      const start = Math.floor(began / longestWaitMs) * longestWaitMs;
      const own = `${callerBucket(caller, sourceIp)}#wait#${start}`;
      if (!(await take(own, callerWaits, start)))
        return refusal('You have too many waiting requests. Try again later, or without waitForVersion.', start);
      const shared = `${caller.tenant}#wait#${start}`;
      if (!(await take(shared, tenantWaits, start))) {
        await giveBack({ bucket: own, amount: waitSeconds });
        return refusal('This tenant has too many waiting requests. Try again later, or without waitForVersion.', start);
      }
      return {
        end: async () => {
          const amount = Math.floor(waitSeconds - (now() - began) / 1000);
          if (amount > 0) await Promise.all([own, shared].map((bucket) => giveBack({ bucket, amount })));
        },
      };
    },
  };
};

export type WaitLimiter = ReturnType<typeof waitLimiter>;

export type WaitDeps = {
  readonly waits: WaitLimiter;
  /** In milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

export type Expected<Found> = {
  readonly read: () => Promise<Found>;
  /** Whether waiting can end: the expected state is reached, or never will be. */
  readonly isEnough: (found: Found) => boolean;
};

const readUntil = async <Found>({ now, sleep }: WaitDeps, { read, isEnough }: Expected<Found>): Promise<Found> => {
  const end = now() + longestWaitMs;
  for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, longestPauseMs)) {
    await sleep(Math.min(pause, end - now()));
    const found = await read();
    if (isEnough(found) || now() >= end) return found;
  }
};

/**
 * Reads until `isEnough` or for 20 seconds and returns the last result. Returns 429 for a caller with too many waits.
 */
export const waitUntil = async <Found>(deps: WaitDeps, who: Who, expected: Expected<Found>) => {
  const first = await expected.read();
  if (expected.isEnough(first)) return first;
  const wait = await deps.waits.begin(who);
  if (isProblem(wait)) return wait;
  try {
    return await readUntil(deps, expected);
  } finally {
    await wait.end();
  }
};
