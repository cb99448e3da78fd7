/** The number of attempts and the delays between them. `random` returns 0 ≤ x < 1. */
export type Backoff = {
  readonly attempts: number;
  readonly baseMs: number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

export const jitteredBackoff: Backoff = {
  attempts: 8,
  baseMs: 10,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const pause = ({ baseMs, random, sleep }: Backoff, tried: number) => sleep(random() * baseMs * 2 ** tried);

/** Retries `attempt` with full jitter while `transient` accepts its error. Throws the last error. */
export const retry = async <T>(
  attempt: () => Promise<T>,
  transient: (error: unknown) => boolean,
  backoff: Backoff = jitteredBackoff,
): Promise<T> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= backoff.attempts || !transient(error)) throw error;
      await pause(backoff, tried);
    }
  }
};

/** The result of an attempt whose write failed because what it had read was changed in the meantime. */
export const conflict = Symbol('conflict');
export type Conflict = typeof conflict;

type Limit<Result> = Partial<Backoff> & {
  /** Returns the result after a conflict in every attempt. A string is the message of the error that is thrown. */
  readonly onExhausted: string | (() => Result);
};

const mostDoublings = 5; // many writers take many attempts, and none of them should wait for seconds

/**
 * Runs `attempt`, which reads, decides and writes on the condition of what it read, and runs it again after a conflict
 * and a random pause: writers that try again at once meet again. @default the attempts and pauses of `jitteredBackoff`
 */
export const retryOnConflict = async <Result>(
  limit: Limit<NoInfer<Result>>,
  attempt: (tried: number) => Promise<Result | Conflict>,
): Promise<Result> => {
  const { onExhausted, ...given } = limit;
  const backoff = { ...jitteredBackoff, ...given };
  for (let tried = 1; tried <= backoff.attempts; tried += 1) {
    const result = await attempt(tried);
    if (result !== conflict) return result;
    if (tried < backoff.attempts) await pause(backoff, Math.min(tried, mostDoublings));
  }
  if (typeof onExhausted === 'string') throw new Error(onExhausted);
  return onExhausted();
};
