import { type Report, simulate } from './simulate';
import type { Run } from './simulation';

export type Totals = { seeds: number; faults: number; orders: number; steps: number };

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
