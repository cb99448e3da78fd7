import type { OrderStatus } from '../../lambda/contracts/values/order-status';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { describePayment } from '../../lambda/payment/describe-payment';
import type { Payment } from '../../lambda/payment/domain/payment';
import type { PaymentTerms } from '../../lambda/payment/domain/request-payment';
import type { DescribedOrder } from '../../lambda/payment/order.gateway';
import { paymentStore } from '../../lambda/payment/payment.store';
import { requestRefundRoute } from '../../lambda/payment/refunds/request-refund.http';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
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
  const payments = paymentStore('payments', memoryDynamoDb().db);
  const payment = requested({ tenant, ...terms });
  const { amount, currency } = payment;
  await payments.insert({ ...seen(payment, 'CAPTURED', { amount, currency }), ...change });
  const describe = jest.fn(orderService ?? (async () => orderThatIs(status)));
  let asked = 0;
  return {
    describe,
    stored: () => payments.get(payment),
    kept: async () => {
      const told = await describePayment({ payments })({
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
    const told = await describePayment({ payments })({
      ask: 'describe-payment',
      tenantId: tenant,
      orderId: 'ORD-000001',
    });
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

describe('a refund that cannot be', () => {
  const free = { productId: 'GIFT-1', quantity: 1, unitPrice: 0, taxRateBps: 1000 };
  const paid = { productId: 'PROD-002', quantity: 2, unitPrice: 3000, taxRateBps: 1000 };

  test('F-13 of lines that cost nothing says so', async () => {
    const { refund, stored } = await desk({ status: 'DELIVERED', terms: { lines: [free, paid] } });
    const { status, body } = await refund({ lines: [{ productId: 'GIFT-1', quantity: 1 }] });
    expect([status, body.title]).toEqual([400, 'ValidationFailed']);
    expect(body.errors).toEqual([{ pointer: '/lines', detail: 'cost nothing, so nothing can be refunded' }]);
    expect((await stored())?.refunds).toEqual([]);
  });

  test('F-13 of a free line together with one that was paid is one of what was paid', async () => {
    const { refund } = await desk({ status: 'DELIVERED', terms: { lines: [free, paid] } });
    const lines = [
      { productId: 'GIFT-1', quantity: 1 },
      { productId: 'PROD-002', quantity: 1 },
    ];
    expect(await refund({ lines })).toMatchObject({ status: 202, body: { amount: 3300 } });
  });

  test('F-13 says that everything is given back already, also for a free line', async () => {
    const { refund } = await desk({ status: 'DELIVERED', terms: { lines: [free, paid] } });
    await refund({ amount: 6600 });
    for (const what of [{ amount: 1 }, { lines: [{ productId: 'GIFT-1', quantity: 1 }] }, mice(1)]) {
      const { status, body } = await refund(what);
      expect([status, body.title]).toEqual([409, 'RefundTooLarge']);
      expect(body.detail).toBe('All captured money is already refunded or being refunded.');
    }
  });

  test('F-13 of an amount says how much may still be given back', async () => {
    const { refund } = await desk();
    await refund({ amount: 6000 });
    expect((await refund({ amount: 601 })).body.detail).toBe('No more than 600 JPY can still be refunded.');
  });
});

describe('a refund in a currency with three decimals', () => {
  const kwd = (lines: readonly [string, number, number][]): Partial<PaymentTerms> => ({
    currency: 'KWD',
    amount: 10_190,
    lines: lines.map(([productId, quantity, unitPrice]) => ({ productId, quantity, unitPrice, taxRateBps: 0 })),
  });
  const terms = kwd([
    ['A', 3, 2199],
    ['B', 1, 3588],
    ['C', 5, 1],
  ]);

  test('F-07 by an amount that Stripe does not take is refused with the rule', async () => {
    const { refund, stored } = await desk({ status: 'DELIVERED', terms });
    const { status, body } = await refund({ amount: 2.199 });
    expect([status, body.errors]).toEqual([
      400,
      [{ pointer: '/amount', detail: 'in KWD the last decimal must be 0, such as 2.190 or 2.200' }],
    ]);
    expect((await refund({ amount: 0.009 })).body.errors[0].detail).toBe(
      'in KWD the last decimal must be 0, such as 0.010',
    );
    expect((await stored())?.refunds).toEqual([]);
    expect(await refund({ amount: 2.19 })).toMatchObject({ status: 202, body: { amount: 2.19 } });
  });

  test('F-07 by lines is rounded to what Stripe takes, and leaves nothing that cannot be refunded', async () => {
    const { refund, kept } = await desk({ status: 'DELIVERED', terms });
    const pieces = (productId: string, quantity: number) => ({ lines: [{ productId, quantity }] });
    const amounts = [];
    for (const [productId, quantity] of [
      ['A', 1],
      ['A', 1],
      ['B', 1],
      ['A', 1],
      ['C', 5],
    ] as const)
      amounts.push((await refund(pieces(productId, quantity))).body.amount);
    expect(amounts).toEqual([2.19, 2.2, 3.59, 2.2, 0.01]);
    expect(await kept()).toBe(0);
  });

  test('F-07 of lines that cost less than Stripe gives back at once says so', async () => {
    const { refund } = await desk({ status: 'DELIVERED', terms });
    const { status, body } = await refund({ lines: [{ productId: 'C', quantity: 1 }] });
    expect([status, body.errors]).toEqual([
      400,
      [{ pointer: '/lines', detail: 'cost less than 0.01 KWD, the smallest possible refund: add more lines' }],
    ]);
  });

  test('F-07 to a balance keeps all three decimals', async () => {
    const { refund } = await desk({ status: 'DELIVERED', terms: { ...terms, paymentMethod: 'ACCOUNT_BALANCE' } });
    expect(await refund({ amount: 2.199 })).toMatchObject({ status: 202, body: { amount: 2.199 } });
  });
});
