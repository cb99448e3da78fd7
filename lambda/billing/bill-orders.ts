import { asError } from '../kernel/as-error';
import { type BillingEvent, billFor, receiptFor } from './bill';
import type { BillStore } from './bill.store';

type Bills = Pick<BillStore, 'open' | 'pay' | 'void'>;

const settle = (bills: Bills, event: Exclude<BillingEvent, { type: 'OrderPlaced.v1' }>): Promise<void> =>
  event.type === 'PaymentSucceeded.v1' ? bills.pay(receiptFor(event)) : bills.void(billFor(event));

/** Opens a bill for each placed order of a batch in one call, and then settles those that were paid or cancelled. */
export const billOrders =
  (bills: Bills) =>
  async (events: readonly BillingEvent[]): Promise<(Error | undefined)[]> => {
    const unique = [...new Map(events.map((event) => [event.id, event])).values()];
    const placed = unique.filter((event) => event.type === 'OrderPlaced.v1');
    const opened = placed.length === 0 ? [] : await bills.open(placed.map(billFor));
    const outcomes = new Map(placed.map(({ id }, index) => [id, opened[index]]));
    for (const event of unique) {
      if (event.type !== 'OrderPlaced.v1')
        outcomes.set(event.id, await settle(bills, event).then(() => undefined, asError));
    }
    return events.map(({ id }) => outcomes.get(id));
  };
