/**
 * How a process talks to what is around it: each call is one moment at which its effect happens.
 * `conflict` is what the caller sees when a transaction's conflicts outlast its retries.
 */
export type Io = <T>(call: string, effect: () => T, conflict?: () => T) => Promise<T>;

/** Every call works, at once. */
export const directly: Io = async (_call, effect) => effect();
