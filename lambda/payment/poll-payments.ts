import { dueAfterFailure, readRow, tryToReschedule, UnreadableRowError } from '../kernel/dynamodb/due-index';
import { type AdvanceDeps, advancePayment } from './advance-payment';
import type { PaymentKey } from './domain/payment';
import type { PaymentStore } from './payment.store';
import type { DuePayment } from './payment-lists.store';

export type PollDeps = AdvanceDeps & {
  readonly payments: Pick<PaymentStore, 'get' | 'save' | 'reschedule' | 'due' | 'rescheduleUnreadable'>;
  readonly sleep: (ms: number) => Promise<void>;
};

/** The result of one run. `failed` payments stay due; unreadable ones and those that keep failing are rescheduled. */
export type PollReport = {
  passes: number;
  looked: number;
  unfit: number;
  failed: { key: PaymentKey; error: unknown }[];
};

const passMs = 10_000;
const lastPassMs = 40_000; // done before the next run starts
const windowMs = 50_000;
const perShard = 100; // longest due first; the rest follows ten seconds later
const concurrency = 20;

/** Records a failure. Reschedules an unreadable or repeatedly failing payment, so that it does not block others. */
const recordFailure = async ({ payments, now }: PollDeps, key: DuePayment, error: unknown, report: PollReport) => {
  report.failed.push({ key: { tenant: key.tenant, paymentId: key.paymentId }, error });
  if (error instanceof UnreadableRowError) report.unfit += 1;
  const until = dueAfterFailure(error, key.dueAt, now());
  if (until !== undefined) await tryToReschedule(() => payments.rescheduleUnreadable(key, until));
};

const pollPayment = async (deps: PollDeps, key: DuePayment, report: PollReport): Promise<void> => {
  try {
    const payment = await readRow(() => deps.payments.get(key));
    const isDue = payment?.dueAt !== undefined && payment.dueAt <= deps.now().toISOString();
    if (payment === undefined || !isDue) return;
    report.looked += 1;
    await advancePayment(deps)(payment, 'poll');
  } catch (error) {
    await recordFailure(deps, key, error, report);
  }
};

const pass = async (deps: PollDeps, waiting: readonly DuePayment[], report: PollReport): Promise<void> => {
  const now = deps.now().toISOString();
  const due = waiting.filter(({ dueAt }) => dueAt <= now);
  for (let at = 0; at < due.length; at += concurrency)
    await Promise.all(due.slice(at, at + concurrency).map((key) => pollPayment(deps, key, report)));
};

/**
 * Advances every due payment, and repeats every ten seconds within the minute, so that a payment whose webhook is lost
 * shows within that minute. Returns at once when nothing is outstanding.
 */
export const pollPayments = async (deps: PollDeps): Promise<PollReport> => {
  const start = deps.now().getTime();
  const report: PollReport = { passes: 0, looked: 0, unfit: 0, failed: [] };
  for (;;) {
    const waiting = await deps.payments.due(new Date(start + windowMs), perShard);
    if (waiting.length === 0) return report;
    report.passes += 1;
    await pass(deps, waiting, report);
    const elapsed = deps.now().getTime() - start;
    const next = (Math.floor(elapsed / passMs) + 1) * passMs;
    if (next > lastPassMs) return report;
    await deps.sleep(next - elapsed);
  }
};
