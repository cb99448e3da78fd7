import { unsealed } from '../../lambda/contracts/values/sealed';
import { defaultTenant } from '../../lambda/kernel/tenant';
import type { DeliveredLine, DeliveredOrder, Return } from '../../lambda/return/return';

const mouse = {
  productId: 'PROD-002',
  name: 'ワイヤレスマウス',
  quantity: 2,
  unitPrice: 3000,
  lineTotal: 6000,
  taxRateBps: 1000,
};

export const mice = (given: Partial<DeliveredLine> = {}): DeliveredLine => ({
  ...mouse,
  claimed: 0,
  returned: 0,
  ...given,
});

/** Two mice that customer-1 got on 22 November; nothing of them is in a return. */
export const deliveredMice = (given: Partial<DeliveredOrder> = {}): DeliveredOrder => ({
  tenant: defaultTenant,
  orderId: 'ORD-000001',
  userId: 'customer-1',
  customerEmail: unsealed('taro@example.com'),
  locale: 'ja',
  currency: 'JPY',
  lines: [mice()],
  deliveredAt: '2026-11-22T10:00:00.000Z',
  returns: 0,
  version: 1,
  ...given,
});

/** Both mice shall go back; nobody has said anything to it yet. */
export const requestedMice = (given: Partial<Return> = {}): Return => ({
  tenant: defaultTenant,
  returnId: 'RET-000001-1',
  orderId: 'ORD-000001',
  userId: 'customer-1',
  customerEmail: unsealed('taro@example.com'),
  locale: 'ja',
  currency: 'JPY',
  lines: [mouse],
  reason: unsealed('ボタンが反応しません'),
  status: 'REQUESTED',
  requestedAt: '2026-12-02T08:00:00.000Z',
  updatedAt: '2026-12-02T08:00:00.000Z',
  correlationId: 'correlation-2',
  version: 1,
  fact: { type: 'ReturnRequested', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  ...given,
});
