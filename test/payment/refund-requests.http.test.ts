import type { OrderStatus } from '../../lambda/contracts/order-status';
import { trustedTenant } from '../../lambda/kernel/tenant';
import type { DescribedOrder } from '../../lambda/payment/order.gateway';
import type { Payment } from '../../lambda/payment/payment';
import type { PaymentTerms } from '../../lambda/payment/request-payment';
import { requestRefundRoute } from '../../lambda/payment/request-refund.http';
import { tellOrder } from '../../lambda/payment/tell-order';
import { directly } from '../stores/io';
import { memoryPaymentStore, paymentsTable } from '../stores/memory-payments';
import { call } from '../support/http';
import { placedOrder } from '../support/orders';
import { after, requested, seen } from '../support/payments';

const tenant = trustedTenant('shop-a');
const staff = { tenant, userId: 'staff-1', roles: ['staff'] };

const orderThatIs = (status: OrderStatus): DescribedOrder => {
  const { total, currency, stockStatus, lines } = placedOrder();
  return {
    ...{ total, currency, stockStatus, status, version: 1, trackingTokenHash: 'hash' },
    paymentStatus: 'PAID',
    lines: [...lines],
  };
};

type Given = {
  readonly status?: OrderStatus;
  readonly orderService?: () => Promise<DescribedOrder | undefined>;
  readonly terms?: Partial<PaymentTerms>;
  readonly change?: Partial<Payment>;
};

const desk = async ({ status = 'CONFIRMED', orderService, terms = {}, change = {} }: Given = {}) => {
  const payments = memoryPaymentStore(paymentsTable(), directly);
  const payment = requested({ tenant, ...terms });
  const { amount, currency } = payment;
  await payments.insert({ ...seen(payment, 'CAPTURED', { amount, currency }), ...change });
  const describe = jest.fn(orderService ?? (async () => orderThatIs(status)));
  let asked = 0;
  return {
    describe,
    stored: () => payments.get(payment),
    kept: async () => {
      const told = await tellOrder({ payments })({
        ask: 'describe-payment',
        tenantId: tenant,
        orderId: payment.orderId,
      });
      return told.payment?.kept;
    },
    refund: (what: object) => {
      asked += 1;
      return call(requestRefundRoute({ payments, orders: { describe }, now: () => after(60) }), {
        operation: 'requestRefund',
        caller: staff,
        pathParameters: { paymentId: payment.paymentId },
        headers: { 'content-type': 'application/json', 'idempotency-key': `key-${asked}` },
        body: JSON.stringify({ reason: 'Broken', ...what }),
      });
    },
  };
};

const mice = (quantity: number) => ({ lines: [{ productId: 'PROD-002', quantity }] });

describe('a refund of lines', () => {
  test.each(['PENDING', 'CONFIRMED', 'PROCESSING'] as const)(
    'F-01 is refused while the order is %s, and says what to do instead',
    async (status) => {
      const { refund, stored } = await desk({ status });
      const { status: code, body } = await refund(mice(1));
      expect([code, body.title]).toEqual([409, 'OrderNotShipped']);
      expect(body.detail).toContain('Refund an amount, refund everything that is left, or cancel the order.');
      expect((await stored())?.refunds).toEqual([]);
    },
  );

  test.each(['SHIPPED', 'DELIVERED', 'RETURNED', 'CANCELLED'] as const)(
    'F-01 is taken once the order is %s',
    async (status) => {
      const { refund } = await desk({ status });
      expect(await refund(mice(1))).toMatchObject({ status: 202, body: { amount: 3300 } });
    },
  );

  test('F-01 before shipment is taken when it is all that is left: that is a refund of everything', async () => {
    const { refund, describe } = await desk({ status: 'PROCESSING' });
    expect(await refund(mice(2))).toMatchObject({ status: 202, body: { amount: 6600 } });
    expect(describe).not.toHaveBeenCalled();
  });

  test('F-01 is all that is left also after an amount was refunded before', async () => {
    const { refund } = await desk();
    expect((await refund({ amount: 600 })).status).toBe(202);
    expect(await refund(mice(2))).toMatchObject({ status: 202, body: { amount: 6000 } });
  });

  test('F-01 503 with Retry-After, and nothing is refunded, when the order service gives no answer', async () => {
    const { refund, stored } = await desk({ orderService: async () => Promise.reject(new Error('timed out')) });
    const { status, body, headers } = await refund(mice(1));
    expect([status, body.title, headers['retry-after']]).toEqual([503, 'OrderServiceUnavailable', '1']);
    expect((await stored())?.refunds).toEqual([]);
  });
});

describe('what is kept of a payment', () => {
  test('F-01 is what is neither refunded nor about to be', async () => {
    const { refund, kept } = await desk();
    expect(await kept()).toBe(6600);
    await refund({ amount: 600 });
    expect(await kept()).toBe(6000);
    await refund({ amount: 6000 });
    expect(await kept()).toBe(0);
  });

  test('F-01 is nothing before it is captured', async () => {
    const payments = { get: async () => requested({ tenant }) };
    const told = await tellOrder({ payments })({ ask: 'describe-payment', tenantId: tenant, orderId: 'ORD-000001' });
    expect(told.payment?.kept).toBe(0);
  });

  test('F-01 is all of it again when the refund has failed', async () => {
    const failed = { refundId: 'REF-ORD-000001-1', amount: 6600, reason: 'x', status: 'FAILED' as const };
    const { kept } = await desk({
      change: { refunds: [{ ...failed, externalPaymentId: 'pi_1', createdAt: '2026-11-21T08:01:00.000Z' }] },
    });
    expect(await kept()).toBe(6600);
  });
});
