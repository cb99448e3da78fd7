import { asError } from '../kernel/http/http';
import { type SalesEvent, saleOf } from './sale';
import type { SalesStore } from './sales.store';

/**
 * Counts what confirmed orders sell and takes back what cancelled ones sold: one outcome an event, in their order. Safe to
 * repeat. One event after the other, since orders of one batch that sell the same product would only collide.
 */
export const countSales =
  (sales: SalesStore) =>
  async (events: readonly SalesEvent[]): Promise<(Error | undefined)[]> => {
    const outcomes: (Error | undefined)[] = [];
    for (const event of events) {
      const work = event.type === 'OrderConfirmed.v1' ? sales.count : sales.cancel;
      outcomes.push(await work(saleOf(event)).then(() => undefined, asError));
    }
    return outcomes;
  };
