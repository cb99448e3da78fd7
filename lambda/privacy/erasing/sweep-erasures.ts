import { dueAfterFailure, readRow, tryToReschedule, UnreadableRowError } from '../../kernel/dynamodb/due-index';
import { type AdvanceDeps, type AdvanceOutcome, advanceErasure } from './advance-erasure';
import type { ErasureKey } from './erasure';
import type { DueErasure, ErasureStore } from './erasure.store';

export type SweepDeps = AdvanceDeps & {
  readonly erasures: AdvanceDeps['erasures'] & Pick<ErasureStore, 'due' | 'rescheduleUnreadable'>;
};

/** The result of a sweep. `failed` erasures stay due; `unfit` ones cannot be read and are rescheduled. */
export type SweepReport = {
  outcomes: Partial<Record<AdvanceOutcome, number>>;
  unfit: number;
  failed: { key: ErasureKey; error: unknown }[];
};

const mostDue = 100;
const atOnce = 5;

const fail = async ({ erasures, now }: SweepDeps, due: DueErasure, error: unknown, report: SweepReport) => {
  report.failed.push({ key: { tenant: due.tenant, erasureId: due.erasureId }, error });
  if (error instanceof UnreadableRowError) report.unfit += 1;
  const until = dueAfterFailure(error, due.dueAt, now());
  if (until !== undefined) await tryToReschedule(() => erasures.rescheduleUnreadable(due, until));
};

/**
 * Goes on with every erasure that is due: those that waited for an order, and those that nobody else goes on with. It
 * is the guarantee behind the queue.
 */
export const sweepErasures = async (deps: SweepDeps): Promise<SweepReport> => {
  const report: SweepReport = { outcomes: {}, unfit: 0, failed: [] };
  const erasures = { ...deps.erasures, get: (key: ErasureKey) => readRow(() => deps.erasures.get(key)) };
  const advance = advanceErasure({ ...deps, erasures });
  const sweepOne = async (due: DueErasure) => {
    try {
      const outcome = await advance(due);
      report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
    } catch (error) {
      await fail(deps, due, error, report);
    }
  };
  const due = await deps.erasures.due(deps.now(), mostDue);
  const start = deps.now().getTime();
  for (let at = 0; at < due.length && deps.now().getTime() - start < sweepMs; at += atOnce)
    await Promise.all(due.slice(at, at + atOnce).map(sweepOne));
  return report;
};

const sweepMs = 20_000; // then each may take some more; the next minute's sweep does the rest
