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

/** Retries `attempt` with full jitter while `transient` accepts its error. Throws the last error. */
export const retry = async <T>(
  attempt: () => Promise<T>,
  transient: (error: unknown) => boolean,
  { attempts, baseMs, random, sleep }: Backoff = jitteredBackoff,
): Promise<T> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tried >= attempts || !transient(error)) throw error;
      await sleep(random() * baseMs * 2 ** tried);
    }
  }
};
