import type { PaymentRefunded, PaymentSucceeded } from '../../lambda/contracts/events/payment-events';

const envelope = {
  specversion: '1.0',
  source: '/payments',
  datacontenttype: 'application/json',
  tenantid: 'default',
  correlationid: 'correlation-1',
  time: '2026-11-21T08:01:00.000Z',
} as const;

const payment = (orderId: string) =>
  ({
    paymentId: `PAY-${orderId}`,
    orderId,
    amount: 6600,
    currency: 'JPY',
    provider: 'stripe',
    paymentMethod: 'CREDIT_CARD',
  }) as const;

/** A published `PaymentSucceeded` of the 6,600 yen that `orderPlaced` asks for. */
export const paymentSucceeded = (
  orderId = 'ORD-000001',
  data: Partial<PaymentSucceeded['data']> = {},
): PaymentSucceeded => ({
  ...envelope,
  id: `default/PAY-${orderId}:3`,
  type: 'PaymentSucceeded.v1',
  subject: `PAY-${orderId}`,
  data: { ...payment(orderId), externalPaymentId: 'pi_1', capturedAmount: 6600, late: false, ...data },
});

/** A published `PaymentRefunded`: half of it went back. */
export const paymentRefunded = (
  orderId = 'ORD-000001',
  data: Partial<PaymentRefunded['data']> = {},
  given: Partial<PaymentRefunded> = {},
): PaymentRefunded => ({
  ...envelope,
  id: `default/PAY-${orderId}:5`,
  type: 'PaymentRefunded.v1',
  subject: `PAY-${orderId}`,
  data: {
    ...payment(orderId),
    refundId: `RFD-PAY-${orderId}-1`,
    refundAmount: 3300,
    refundedTotal: 3300,
    capturedTotal: 6600,
    fullyRefunded: false,
    ...data,
  },
  ...given,
});
