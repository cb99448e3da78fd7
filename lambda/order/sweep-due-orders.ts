import { dueAfterFailure, readRow, tryToReschedule, UnreadableRowError, unfitMs } from '../kernel/due-index';
import { logger } from '../kernel/logger';
import type { Publish } from '../kernel/publish';
import { awaitedEvents } from './awaited-events';
import type { DueOrder } from './due-orders.store';
import type { Order, OrderKey, Patience } from './order';
import type { OrderStore } from './order.store';
import { logStatus } from './order-log';
import { decideDue } from './order-process';

export type SweepDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save' | 'due' | 'postpone' | 'reschedule'>;
  readonly publish: Publish;
  readonly patience: Patience;
  readonly now: () => Date;
};

/**
 * What one sweep found and did. `failed` orders are still due, so the next sweep takes them again. Those that cannot be
 * read, and those that go on failing, are due later: they stand before no others.
 */
export type SweepReport = {
  found: number;
  publishedAgain: number;
  decided: number;
  /** Orders that it could do nothing with, since their rows cannot be read or nothing is outstanding. */
  unfit: number;
  failed: { key: OrderKey; error: unknown }[];
};

const ordersPerShard = 200; // the oldest first: what is left is found a minute later
const atOnce = 20;

const tell = (order: Order, next: Order) => {
  logStatus(order, next);
  return 'decided' as const;
};

const sweepOne = async ({ orders, publish, patience, now }: SweepDeps, due: DueOrder) => {
  const { tenant, orderId } = due;
  const order = await readRow(() => orders.get({ tenant, orderId }));
  const decision = order && decideDue(order, now(), patience);
  if (order === undefined || decision === undefined) return 'nothing';
  if ('next' in decision) return (await orders.save(decision.next)) ? tell(order, decision.next) : 'nothing';
  const events = awaitedEvents(order);
  if (events.length === 0) {
    logger.error('nothing is outstanding for an order that is due', { tenantId: tenant, orderId });
    await orders.reschedule(due, new Date(now().getTime() + unfitMs));
    return 'unfit';
  }
  await publish(events);
  await orders.postpone(order, decision.askAgain.dueAt); // not before: what is asked twice is answered twice
  return 'publishedAgain';
};

const fail = async ({ orders, now }: SweepDeps, due: DueOrder, error: unknown, report: SweepReport) => {
  const { tenant, orderId, dueAt } = due;
  report.failed.push({ key: { tenant, orderId }, error });
  if (error instanceof UnreadableRowError) report.unfit += 1;
  const until = dueAfterFailure(error, dueAt, now());
  if (until !== undefined) await tryToReschedule(() => orders.reschedule(due, until));
};

/** Takes the orders that nobody has answered in time. One that fails does not stop the others. */
export const sweepDueOrders = async (deps: SweepDeps): Promise<SweepReport> => {
  const due = await deps.orders.due(deps.now(), ordersPerShard);
  const report: SweepReport = { found: due.length, publishedAgain: 0, decided: 0, unfit: 0, failed: [] };
  const sweep = async (one: DueOrder) => {
    try {
      const did = await sweepOne(deps, one);
      if (did !== 'nothing') report[did] += 1;
    } catch (error) {
      await fail(deps, one, error, report);
    }
  };
  for (let at = 0; at < due.length; at += atOnce) await Promise.all(due.slice(at, at + atOnce).map(sweep));
  return report;
};
