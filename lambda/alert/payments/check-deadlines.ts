import { dueAfterFailure, readRow, tryToReschedule, UnreadableRowError } from '../../kernel/dynamodb/due-index';
import { ownersToQuery, queryOwners } from './owners';
import type { DueOrder, OrderKey, OrderPaymentStore } from './payment-state.store';
import { type ReconcileDeps, updateOrderPayment } from './reconcile-payments';

export type DeadlineDeps = Omit<ReconcileDeps, 'states' | 'onUnanswered'> & {
  readonly states: Pick<OrderPaymentStore, 'get' | 'save' | 'due' | 'rescheduleUnreadable'>;
  readonly sleep: (ms: number) => Promise<void>;
};

/**
 * The result of a sweep. `failed` orders stay due for the next pass. Unreadable ones (`unfit`), and those that fail
 * repeatedly, are rescheduled to later.
 */
export type DeadlineReport = {
  passes: number;
  checked: number;
  unfit: number;
  failed: { key: OrderKey; error: unknown }[];
};

const everyMs = 10_000;
const untilMs = 50_000; // then the next minute's sweep takes over
const soonMs = 60_000;
const ordersPerShard = 200;
const atOnce = 20;

/** Reschedules an order that is unreadable or fails repeatedly, so that it does not block others that are due. */
const fail = async ({ states, now }: DeadlineDeps, due: DueOrder, error: unknown, report: DeadlineReport) => {
  const { tenant, orderId, dueAt } = due;
  report.failed.push({ key: { tenant, orderId }, error });
  if (error instanceof UnreadableRowError) report.unfit += 1;
  const until = dueAfterFailure(error, dueAt, now());
  if (until !== undefined) await tryToReschedule(() => states.rescheduleUnreadable(due, until));
};

/** Returns whether every check succeeded. */
const checkAll = async (deps: DeadlineDeps, due: readonly DueOrder[], report: DeadlineReport): Promise<boolean> => {
  const failedBefore = report.failed.length;
  const states = { ...deps.states, get: (key: OrderKey) => readRow(() => deps.states.get(key)) };
  const checkOne = async (one: DueOrder) => {
    const { tenant, orderId } = one;
    try {
      await updateOrderPayment({ ...deps, states }, { tenant, orderId }, async (known, moment) => {
        const owners = known === undefined ? [] : ownersToQuery(known, moment);
        return known && owners.length > 0 ? queryOwners(deps.query, known, owners, moment.now) : undefined;
      });
      report.checked += 1;
    } catch (error) {
      await fail(deps, one, error, report);
    }
  };
  for (let at = 0; at < due.length; at += atOnce) await Promise.all(due.slice(at, at + atOnce).map(checkOne));
  return report.failed.length === failedBefore;
};

/**
 * Checks due orders every 10 s for a minute, and ends early when none is due soon. It is the guarantee behind the
 * delayed messages: a lost message delays an alert but never loses it.
 */
export const checkDeadlines = async (deps: DeadlineDeps): Promise<DeadlineReport> => {
  const started = deps.now().getTime();
  const report: DeadlineReport = { passes: 0, checked: 0, unfit: 0, failed: [] };
  for (;;) {
    const now = deps.now();
    const soon = await deps.states.due(new Date(now.getTime() + soonMs), ordersPerShard);
    const due = soon.filter(({ dueAt }) => dueAt <= now.toISOString());
    const isDone = (await checkAll(deps, due, report)) && due.length === soon.length;
    report.passes += 1;
    if (isDone || deps.now().getTime() + everyMs > started + untilMs) return report;
    await deps.sleep(everyMs);
  }
};
