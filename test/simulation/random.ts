/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** 0 ≤ x < 1. */
  readonly unit: () => number;
  /** A whole number, 0 ≤ x < `below`. */
  readonly below: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
};

/** mulberry32. */
const mulberry = (seed: number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const seededRandom = (seed: number): Random => {
  const unit = mulberry(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  const below = (limit: number) => Math.floor(unit() * limit);
  return {
    unit,
    below,
    chance: (probability) => unit() < probability,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
};

/** Never a surprise: the first of everything, and nothing happens by chance. */
export const calm: Random = {
  unit: () => 0,
  below: () => 0,
  chance: () => false,
  pick: ([first]) => {
    if (first === undefined) throw new Error('nothing to pick from');
    return first;
  },
};

/** The number that belongs to a name under a seed: FNV-1a, mixed. */
export const unitOf = (seed: number, name: string): number => {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return mulberry(hash)();
};
