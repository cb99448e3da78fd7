import type { Caller } from './caller';
import { isProblem, type ProblemAnswer } from './http';
import { callerBucket, type RateLimitDeps, tooManyRequests } from './rate-limit';
import type { Incoming } from './request';

/** How long a request may wait: API Gateway gives up on a function after 29 seconds. */
export const longestWaitMs = 20_000;

/** How many waits one caller may begin within 20 seconds; twice as many last at one moment at most. */
export const callerWaits = 5;

/** The same for all callers of a tenant. */
export const tenantWaits = 25;

const waitSeconds = longestWaitMs / 1000;
const firstPauseMs = 250;
const longestPauseMs = 1000;

export type WaitLimitDeps = RateLimitDeps & {
  /** Puts a part of a lease back into its window. */
  readonly giveBack: (unused: { readonly bucket: string; readonly amount: number }) => Promise<void>;
};

/** A wait that has begun. */
export type Wait = { readonly end: () => Promise<void> };

type Who = { readonly caller: Caller } & Pick<Incoming, 'sourceIp'>;

/**
 * Counts the seconds that functions spend waiting. Each wait leases 20 seconds of its caller's and its tenant's window and
 * gives back what it did not use; those of a function that died are back with the next window.
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
        return refusal('You wait for too much at once. Ask again without waitForVersion, or later.', start);
      const everybodys = `${caller.tenant}#wait#${start}`;
      if (!(await take(everybodys, tenantWaits, start))) {
        await giveBack({ bucket: own, amount: waitSeconds });
        return refusal('Too many of this tenant wait at once. Ask again without waitForVersion, or later.', start);
      }
      return {
        end: async () => {
          const amount = Math.floor(waitSeconds - (now() - began) / 1000);
          if (amount > 0) await Promise.all([own, everybodys].map((bucket) => giveBack({ bucket, amount })));
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
  /** Whether it is what is waited for, or will never be. */
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

/** Returns what is read once it is enough, or as it is after 20 seconds; refuses who waits for too much at once. */
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
