import { describePayment } from '../../lambda/payment/describe-payment';
import { captured } from '../support/payments';

const asked = { ask: 'describe-payment', tenantId: 'default', orderId: 'ORD-000001' };

describe('the payment service, asked by the order service', () => {
  test('S3-19 reports the history of an order’s payment, and nothing of how it is paid', async () => {
    const payment = { ...captured(), details: 'sealed' };
    const told = await describePayment({ payments: { get: async () => payment } })(asked);
    expect(told.payment).toMatchObject({ paymentId: 'PAY-ORD-000001', provider: 'stripe', externalPaymentId: 'pi_1' });
    expect(told.payment?.history.at(-1)).toMatchObject({ event: 'PaymentSucceeded', status: 'COMPLETED' });
    expect(JSON.stringify(told)).not.toContain('sealed');
  });

  test('reports nothing of an order that needs no payment', async () => {
    expect(await describePayment({ payments: { get: async () => undefined } })(asked)).toEqual({});
  });

  test('refuses what is no query', async () => {
    await expect(
      describePayment({ payments: { get: async () => undefined } })({ ...asked, tenantId: 'A#B' }),
    ).rejects.toThrow();
  });
});
