import { asError } from '../kernel/error';
import { type SalesEvent, saleOf } from './sale';
import type { SalesStore } from './sales.store';

/**
 * Counts the sales of confirmed orders and reverses those of cancelled ones. Returns one outcome per event, in their
 * order. Idempotent. Sequential, since orders of one batch with the same product would only conflict.
 */
export const countSales =
  (sales: SalesStore) =>
  async (events: readonly SalesEvent[]): Promise<(Error | undefined)[]> => {
    const outcomes: (Error | undefined)[] = [];
    for (const event of events) {
      const work = event.type === 'OrderConfirmed.v2' ? sales.count : sales.cancel;
      outcomes.push(await work(saleOf(event)).then(() => undefined, asError));
    }
    return outcomes;
  };
