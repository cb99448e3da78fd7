import { warmUp } from '../../lambda/order/placing/warm-up';

test('an order function decides a whole order while it starts', () => {
  expect(warmUp(new Date('2026-11-21T08:00:00.000Z'))).toMatchObject({
    orderId: 'WARM-UP',
    status: 'PENDING',
    items: [{ productId: 'WARM-UP', quantity: 1, unitPrice: 3000, lineTotal: 3000 }],
    total: 3300,
    currency: 'JPY',
    createdAt: '2026-11-21T08:00:00.000Z',
  });
});
