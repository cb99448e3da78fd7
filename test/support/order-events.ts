import type {
  OrderAwaitingPayment,
  OrderCancelled,
  OrderPlaced,
  OrderShipped,
} from '../../lambda/contracts/events/order-events';
import { unsealed } from '../../lambda/contracts/values/sealed';

const line = {
  productId: 'PROD-002',
  name: 'ワイヤレスマウス',
  quantity: 2,
  unitPrice: 3000,
  lineTotal: 6000,
  taxRateBps: 1000,
};

/** A published `OrderPlaced` of two mice: 6,600 yen with tax. */
export const orderPlaced = (
  orderId = 'ORD-000001',
  data: Partial<OrderPlaced['data']> = {},
  envelope: Partial<OrderPlaced> = {},
): OrderPlaced => ({
  specversion: '1.0',
  id: `default/${orderId}:1`,
  source: '/orders',
  type: 'OrderPlaced.v2',
  subject: orderId,
  time: '2026-11-21T08:00:00.000Z',
  datacontenttype: 'application/json',
  tenantid: 'default',
  correlationid: 'correlation-1',
  data: {
    orderId,
    customerEmail: unsealed('taro@example.com'),
    locale: 'ja',
    currency: 'JPY',
    lines: [line],
    subtotal: 6000,
    tax: 600,
    total: 6600,
    placedAt: '2026-11-21T08:00:00.000Z',
    status: 'PENDING',
    ...data,
  },
  ...envelope,
});

/** The same order, cancelled because nobody restocked in time. */
export const orderCancelled = (orderId = 'ORD-000001', data: Partial<OrderCancelled['data']> = {}): OrderCancelled => ({
  ...orderPlaced(orderId),
  id: `default/${orderId}:3`,
  type: 'OrderCancelled.v2',
  time: '2026-11-24T08:00:00.000Z',
  data: {
    ...orderPlaced(orderId).data,
    status: 'CANCELLED',
    previousStatus: 'PENDING',
    reason: 'backorder-expired',
    ...data,
  },
});

/** The same order, on its way. */
export const orderShipped = (orderId = 'ORD-000001'): OrderShipped => ({
  ...orderPlaced(orderId),
  id: `default/${orderId}:4`,
  type: 'OrderShipped.v2',
  data: {
    ...orderPlaced(orderId).data,
    status: 'SHIPPED',
    previousStatus: 'PROCESSING',
    shippedAt: '2026-11-21T08:30:00.000Z',
  },
});

/** The same order, whose stock is held until it is paid. */
export const orderAwaitingPayment = (
  orderId = 'ORD-000001',
  data: Partial<OrderAwaitingPayment['data']> = {},
): OrderAwaitingPayment => ({
  ...orderPlaced(orderId),
  id: `default/${orderId}:2`,
  type: 'OrderAwaitingPayment.v2',
  time: '2026-11-21T08:00:05.000Z',
  data: {
    ...orderPlaced(orderId).data,
    previousStatus: 'PENDING',
    paymentStatus: 'WAITING_PAYMENT',
    paymentMethod: 'CREDIT_CARD',
    paymentDeadline: '2026-11-21T08:30:05.000Z',
    ...data,
  },
});
