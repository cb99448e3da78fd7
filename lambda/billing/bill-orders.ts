import { asError } from '../kernel/as-error';
import { type BilledEvent, billFor } from './bill';
import type { BillStore } from './bill.store';

/** Opens a bill for each placed order of a batch in one call, and voids those of cancelled ones. */
export const billOrders =
  (bills: Pick<BillStore, 'open' | 'void'>) =>
  async (events: readonly BilledEvent[]): Promise<(Error | undefined)[]> => {
    const placed = [
      ...new Map(events.filter(({ type }) => type === 'OrderPlaced.v1').map((event) => [event.id, event])).values(),
    ];
    const opened = placed.length === 0 ? [] : await bills.open(placed.map(billFor));
    const outcomes = new Map(placed.map(({ id }, index) => [id, opened[index]]));
    for (const event of events.filter(({ type }) => type === 'OrderCancelled.v1')) {
      outcomes.set(event.id, await voidBill(bills, event));
    }
    return events.map(({ id }) => outcomes.get(id));
  };

const voidBill = (bills: Pick<BillStore, 'void'>, event: BilledEvent): Promise<Error | undefined> =>
  bills.void(billFor(event)).then(() => undefined, asError);
