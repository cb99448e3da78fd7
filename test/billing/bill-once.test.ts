import type { Bill } from '../../lambda/billing/bill';
import { billOrders } from '../../lambda/billing/bill-orders';
import { orderPlaced } from '../support/order-events';

test('P2 an event that is in a batch twice is written once: DynamoDB refuses a batch with the same key twice', async () => {
  const opened: string[] = [];
  const bills = {
    open: async (given: readonly Bill[]) => {
      opened.push(...given.map(({ orderId }) => orderId));
      return given.map(() => undefined);
    },
    pay: async () => undefined,
    settle: async () => undefined,
    void: async () => undefined,
  };
  const outcomes = await billOrders(bills)([orderPlaced('ORD-000001'), orderPlaced('ORD-000001')]);
  expect([opened, outcomes]).toEqual([['ORD-000001'], [undefined, undefined]]);
});
