import type { Examples } from './example-types';

const placed = '2026-11-21T03:00:00.000Z';

const order = {
  orderId: 'ORD-000001',
  tenantId: 'default',
  code: 'ORD-000001',
  name: 'Order ORD-000001',
  version: 1,
  status: 'PENDING',
  paymentStatus: 'NOT_REQUIRED',
  stockStatus: 'PENDING',
  items: [{ productId: 'PROD-001', name: 'ワイヤレスマウス', quantity: 2, unitPrice: 3000, lineTotal: 6000 }],
  subtotal: 6000,
  tax: 600,
  total: 6600,
  currency: 'JPY',
  shippingAddress: {
    name: '山田 太郎',
    street: '千代田1-1',
    city: '千代田区',
    state: '東京都',
    postalCode: '100-0001',
    country: 'JP',
  },
  paymentMethod: 'CREDIT_CARD',
  createdAt: placed,
  placedAt: placed,
};

const current = { ...order, customerEmail: 'taro@example.com', updatedAt: placed };

const returned = {
  returnId: 'RET-000001-1',
  orderId: 'ORD-000001',
  status: 'REQUESTED',
  reason: 'サイズが合わない',
  items: [{ productId: 'PROD-001', name: 'ワイヤレスマウス', quantity: 1, unitPrice: 3000, lineTotal: 3000 }],
  currency: 'JPY',
  requestedAt: placed,
  updatedAt: placed,
  version: 1,
};

/** Examples of orders and returns. */
export const orderExamples: Examples = {
  placeOrder: {
    bodies: {
      'In yen': {
        customerEmail: 'taro@example.com',
        items: [{ productId: 'PROD-001', quantity: 2 }],
        shippingAddress: order.shippingAddress,
        paymentMethod: 'CREDIT_CARD',
      },
      'In dollars': {
        customerEmail: 'john@example.com',
        items: [{ productCode: 'PROD-USD-001', name: 'Wireless Mouse', quantity: 2, price: 29.99 }],
        currency: 'USD',
      },
    },
    answer: { ...order, trackingToken: 'M4Q2h3p0y8s6v1x9' },
  },
  listOrders: { answer: { items: [current], nextCursor: 'eyJrIjoxfQ.c2ln' } },
  getOrder: {
    answer: {
      ...current,
      history: [{ at: placed, event: 'OrderPlaced', status: 'PENDING', stockStatus: 'PENDING' }],
    },
  },
  updateOrderStatus: {
    bodies: { 'Ship it': { status: 'shipped', version: 3 } },
    answer: { ...current, status: 'SHIPPED', stockStatus: 'RESERVED', version: 4, shippedAt: placed },
  },
  cancelOrder: { bodies: { 'If it has not changed': { version: 2 } } },
  getOrderTimeline: {
    answer: {
      orderId: 'ORD-000001',
      items: [{ at: placed, source: 'order', what: 'OrderPlaced', eventId: 'default/ORD-000001:1' }],
      unavailable: [],
    },
  },
  requestReturn: {
    bodies: { 'One of two': { items: [{ productId: 'PROD-001', quantity: 1 }], reason: 'サイズが合わない' } },
    answer: returned,
  },
  listReturns: { answer: { items: [returned] } },
  getReturn: { answer: returned },
  updateReturn: {
    bodies: { Approve: { status: 'APPROVED', version: 1 } },
    answer: { ...returned, status: 'APPROVED' },
  },
};
