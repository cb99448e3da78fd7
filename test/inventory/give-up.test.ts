import { giveUpOnStock } from '../../lambda/inventory/take-stock';
import { orderPlaced } from '../support/order-events';

test('an event that fails for another reason than short stock is parked as it is: the order is not backordered', async () => {
  const marked: unknown[] = [];
  const giveUp = giveUpOnStock({ markShort: async (wanted) => void marked.push(wanted) }, (s) => void marked.push(s));
  await giveUp(orderPlaced(), new Error('DynamoDB is down'));
  expect(marked).toEqual([]);
});
