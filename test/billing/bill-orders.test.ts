import { type Bill, billFor } from '../../lambda/billing/bill';
import { billOrders } from '../../lambda/billing/bill-orders';
import { orderCancelled, orderPlaced } from '../support/order-events';

const setUp = () => {
  const bills = new Map<string, Bill>();
  const opened: number[] = [];
  const handle = billOrders({
    open: async (fresh) => {
      opened.push(fresh.length);
      for (const bill of fresh) if (!bills.has(bill.billingId)) bills.set(bill.billingId, bill);
      return fresh.map(() => undefined);
    },
    void: async (bill) => void bills.set(bill.billingId, { ...bill, status: 'void' }),
  });
  return { handle, bills, opened };
};

describe('the bill of an order', () => {
  test('S0-35, S0-36, S0-37, S0-38: a pending bill with a subtotal for each item and 10 % tax', () => {
    expect(billFor(orderPlaced())).toEqual({
      tenant: 'default',
      billingId: 'BILL-ORD-000001',
      orderId: 'ORD-000001',
      status: 'pending',
      currency: 'JPY',
      items: [{ productId: 'PROD-002', name: 'ワイヤレスマウス', quantity: 2, unitPrice: 3000, subtotal: 6000 }],
      subtotal: 6000,
      tax: 600,
      amount: 6600,
      createdAt: '2026-11-21T08:00:00.000Z',
      updatedAt: '2026-11-21T08:00:00.000Z',
      version: 1,
    });
  });

  test('is opened for all orders of a batch in one call', async () => {
    const { handle, bills, opened } = setUp();
    const events = Array.from({ length: 10 }, (_, n) => orderPlaced(`ORD-00000${n}`));
    expect(await handle([...events, ...events])).toEqual(Array(20).fill(undefined));
    expect([bills.size, opened]).toEqual([10, [10]]);
  });

  test.each([
    ['after it was opened', [orderPlaced(), orderCancelled()]],
    ['before it was opened: the cancellation overtook the order', [orderCancelled(), orderPlaced()]],
  ])('is void once the order is cancelled, %s', async (_what, events) => {
    const { handle, bills } = setUp();
    for (const event of events) await handle([event]);
    expect(bills.get('BILL-ORD-000001')?.status).toBe('void');
  });
});
