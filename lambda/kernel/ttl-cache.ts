/** How long an entry is good, and how many there are at most. */
export type TtlCacheLimits = { readonly ageMs: number; readonly entries: number };

type Entry<Value> = { readonly value: Value; readonly at: number };

const entriesOf = <Value>({ ageMs, entries }: TtlCacheLimits, now: () => number) => {
  const kept = new Map<string, Entry<Value>>(); // in the order of their use, the longest unused first

  const get = (key: string): Value | undefined => {
    const entry = kept.get(key);
    if (entry === undefined) return undefined;
    kept.delete(key);
    if (now() - entry.at >= ageMs) return undefined;
    kept.set(key, entry);
    return entry.value;
  };

  const set = (key: string, value: Value, at = now()): void => {
    kept.delete(key);
    kept.set(key, { value, at });
    const [oldest] = kept.keys();
    if (kept.size > entries && oldest !== undefined) kept.delete(oldest);
  };

  return { get, set };
};

/**
 * Keeps values for a while. When it is full, the one that was not used for the longest time goes. Requests for the same
 * key share one question; a question that fails, or finds nothing, is asked again each time.
 */
export const ttlCache = <Value>(limits: TtlCacheLimits, now: () => number = Date.now) => {
  const { get, set } = entriesOf<Value>(limits, now);
  const asked = new Map<string, Promise<Value | undefined>>();

  const ask = async (key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> => {
    const at = now();
    try {
      const value = await Promise.resolve().then(read); // one that throws at once must not be kept as asked
      if (value !== undefined) set(key, value, at);
      return value;
    } finally {
      asked.delete(key);
    }
  };

  const joined = (key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> => {
    const question = asked.get(key) ?? ask(key, read);
    asked.set(key, question);
    return question;
  };

  return {
    /** Returns the value of a key, if it is good still. */
    get,

    /** Keeps a value from `at` on. @default from now on */
    set,

    /** Returns the value of a key. Reads it when it is not kept, once for all who ask at the same time. */
    read: async <Read extends Value | undefined>(key: string, read: () => Promise<Read>): Promise<Value | Read> => {
      const value = get(key);
      return value === undefined ? ((await joined(key, read)) as Read) : value;
    },
  };
};

const maxKept = 10_000;

/** Returns a question whose answers are kept for `ms`, by their names. What is not there is asked for each time. */
export const cached = <Answer>(
  ask: (name: string) => Promise<Answer | undefined>,
  ms: number,
  now: () => number = Date.now,
): ((name: string) => Promise<Answer | undefined>) => {
  const cache = ttlCache<Answer>({ ageMs: ms, entries: maxKept }, now);
  return (name) => cache.read(name, () => ask(name));
};
