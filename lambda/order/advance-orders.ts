import {
  dueAfterFailure,
  readRow,
  tryToReschedule,
  UnreadableRowError,
  unreadableDelayMs,
} from '../kernel/dynamodb/due-index';
import type { Publish } from '../kernel/events/publish';
import { logger } from '../kernel/logger';
import { type Tenant, trustedTenant } from '../kernel/tenant';
import type { Order, OrderKey, Timeouts } from './domain/order';
import { outstandingEvents } from './domain/order-event';
import { decide, decideDue, type ProcessEvent } from './domain/order-process';
import type { DueOrder } from './due-orders.store';
import type { OrderStore, Read } from './order.store';
import { logShortage, logStatus } from './order-log';

export type AdvanceOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  readonly timeouts: Timeouts;
  /** How long the orders of a tenant wait, by its settings: asked when an order is short of stock. */
  readonly timeoutsOf: (tenant: Tenant) => Promise<Timeouts>;
  readonly now: () => Date;
};

// the first read may be a moment behind: the condition catches what is stale, and nothing is dropped because of it
const reads: readonly Read[] = ['eventual', 'consistent', 'consistent', 'consistent', 'consistent'];

const write = async ({ orders }: AdvanceOrderDeps, event: ProcessEvent, order: Order, next: Order) => {
  const written = await orders.save(next);
  if (!written) return false;
  logStatus(order, next);
  if (event.type === 'StockShort.v1') logShortage(event);
  return true;
};

/** True when the event is dealt with, false when the order must be read again. */
const attempt = async (deps: AdvanceOrderDeps, event: ProcessEvent, read: Read) => {
  const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
  const order = await deps.orders.get(key, read);
  const timeouts = event.type === 'StockShort.v1' ? await deps.timeoutsOf(key.tenant) : deps.timeouts;
  const next = order && decide(order, event, deps.now(), timeouts);
  if (order !== undefined && next !== undefined) return write(deps, event, order, next);
  if (read === 'eventual') return false;
  if (order === undefined) throw new Error(`Order ${key.orderId} not found`);
  return true;
};

/** Loads the order, decides, and writes with the version as the condition; decides again when somebody else was first. */
export const advanceOrder =
  (deps: AdvanceOrderDeps) =>
  async (event: ProcessEvent): Promise<void> => {
    for (const read of reads) if (await attempt(deps, event, read)) return;
    throw new Error(`Order ${event.data.orderId} changed ${reads.length} times while it was being decided`);
  };

export type SweepDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save' | 'due' | 'reschedule' | 'rescheduleUnreadable'>;
  readonly publish: Publish;
  readonly timeouts: Timeouts;
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

const sweepOne = async ({ orders, publish, timeouts, now }: SweepDeps, due: DueOrder) => {
  const { tenant, orderId } = due;
  const order = await readRow(() => orders.get({ tenant, orderId }));
  const decision = order && decideDue(order, now(), timeouts);
  if (order === undefined || decision === undefined) return 'nothing';
  if ('next' in decision) return (await orders.save(decision.next)) ? tell(order, decision.next) : 'nothing';
  const events = outstandingEvents(order);
  if (events.length === 0) {
    logger.error('nothing is outstanding for an order that is due', { tenantId: tenant, orderId });
    await orders.rescheduleUnreadable(due, new Date(now().getTime() + unreadableDelayMs));
    return 'unfit';
  }
  await publish(events);
  await orders.reschedule(order, decision.askAgain.dueAt); // not before: what is asked twice is answered twice
  return 'publishedAgain';
};

const fail = async ({ orders, now }: SweepDeps, due: DueOrder, error: unknown, report: SweepReport) => {
  const { tenant, orderId, dueAt } = due;
  report.failed.push({ key: { tenant, orderId }, error });
  if (error instanceof UnreadableRowError) report.unfit += 1;
  const until = dueAfterFailure(error, dueAt, now());
  if (until !== undefined) await tryToReschedule(() => orders.rescheduleUnreadable(due, until));
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
