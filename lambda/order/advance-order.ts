import type { InventoryEvent } from '../contracts/inventory-events';
import { trustedTenant } from '../kernel/tenant';
import type { Patience } from './order';
import type { OrderStore, Read } from './order.store';
import { decide } from './order-process';

export type AdvanceOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  readonly patience: Patience;
  readonly now: () => Date;
};

// the first read may be a moment behind: the condition catches what is stale, and nothing is dropped because of it
const reads: readonly Read[] = ['eventual', 'consistent', 'consistent', 'consistent', 'consistent'];

/** True when the event is dealt with, false when the order must be read again. */
const attempt = async ({ orders, patience, now }: AdvanceOrderDeps, event: InventoryEvent, read: Read) => {
  const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
  const order = await orders.get(key, read);
  const next = order && decide(order, event, now(), patience);
  if (next !== undefined) return orders.save(next);
  if (read === 'eventual') return false;
  if (order === undefined) throw new Error(`Order ${key.orderId} not found`);
  return true;
};

/** Loads the order, decides, and writes with the version as the condition; decides again when somebody else was first. */
export const advanceOrder =
  (deps: AdvanceOrderDeps) =>
  async (event: InventoryEvent): Promise<void> => {
    for (const read of reads) if (await attempt(deps, event, read)) return;
    throw new Error(`Order ${event.data.orderId} changed ${reads.length} times while it was being decided`);
  };
