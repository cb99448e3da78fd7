import { type Tenant, trustedTenant } from '../kernel/tenant';
import type { Order, Patience } from './order';
import type { OrderStore, Read } from './order.store';
import { logShortage, logStatus } from './order-log';
import { decide, type ProcessEvent } from './order-process';

export type AdvanceOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  readonly patience: Patience;
  /** How long the orders of a tenant wait, by its settings: asked when an order is short of stock. */
  readonly patienceOf: (tenant: Tenant) => Promise<Patience>;
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
  const patience = event.type === 'StockShort.v1' ? await deps.patienceOf(key.tenant) : deps.patience;
  const next = order && decide(order, event, deps.now(), patience);
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
