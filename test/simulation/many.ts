import type { PlantedBug } from './planted-bug';
import { type Report, simulate } from './simulate';
import type { Run } from './simulation';

export type Totals = { seeds: number; faults: number; orders: number; steps: number };

/** How few seeds show a bug. */
export const mostSeeds = 100;

/** The first seed that shows a bug by the promise it is planted for. */
export const firstToShow = async (bug: PlantedBug): Promise<number | undefined> => {
  for (let seed = 1; seed <= mostSeeds; seed += 1) {
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
