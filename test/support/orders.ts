import { unsealed } from '../../lambda/contracts/values/sealed';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { Order } from '../../lambda/order/domain/order';

/** A stored order of two mice that was just placed. */
export const placedOrder = (change: Partial<Order> = {}): Order => ({
  tenant: defaultTenant,
  orderId: 'ORD-000001',
  createdAt: '2026-11-21T08:00:00.000Z',
  updatedAt: '2026-11-21T08:00:00.000Z',
  version: 1,
  status: 'PENDING',
  paymentStatus: 'NOT_REQUIRED',
  stockStatus: 'PENDING',
  customerEmail: unsealed('taro@example.com'),
  locale: 'ja',
  currency: 'JPY',
  lines: [
    {
      productId: 'PROD-002',
      name: 'ワイヤレスマウス',
      quantity: 2,
      unitPrice: 3000,
      lineTotal: 6000,
      taxRateBps: 1000,
    },
  ],
  subtotal: 6000,
  tax: 600,
  total: 6600,
  trackingTokenHash: 'hash',
  correlationId: 'correlation-1',
  dueAt: '2026-11-21T08:01:00.000Z',
  fact: { type: 'OrderPlaced', traceparent: '00-aa-bb-01' },
  history: [{ at: '2026-11-21T08:00:00.000Z', event: 'OrderPlaced', status: 'PENDING', stockStatus: 'PENDING' }],
  ...change,
});
