import type { OrderConfirmed } from '../../lambda/contracts/events/order-events';
import type { PaymentRequested } from '../../lambda/contracts/events/payment-events';
import { orderPlaced } from './order-events';

/** One confirmed order of a tenant, paid online. */
export const orderConfirmed = (tenantid: string, orderId: string, version: number): OrderConfirmed => ({
  ...orderPlaced(orderId),
  tenantid,
  id: `${tenantid}/${orderId}:${version}`,
  type: 'OrderConfirmed.v2',
  data: { ...orderPlaced(orderId).data, status: 'CONFIRMED', previousStatus: 'PENDING', paymentStatus: 'PAID' },
});

/** The payment of an order has been asked for. */
export const paymentRequested = (tenantid: string, orderId: string): PaymentRequested => ({
  specversion: '1.0',
  id: `${tenantid}/PAY-${orderId}:1`,
  source: '/payments',
  type: 'PaymentRequested.v1',
  subject: `PAY-${orderId}`,
  time: '2026-11-21T08:00:05.000Z',
  datacontenttype: 'application/json',
  tenantid,
  correlationid: 'correlation-1',
  data: {
    paymentId: `PAY-${orderId}`,
    orderId,
    amount: 6600,
    currency: 'JPY',
    provider: 'paypay',
    paymentMethod: 'PAYPAY',
    deadline: '2026-11-21T08:30:00.000Z',
  },
});
