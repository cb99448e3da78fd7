import { inWords } from '../../../scripts/lib/order-view';

const now = new Date('2026-11-21T08:00:00.000Z');
const at = '2026-11-21T08:00:05.000Z';
const order = { kind: 'order', orderId: 'ORD-000001', version: 3, status: 'PENDING' } as const;

test.each([
  [
    { ...order, paymentStatus: 'WAITING_PAYMENT', stockStatus: 'RESERVED' } as const,
    '2026-11-21T08:00:00.000Z  ORD-000001  version 3   as it is now (PENDING, not paid yet, stock reserved)',
  ],
  [
    { ...order, event: 'OrderConfirmed', at, status: 'CONFIRMED', paymentStatus: 'PAID' } as const,
    '2026-11-21T08:00:05.000Z  ORD-000001  version 3   the order is confirmed (CONFIRMED, paid)',
  ],
  [
    { ...order, event: 'OrderCancelled', at, status: 'CANCELLED', reason: 'payment-expired' } as const,
    '2026-11-21T08:00:05.000Z  ORD-000001  version 3   the order is cancelled (CANCELLED, because: payment-expired)',
  ],
  [
    { ...order, event: 'OrderAwaitingPayment', at, paymentDeadline: '2026-11-21T08:30:00.000Z' } as const,
    '2026-11-21T08:00:05.000Z  ORD-000001  version 3   the stock is reserved: the order waits for its payment (PENDING, to be paid until 2026-11-21T08:30:00.000Z)',
  ],
  [
    {
      kind: 'payment',
      orderId: 'ORD-000001',
      paymentVersion: 2,
      event: 'PaymentFailed',
      at,
      reason: 'declined',
    } as const,
    '2026-11-21T08:00:05.000Z  ORD-000001  payment     the payment failed (because: declined)',
  ],
  [
    { ...order, event: 'OrderPaintedBlue', at } as const,
    '2026-11-21T08:00:05.000Z  ORD-000001  version 3   OrderPaintedBlue (PENDING)',
  ],
])('S2-30 a change in words: %#', (update, words) => expect(inWords(update, now)).toBe(words));
