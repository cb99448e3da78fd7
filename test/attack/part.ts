import type { Report } from '../../scripts/lib/terminal';

/** What did not hold. `match` finds the case again. */
export type Broken = { readonly what: string; readonly match?: string };

/** What a part of the attack has tried, and what did not hold. */
export type Outcome = { readonly tried: number; readonly broken: readonly Broken[] };

export type Settings = {
  readonly seed: number;
  /** A sample of the cases, chosen by the seed. */
  readonly short: boolean;
  /** Only cases whose name has this text. */
  readonly match?: string | undefined;
};

/** One kind of attack. */
export type Part = {
  readonly name: string;
  readonly what: string;
  /** Whether it is aimed at a running system; else at the sources, or at the routes in this process. */
  readonly needsSystem: boolean;
  readonly attack: (settings: Settings, report: Report) => Promise<Outcome>;
};
