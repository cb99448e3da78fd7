import { asError } from '../kernel/error';
import { type BillingEvent, billFor, receiptFor, settlementFor } from './bill';
import type { BillStore } from './bill.store';

type Bills = Pick<BillStore, 'open' | 'pay' | 'settle' | 'void'>;

const settle = async (bills: Bills, event: Exclude<BillingEvent, { type: 'OrderPlaced.v2' }>): Promise<void> => {
  if (event.type === 'PaymentSucceeded.v1') return bills.pay(receiptFor(event));
  if (event.type === 'OrderCancelled.v2') return bills.void(billFor(event));
  const settlement = settlementFor(event);
  if (settlement !== undefined) await bills.settle(settlement);
};

/** Opens the bills of a batch's placed orders in one call, then settles those that were paid, refunded or cancelled. */
export const billOrders =
  (bills: Bills) =>
  async (events: readonly BillingEvent[]): Promise<(Error | undefined)[]> => {
    const unique = [...new Map(events.map((event) => [event.id, event])).values()];
    const placed = unique.filter((event) => event.type === 'OrderPlaced.v2');
    const opened = placed.length === 0 ? [] : await bills.open(placed.map(billFor));
    const outcomes = new Map(placed.map(({ id }, index) => [id, opened[index]]));
    for (const event of unique) {
      if (event.type !== 'OrderPlaced.v2')
        outcomes.set(event.id, await settle(bills, event).then(() => undefined, asError));
    }
    return events.map(({ id }) => outcomes.get(id));
  };
