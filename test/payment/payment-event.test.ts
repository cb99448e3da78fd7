import { PaymentRefunded, PaymentSucceeded } from '../../lambda/contracts/events/payment-events';
import { paymentEvent } from '../../lambda/payment/domain/payment-event';
import { by, captured } from '../support/payments';

test('S3-46 a captured payment reports which payment of which order it is, whose, and how much', () => {
  const event = PaymentSucceeded.parse(paymentEvent(captured()));
  expect(event).toMatchObject({ id: 'default/PAY-ORD-000001:2', source: '/payments', subject: 'PAY-ORD-000001' });
  expect(event.data).toEqual({
    paymentId: 'PAY-ORD-000001',
    orderId: 'ORD-000001',
    userId: 'customer-1',
    amount: 6600,
    currency: 'JPY',
    provider: 'stripe',
    paymentMethod: 'CREDIT_CARD',
    externalPaymentId: 'pi_1',
    capturedAmount: 6600,
    late: false,
  });
});

test('S3-20 a refund reports what went back and what of it is all', () => {
  const fact = {
    type: 'PaymentRefunded',
    refundId: 'REF-ORD-000001-1',
    refundAmount: 3300,
    ...by('stripe', 60),
  } as const;
  const payment = captured();
  const [capture = ''] = [payment.externalPaymentId];
  const refund = {
    refundId: 'REF-ORD-000001-1',
    amount: 3300,
    reason: 'half of it',
    status: 'COMPLETED',
    externalPaymentId: capture,
    createdAt: '2026-11-21T08:00:50.000Z',
  } as const;
  const event = PaymentRefunded.parse(paymentEvent({ ...payment, refunds: [refund], fact }));
  expect(event.data).toMatchObject({
    refundId: 'REF-ORD-000001-1',
    refundAmount: 3300,
    refundedTotal: 3300,
    capturedTotal: 6600,
    fullyRefunded: false,
  });
});
