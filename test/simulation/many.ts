import type { PlantedBug } from './planted-bug';
import { type Report, simulate } from './simulate';
import type { Run } from './simulation';

export type Totals = { seeds: number; faults: number; orders: number; steps: number };

/** How few seeds show a bug. */
export const mostSeeds = 100;

/** A seed that shows a bug by the promise it is planted for: the one that did the last time, else the first that does. */
export const seedThatShows = async (bug: PlantedBug, last = 1): Promise<number | undefined> => {
  const others = Array.from({ length: mostSeeds }, (_, index) => index + 1).filter((seed) => seed !== last);
  for (const seed of [last, ...others]) {
    const { broken } = await simulate({ seed, ...bug });
    if (broken !== undefined && broken.promise === (bug.breaks ?? broken.promise)) return seed;
  }
  return undefined;
};

/** Runs seeds one after another until one breaks a promise. `progress` hears of each. */
export const simulateMany = async (
  { from, seeds, ...run }: Omit<Run, 'seed'> & { readonly from: number; readonly seeds: number },
  progress: (totals: Totals) => void = () => undefined,
): Promise<{ totals: Totals; failure: Report | undefined }> => {
  const totals: Totals = { seeds: 0, faults: 0, orders: 0, steps: 0 };
  for (let seed = from; seed < from + seeds; seed += 1) {
    const report = await simulate({ seed, ...run });
    totals.seeds += 1;
    totals.faults += report.faults.size;
    totals.orders += report.orders;
    totals.steps += report.steps;
    if (report.broken !== undefined) return { totals, failure: report };
    progress(totals);
  }
  return { totals, failure: undefined };
};

/**
 * Runs a seed once for each fault that it can meet at every `nth` place, with that fault alone. Returns how many those are.
 * Throws when one of them breaks a promise.
 */
export const oneFaultEach = async (run: Run, nth: number): Promise<number> => {
  const { places } = await simulate({ ...run, script: new Map() });
  const scripts = [...places]
    .filter((_, index) => index % nth === 0)
    .flatMap(([place, kinds]) => kinds.map((kind) => [place, kind] as const));
  for (const [place, kind] of scripts) {
    const report = await simulate({ ...run, script: new Map([[place, kind]]) });
    if (report.broken !== undefined) throw new Error(`${place}: ${kind} breaks ${report.broken.message}`);
  }
  return scripts.length;
};
