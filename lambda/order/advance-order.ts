import type { InventoryEvent } from '../contracts/inventory-events';
import { trustedTenant } from '../kernel/tenant';
import type { Patience } from './order';
import type { OrderStore } from './order.store';
import { decide } from './order-process';

export type AdvanceOrderDeps = {
  readonly orders: Pick<OrderStore, 'get' | 'save'>;
  readonly patience: Patience;
  readonly now: () => Date;
};

const tries = 5;

/** Loads the order, decides, and writes with the version as the condition; decides again when somebody else was first. */
export const advanceOrder =
  ({ orders, patience, now }: AdvanceOrderDeps) =>
  async (event: InventoryEvent): Promise<void> => {
    const key = { tenant: trustedTenant(event.tenantid), orderId: event.data.orderId };
    for (let tried = 0; tried < tries; tried += 1) {
      const order = await orders.get(key);
      if (order === undefined) throw new Error(`Order ${key.orderId} not found`);
      const next = decide(order, event, now(), patience);
      if (next === undefined || (await orders.save(next))) return;
    }
    throw new Error(`Order ${key.orderId} changed ${tries} times while it was being decided`);
  };
