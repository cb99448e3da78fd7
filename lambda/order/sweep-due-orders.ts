import type { Publish } from '../kernel/publish';
import { awaitedEvents } from './awaited-events';
import type { Order, OrderKey, Patience } from './order';
import type { OrderStore } from './order.store';
import { logStatus } from './order-log';
import { decideDue } from './order-process';

export type SweepDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save' | 'due' | 'postpone'>;
  readonly publish: Publish;
  readonly patience: Patience;
  readonly now: () => Date;
};

/** What one sweep found and did. `failed` orders are still due, so the next sweep takes them again. */
export type SweepReport = {
  found: number;
  publishedAgain: number;
  decided: number;
  failed: { key: OrderKey; error: unknown }[];
};

const ordersPerShard = 200; // the oldest first: what is left is found a minute later
const atOnce = 20;

const tell = (order: Order, next: Order) => {
  logStatus(order, next);
  return 'decided' as const;
};

const sweepOne = async ({ orders, publish, patience, now }: SweepDeps, key: OrderKey) => {
  const order = await orders.get(key);
  const decision = order && decideDue(order, now(), patience);
  if (order === undefined || decision === undefined) return 'nothing';
  if ('next' in decision) return (await orders.save(decision.next)) ? tell(order, decision.next) : 'nothing';
  const events = awaitedEvents(order);
  if (events.length === 0) return 'nothing';
  await publish(events);
  await orders.postpone(order, decision.askAgain.dueAt); // not before: what is asked twice is answered twice
  return 'publishedAgain';
};

/** Takes the orders that nobody has answered in time. One that fails does not stop the others. */
export const sweepDueOrders = async (deps: SweepDeps): Promise<SweepReport> => {
  const keys = await deps.orders.due(deps.now(), ordersPerShard);
  const report: SweepReport = { found: keys.length, publishedAgain: 0, decided: 0, failed: [] };
  const sweep = async (key: OrderKey) => {
    try {
      const did = await sweepOne(deps, key);
      if (did !== 'nothing') report[did] += 1;
    } catch (error) {
      report.failed.push({ key, error });
    }
  };
  for (let at = 0; at < keys.length; at += atOnce) await Promise.all(keys.slice(at, at + atOnce).map(sweep));
  return report;
};
