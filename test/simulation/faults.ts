import { unitOf } from './random';

/** What goes wrong, by place: `stock.tryReserve#2` is the second time that somebody calls it. */
export type FaultScript = ReadonlyMap<string, string>;

export type Chances = Readonly<Record<string, number>>;

/** Decides at each place that may fail whether it does, and how. */
export type Faults = {
  /** One of the kinds, or nothing. Every query is another place. */
  readonly at: (place: string, chances: Chances) => string | undefined;
  /** From now on everything works. */
  readonly stop: () => void;
  /** What went wrong so far. */
  readonly fired: Map<string, string>;
  /** Every place so far, and what may go wrong there. */
  readonly places: Map<string, readonly string[]>;
};

type Decide = (place: string, chances: Chances) => string | undefined;

const faults = (decide: Decide, remember: boolean): Faults => {
  const asked = new Map<string, number>();
  const fired = new Map<string, string>();
  const places = new Map<string, readonly string[]>();
  let stopped = false;
  return {
    at: (place, chances) => {
      if (stopped) return undefined;
      const count = (asked.get(place) ?? 0) + 1;
      asked.set(place, count);
      const numbered = `${place}#${count}`;
      if (remember) places.set(numbered, Object.keys(chances));
      const kind = decide(numbered, chances);
      if (kind !== undefined) fired.set(numbered, kind);
      return kind;
    },
    stop: () => {
      stopped = true;
    },
    fired,
    places,
  };
};

/** How many times as often faults of a kind come. */
export type Favour = Readonly<Record<string, number>>;

/** Faults that follow from the seed. `intensity` multiplies every chance; with 0 nothing goes wrong. */
export const seededFaults = (seed: number, intensity: number, favour: Favour = {}): Faults =>
  faults((place, chances) => {
    let left = unitOf(seed, place) / intensity;
    for (const kind in chances) {
      left -= (chances[kind] ?? 0) * (favour[kind] ?? 1);
      if (left < 0) return kind;
    }
    return undefined;
  }, false);

/** Nothing goes wrong but that a share of the webhooks is lost, until the end. */
export const lostWebhooks = (seed: number, share: number): Faults => ({
  ...faults((place) => (place.startsWith('webhook#') && unitOf(seed, place) < share ? 'lost' : undefined), false),
  stop: () => undefined,
});

/** Exactly these faults, wherever they are possible. */
export const scriptedFaults = (script: FaultScript): Faults =>
  faults((place, chances) => {
    const kind = script.get(place);
    return kind !== undefined && kind in chances ? kind : undefined;
  }, true);
