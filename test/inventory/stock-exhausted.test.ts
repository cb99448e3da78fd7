import type { OrderShipped } from '../../lambda/contracts/events/order-events';
import { InsufficientStockError } from '../../lambda/inventory/reservations/reservation';
import { onStockExhausted } from '../../lambda/inventory/reservations/update-reservations';
import { orderPlaced } from '../support/order-events';

test('a shipment that finds too little is dead-lettered as it is: a shipped order waits for nothing', async () => {
  const marked: unknown[] = [];
  const onExhausted = onStockExhausted(
    { markShort: async (wanted) => void marked.push(wanted) },
    (s) => void marked.push(s),
  );
  const shipped = { ...orderPlaced(), type: 'OrderShipped.v2' } as unknown as OrderShipped;
  await onExhausted(shipped, new InsufficientStockError({ productId: 'A', name: 'mouse', available: 0, requested: 1 }));
  expect(marked).toEqual([]);
});

test('an event that fails for another reason than short stock is dead-lettered as it is: the order is not backordered', async () => {
  const marked: unknown[] = [];
  const onExhausted = onStockExhausted(
    { markShort: async (wanted) => void marked.push(wanted) },
    (s) => void marked.push(s),
  );
  await onExhausted(orderPlaced(), new Error('DynamoDB is down'));
  expect(marked).toEqual([]);
});
