import {
  dueAfterFailure,
  readRow,
  tryToReschedule,
  UnreadableRowError,
  unreadableDelayMs,
} from '../kernel/dynamodb/due-index';
import type { Publish } from '../kernel/events/publish';
import { logger } from '../kernel/logger';
import { type Conflict, conflict, retryOnConflict } from '../kernel/retry';
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
  /** Returns the timeouts of a tenant's settings. It is read only for an order that is short of stock. */
  readonly timeoutsOf: (tenant: Tenant) => Promise<Timeouts>;
  readonly now: () => Date;
};

const maxAttempts = 5;

// the first read may be stale: the write's condition catches that, and no event is dropped because of a stale read
const readOf = (tried: number): Read => (tried === 1 ? 'eventual' : 'consistent');

const write = async ({ orders }: AdvanceOrderDeps, event: ProcessEvent, order: Order, next: Order) => {
  const written = await orders.save(next);
  if (!written) return conflict;
  logStatus(order, next);
  if (event.type === 'StockShort.v1') logShortage(event);
  return undefined;
};

/** Throws when the order is unknown. */
const attempt = async (deps: AdvanceOrderDeps, event: ProcessEvent, read: Read): Promise<undefined | Conflict> => {
  const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
  const order = await deps.orders.get(key, read);
  const timeouts = event.type === 'StockShort.v1' ? await deps.timeoutsOf(key.tenant) : deps.timeouts;
  const next = order && decide(order, event, deps.now(), timeouts);
  if (order !== undefined && next !== undefined) return write(deps, event, order, next);
  if (read === 'eventual') return conflict;
  if (order === undefined) throw new Error(`Order ${key.orderId} not found`);
  return undefined;
};

/** Applies an event to its order under an optimistic lock. Retries on a version conflict and throws after five. */
export const advanceOrder =
  (deps: AdvanceOrderDeps) =>
  (event: ProcessEvent): Promise<void> =>
    retryOnConflict(
      {
        attempts: maxAttempts,
        onExhausted: `Order ${event.data.orderId} was changed by another writer in all ${maxAttempts} attempts`,
      },
      (tried) => attempt(deps, event, readOf(tried)),
    );

export type SweepDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save' | 'due' | 'reschedule' | 'rescheduleUnreadable'>;
  readonly publish: Publish;
  readonly timeouts: Timeouts;
  readonly now: () => Date;
};

/**
 * The counts of one sweep. `failed` orders stay due for the next sweep. Unreadable orders and those that keep failing
 * are rescheduled, so that they do not block other orders.
 */
export type SweepReport = {
  found: number;
  publishedAgain: number;
  decided: number;
  /** Orders whose row cannot be read, or that are due with no event outstanding. */
  unfit: number;
  failed: { key: OrderKey; error: unknown }[];
};

const ordersPerShard = 200; // oldest first; the rest is found a minute later
const concurrency = 20;

const logDecided = (order: Order, next: Order) => {
  logStatus(order, next);
  return 'decided' as const;
};

const sweepOne = async ({ orders, publish, timeouts, now }: SweepDeps, due: DueOrder) => {
  const { tenant, orderId } = due;
  const order = await readRow(() => orders.get({ tenant, orderId }));
  const decision = order && decideDue(order, now(), timeouts);
  if (order === undefined || decision === undefined) return 'nothing';
  if ('next' in decision) return (await orders.save(decision.next)) ? logDecided(order, decision.next) : 'nothing';
  const events = outstandingEvents(order);
  if (events.length === 0) {
    logger.error('nothing is outstanding for an order that is due', { tenantId: tenant, orderId });
    await orders.rescheduleUnreadable(due, new Date(now().getTime() + unreadableDelayMs));
    return 'unfit';
  }
  await publish(events);
  await orders.reschedule(order, decision.republish.dueAt); // after publishing: a second publication does no harm
  return 'publishedAgain';
};

const recordFailure = async ({ orders, now }: SweepDeps, due: DueOrder, error: unknown, report: SweepReport) => {
  const { tenant, orderId, dueAt } = due;
  report.failed.push({ key: { tenant, orderId }, error });
  if (error instanceof UnreadableRowError) report.unfit += 1;
  const until = dueAfterFailure(error, dueAt, now());
  if (until !== undefined) await tryToReschedule(() => orders.rescheduleUnreadable(due, until));
};

/** Publishes again or decides the orders whose answers are overdue. One failing order does not stop the others. */
export const sweepDueOrders = async (deps: SweepDeps): Promise<SweepReport> => {
  const due = await deps.orders.due(deps.now(), ordersPerShard);
  const report: SweepReport = { found: due.length, publishedAgain: 0, decided: 0, unfit: 0, failed: [] };
  const sweep = async (one: DueOrder) => {
    try {
      const outcome = await sweepOne(deps, one);
      if (outcome !== 'nothing') report[outcome] += 1;
    } catch (error) {
      await recordFailure(deps, one, error, report);
    }
  };
  for (let at = 0; at < due.length; at += concurrency) await Promise.all(due.slice(at, at + concurrency).map(sweep));
  return report;
};
