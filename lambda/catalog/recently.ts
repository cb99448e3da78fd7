type Recent<Value> = { readonly value: Value; readonly at: number };

/**
 * Remembers for a while what was read: a hot read costs one read of the table in `ageMs`. What is missing is asked for
 * again each time, so that whatever is new is there at once.
 */
export const recently = <Value>(
  { ageMs, entries }: { readonly ageMs: number; readonly entries: number },
  now: () => number,
) => {
  const known = new Map<string, Recent<Value>>();

  const remember = (key: string, value: Value) => {
    known.delete(key); // so that the map's order is the order of reading, oldest first
    known.set(key, { value, at: now() });
    const [oldest] = known.keys();
    if (known.size > entries && oldest !== undefined) known.delete(oldest);
  };

  return async <Read extends Value | undefined>(key: string, read: () => Promise<Read>): Promise<Value | Read> => {
    const entry = known.get(key);
    if (entry !== undefined && now() - entry.at < ageMs) return entry.value;
    const value = await read();
    if (value !== undefined) remember(key, value);
    return value;
  };
};
