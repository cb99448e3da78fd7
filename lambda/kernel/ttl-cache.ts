/** The maximum number of entries, and the lifetime of each. @default `ageMs` forever */
export type TtlCacheLimits = { readonly entries: number; readonly ageMs?: number };

type Entry<Value> = { readonly value: Value; readonly at: number };

const entriesOf = <Value>({ entries, ageMs = Number.POSITIVE_INFINITY }: TtlCacheLimits, now: () => number) => {
  const cache = new Map<string, Entry<Value>>(); // least recently used first

  const get = (key: string): Value | undefined => {
    const entry = cache.get(key);
    if (entry === undefined) return undefined;
    cache.delete(key);
    if (now() - entry.at >= ageMs) return undefined;
    cache.set(key, entry);
    return entry.value;
  };

  const set = (key: string, value: Value, at = now()): void => {
    cache.delete(key);
    cache.set(key, { value, at });
    const [oldest] = cache.keys();
    if (cache.size > entries && oldest !== undefined) cache.delete(oldest);
  };

  return { get, set, forget: (key: string): boolean => cache.delete(key) };
};

/**
 * An LRU cache with a time to live. Concurrent reads of a key share one call. A call that fails or returns undefined is
 * not cached.
 */
export const ttlCache = <Value>(limits: TtlCacheLimits, now: () => number = Date.now) => {
  const { get, set, forget } = entriesOf<Value>(limits, now);
  const pending = new Map<string, Promise<Value | undefined>>();

  const load = async (key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> => {
    const at = now();
    const value = await read();
    if (value !== undefined) set(key, value, at);
    return value;
  };

  const loadShared = (key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> => {
    const call = pending.get(key) ?? load(key, read).finally(() => pending.delete(key));
    pending.set(key, call);
    return call;
  };

  return {
    /** Returns the cached value of a key, undefined when it is missing or expired. */
    get,

    /** Caches a value, as of the time `at`. @default now */
    set,

    /** Removes a key. A read of it that is under way may still cache its value. */
    forget,

    /** Returns the value of a key, by `read` when it is not cached; concurrent calls share one `read`. */
    read: async <Read extends Value | undefined>(key: string, read: () => Promise<Read>): Promise<Value | Read> => {
      const value = get(key);
      return value === undefined ? ((await loadShared(key, read)) as Read) : value;
    },
  };
};

const maxEntries = 10_000;

/** Returns `read` with its results cached for `ms`, by key. An undefined result is not cached. */
export const cached = <Value>(
  read: (key: string) => Promise<Value | undefined>,
  ms: number,
  now: () => number = Date.now,
): ((key: string) => Promise<Value | undefined>) => {
  const cache = ttlCache<Value>({ ageMs: ms, entries: maxEntries }, now);
  return (key) => cache.read(key, () => read(key));
};
