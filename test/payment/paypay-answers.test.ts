import { payPayGateway } from '../../lambda/payment/providers/paypay/paypay.gateway';
import { opaAuth } from '../../lambda/payment/providers/paypay/paypay-client.gateway';
import {
  ProviderRefusedError,
  ProviderUnavailableError,
  type RefundRequest,
} from '../../lambda/payment/providers/provider';
import { simulatorKeys } from '../../scripts/payment-simulator/keys';
import { aCharge } from './charges';
import { takenByPayPay } from './signed-webhooks';

const at = '2026-11-21T08:00:00.000Z';
const keys = simulatorKeys.paypay;
const payPay = payPayGateway({ ...keys, url: 'https://api.paypay.ne.jp', now: () => new Date(at) });
const id = 'shop-a_PAY-ORD-000001';
const charge = aCharge({ paymentMethod: 'PAYPAY' });
const asked = { ...charge, externalPaymentId: id };

type Answer = readonly [status: number, code: string, data?: unknown];
type Sent = { readonly asked: string; readonly headers: Record<string, string>; readonly body: string | undefined };

/** PayPay's API that answers each method and path with this, and nothing else with anything. */
const answers = (given: Readonly<Record<string, Answer>>) => {
  const sent: Sent[] = [];
  const spy = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init = {}) => {
    const asked = `${init.method} ${String(url).replace('https://api.paypay.ne.jp', '')}`;
    sent.push({ asked, headers: init.headers as Record<string, string>, body: init.body as string | undefined });
    const [status, code, data] = given[asked] ?? [404, 'RESOURCE_NOT_FOUND'];
    return Response.json({ resultInfo: { code, message: code, codeId: '08100001' }, data }, { status });
  });
  return { sent, [Symbol.dispose]: () => spy.mockRestore() };
};

/** The details of a payment, as PayPay's documents show them. */
const details = {
  paymentId: '00000000000000000001',
  status: 'COMPLETED',
  acceptedAt: 1571203200,
  merchantPaymentId: id,
  userAuthorizationId: 'pIBmJ-3Yx0XmFYmFJhTQIg',
  amount: { amount: 6600, currency: 'JPY' },
  requestedAt: 1571203199,
  storeId: null,
  orderReceiptNumber: null,
  orderDescription: 'ORD-000001',
};

const made = {
  status: 'REFUNDED',
  acceptedAt: 1571203300,
  merchantRefundId: 'key-1',
  paymentId: details.paymentId,
  amount: { amount: 600, currency: 'JPY' },
  requestedAt: 1571203299,
  reason: 'REF-ORD-000001-1',
};

const read = async (given: object) => {
  using _ = answers({ [`GET /v2/codes/payments/${id}`]: [200, 'SUCCESS', { ...details, ...given }] });
  return payPay.fetch(asked);
};

const paid = {
  state: 'CAPTURED',
  ...{ externalPaymentId: id, transactionId: '00000000000000000001', amount: 6600, currency: 'JPY' },
  ...{ tenant: 'shop-a', paymentId: 'PAY-ORD-000001', at },
};

describe("PayPay's details of a payment", () => {
  test.each([
    ['CREATED', { state: 'OPEN' }],
    ['AUTHORIZED', { state: 'AUTHORIZED' }],
    ['REAUTHORIZING', { state: 'AUTHORIZED' }],
    ['COMPLETED', { state: 'CAPTURED' }],
    ['REFUNDED', { state: 'CAPTURED', refundedAmount: 6600 }],
    ['FAILED', { state: 'FAILED', failureReason: 'failed' }],
    ['EXPIRED', { state: 'FAILED', failureReason: 'expired' }],
    ['CANCELED', { state: 'CANCELLED' }],
    ['SOMETHING_NEW', { state: 'OPEN' }],
  ])('S3-19 of the status %s are read as %j', async (status, seen) => {
    expect(await read({ status })).toStrictEqual({ ...paid, ...seen });
  });

  test('S3-19 of a code that nobody has used have no ID of PayPay, and the amount that was asked for', async () => {
    const { transactionId: _, ...open } = { ...paid, state: 'OPEN' };
    const nothing = { paymentId: undefined, merchantPaymentId: undefined, amount: undefined };
    expect(await read({ status: 'CREATED', ...nothing })).toStrictEqual(open);
  });

  const known = { externalRefundId: 'key-1', amount: 600, state: 'COMPLETED', externalPaymentId: id };
  const ours = { ...known, refundId: 'REF-ORD-000001-1' };
  const soon = { ...made, status: 'CREATED', merchantRefundId: 'key-2', reason: '' };
  const comes = { ...known, externalRefundId: 'key-2', state: 'PROCESSING' };
  const bare = { ...made, merchantRefundId: undefined, reason: undefined };

  test.each([
    ['none', { data: [] }, undefined, undefined],
    ['no list', { data: null }, undefined, undefined],
    ['nothing', null, undefined, undefined],
    ['one of ours', { data: [made] }, 600, [ours]],
    ['one for which a person gave a reason', { data: [{ ...made, reason: 'see REF-' }] }, 600, [known]],
    ['one without a reason', { data: [{ ...made, reason: null }] }, 600, [known]],
    ['one that is accepted', { data: [soon] }, undefined, [comes]],
    ['one that PayPay tries again', { data: [{ ...soon, status: 'REFUND_FAILED' }] }, undefined, [comes]],
    ['two, and one that is accepted', { data: [made, soon, made] }, 1200, [ours, comes, ours]],
    ['one without an ID', { data: [bare] }, 600, [{ ...known, externalRefundId: `${id}.1571203300.600` }]],
    [
      'one of which nothing is told',
      { data: [{ status: 'REFUNDED' }] },
      ...([0, [{ ...known, externalRefundId: `${id}.0.0`, amount: 0 }]] as const),
    ],
  ])('F-02 list its refunds: %s', async (_what, refunds, refundedAmount, listed) => {
    const seen = await read({ refunds });
    expect([seen?.refundedAmount, seen?.refunds]).toStrictEqual([refundedAmount, listed]);
  });
});

describe('a refund at PayPay', () => {
  const request: RefundRequest = {
    ...{ refundId: 'REF-ORD-000001-1', amount: 600, currency: 'JPY', reason: 'returned', key: 'key-1' },
  };
  const payment = (given: object = {}): Record<string, Answer> => ({
    [`GET /v2/codes/payments/${id}`]: [200, 'SUCCESS', { ...details, ...given }],
  });
  const known = `GET /v2/refunds/key-1?paymentId=${details.paymentId}`;

  test('S3-20 is asked for by its key, once it is known that there is none, and reported as it was accepted', async () => {
    using api = answers({
      ...payment(),
      'POST /v2/refunds': [201, 'SUCCESS', { ...made, status: 'CREATED' }],
    });
    const snapshot = { externalRefundId: 'key-1', amount: 600, state: 'PROCESSING' };
    expect(await payPay.refund(asked, request)).toEqual(snapshot);
    expect(api.sent.map((one) => one.asked)).toEqual([`GET /v2/codes/payments/${id}`, known, 'POST /v2/refunds']);
    expect(JSON.parse(api.sent[2]?.body ?? '')).toEqual({
      ...{ merchantRefundId: 'key-1', paymentId: '00000000000000000001', reason: 'REF-ORD-000001-1' },
      ...{ amount: { amount: 600, currency: 'JPY' }, requestedAt: 1795248000 },
    });
  });

  test('S3-20 that PayPay knows is not asked for again', async () => {
    using api = answers({ ...payment(), [known]: [200, 'SUCCESS', made] });
    expect(await payPay.refund(asked, request)).toMatchObject({ externalRefundId: 'key-1', state: 'COMPLETED' });
    expect(api.sent).toHaveLength(2);
  });

  test('F-02 P5 is of no more than is neither refunded nor being refunded', async () => {
    const refunds = { data: [made, { ...made, status: 'CREATED', amount: { amount: 5000, currency: 'JPY' } }] };
    using api = answers({ ...payment({ refunds }), 'POST /v2/refunds': [201, 'SUCCESS', made] });
    await expect(payPay.refund(asked, { ...request, amount: 1001 })).rejects.toMatchObject({
      reason: 'more-than-left',
    });
    expect(api.sent).toHaveLength(2);
    expect(await payPay.refund(asked, { ...request, amount: 1000 })).toMatchObject({ state: 'COMPLETED' });
  });

  test.each([
    ['of a code that nobody has used', { status: 'CREATED', paymentId: undefined }, 'DYNAMIC_QR_PAYMENT_NOT_FOUND', {}],
    ['in another currency than yen', {}, 'currency-not-supported', { currency: 'USD' }],
  ])('S3-20 %s is refused, and not asked for', async (_what, given, reason, other) => {
    using api = answers({ ...payment(given), 'POST /v2/refunds': [201, 'SUCCESS', made] });
    await expect(payPay.refund(asked, { ...request, ...other })).rejects.toMatchObject({ reason });
    expect(api.sent.map((one) => one.asked)).not.toContain('POST /v2/refunds');
  });
});

describe('what PayPay is sent', () => {
  const code = { codeId: 'code-1', url: 'https://qr.paypay.ne.jp/1', expiryDate: 1795248300 };
  const paidCode: Answer = [400, 'DYNAMIC_QR_ALREADY_PAID'];

  test('S2-13 a code is made under our ID of the payment, signed, and for the merchant', async () => {
    using api = answers({ 'POST /v2/codes': [201, 'SUCCESS', code] });
    await payPay.create(charge);
    const { headers = {}, body = '' } = api.sent[0] ?? {};
    const [, , , nonce = ''] = headers.authorization?.split(':') ?? [];
    expect(JSON.parse(body)).toEqual({
      ...{ merchantPaymentId: `${charge.tenant}_${charge.paymentId}`, amount: { amount: 6600, currency: 'JPY' } },
      ...{ codeType: 'ORDER_QR', orderDescription: charge.orderId, requestedAt: 1795248000 },
    });
    expect(nonce).toMatch(/^[0-9a-f-]{36}$/);
    const signed = { method: 'POST', path: '/v2/codes', body, nonce, epochSeconds: 1795248000 } as const;
    expect(headers).toEqual({
      authorization: opaAuth(keys, signed),
      'x-assume-merchant': keys.merchantId,
      'content-type': 'application/json;charset=UTF-8;',
    });
  });

  test('S2-13 a capture is made once under our ID, and one that was made before is read', async () => {
    const path = 'POST /v2/payments/capture';
    const payment: Record<string, Answer> = { [`GET /v2/codes/payments/${id}`]: [200, 'SUCCESS', details] };
    for (const answer of [
      [200, 'SUCCESS', details],
      [400, 'ALREADY_CAPTURED'],
    ] as const) {
      using api = answers({ ...payment, [path]: answer });
      expect(await payPay.capture(asked)).toEqual(paid);
      expect(JSON.parse(api.sent[0]?.body ?? '')).toMatchObject({ merchantPaymentId: id, merchantCaptureId: id });
    }
    using _ = answers({ ...payment, [path]: [400, 'UNACCEPTABLE_OP'] });
    await expect(payPay.capture(asked)).rejects.toMatchObject({ reason: 'UNACCEPTABLE_OP' });
  });

  test.each([
    ['deleted', [200, 'SUCCESS'] as Answer, { status: 'CREATED' }, 'CANCELLED'],
    ['gone', [404, 'DYNAMIC_QR_NOT_FOUND'] as Answer, { status: 'EXPIRED' }, 'FAILED'],
    ['paid', paidCode, {}, 'CAPTURED'],
  ])('S2-13 a code is deleted by its own ID: one that is %s', async (_what, deleted, payment, state) => {
    using api = answers({
      'DELETE /v2/codes/code-1': deleted,
      [`GET /v2/codes/payments/${id}`]: [200, 'SUCCESS', { ...details, ...payment }],
    });
    expect(await payPay.cancel({ ...asked, paymentIntentId: 'code-1' })).toMatchObject({ state });
    expect(api.sent).toHaveLength(2);
  });
});

describe("PayPay's errors", () => {
  const payment = `GET /v2/codes/payments/${id}`;

  test.each(['DYNAMIC_QR_PAYMENT_NOT_FOUND', 'DYNAMIC_QR_NOT_FOUND', 'NO_SUCH_REFUND_ORDER', 'RESOURCE_NOT_FOUND'])(
    'S2-13 %s is a payment that was never made',
    async (code) => {
      using _ = answers({ [payment]: [404, code] });
      expect(await payPay.fetch(asked)).toBeUndefined();
    },
  );

  test.each([
    [400, 'INVALID_PARAMS', ProviderRefusedError],
    [400, 'TRANSACTION_NOT_FOUND', ProviderRefusedError],
    [403, 'OP_OUT_OF_SCOPE', ProviderRefusedError],
    [401, 'UNAUTHORIZED', ProviderUnavailableError],
    [429, 'RATE_LIMIT', ProviderUnavailableError],
    [500, 'INTERNAL_SERVER_ERROR', ProviderUnavailableError],
    [503, 'MAINTENANCE_MODE', ProviderUnavailableError],
    [302, 'MOVED', ProviderUnavailableError],
  ])('S3-58 P5 %i %s is told apart: refused for good, or asked again later', async (status, code, expected) => {
    using _ = answers({ [payment]: [status, code] });
    const error = await payPay.fetch(asked).catch((thrown: unknown) => thrown);
    expect((error as Error).constructor).toBe(expected);
    if (error instanceof ProviderRefusedError) expect(error.reason).toBe(code);
  });
});

describe("PayPay's notices, as its documents show them", () => {
  const notice = {
    ...{ notification_type: 'Transaction', merchant_id: '286180000000000001', store_id: null, pos_id: null },
    ...{ order_id: '00000000000000000001', merchant_order_id: id, order_amount: '6600', state: 'COMPLETED' },
    ...{ authorized_at: null, expires_at: null, paid_at: '2026-11-21T16:59:59+09:00', confirmation_expires_at: null },
  };

  test.each([
    ['COMPLETED', { state: 'CAPTURED' }],
    ['AUTHORIZED', { state: 'AUTHORIZED' }],
    ['REFUNDED', { state: 'CAPTURED', refundedAmount: 6600 }],
    ['CANCELED', { state: 'CANCELLED' }],
    ['FAILED', { state: 'FAILED', failureReason: 'failed' }],
    ['EXPIRED', { state: 'FAILED', failureReason: 'expired' }],
    ['EXPIRED_USER_CONFIRMATION', { state: 'OPEN' }],
  ])('S3-19 of the state %s report %j', (state, seen) => {
    expect(takenByPayPay({ ...notice, state })).toStrictEqual({
      ...{ provider: 'paypay', eventId: `00000000000000000001.${state}`, at, kind: 'payment' },
      snapshot: { ...paid, ...seen },
    });
  });

  test.each([
    ['COMPLETED', null, true],
    ['REFUNDED', undefined, true],
    ['COMPLETED', 'x'.repeat(65), true],
    ['COMPLETED', 'till 4711', true],
    ['AUTHORIZED', null, false],
    ['FAILED', null, false],
  ])('P9 of the state %s under the ID %p tell of money that is none of ours: %p', (state, merchantId, isMoney) => {
    const captured = { externalIds: ['00000000000000000001'], amount: 6600, currency: 'JPY' };
    expect(takenByPayPay({ ...notice, state, merchant_order_id: merchantId })).toStrictEqual({
      ...{ provider: 'paypay', eventId: `00000000000000000001.${state}`, at, kind: 'other', type: 'Transaction' },
      ...(isMoney ? { captured } : {}),
    });
  });

  test.each(['completed', 'xCOMPLETED', 'COMPLETEDx', 'X'.repeat(65)])(
    'S2-09 of the state %s cannot be read',
    (state) => {
      const errors = [{ pointer: '/state', detail: expect.any(String) }];
      expect(takenByPayPay({ ...notice, state })).toEqual({ refused: 'unreadable', errors });
    },
  );

  test('of other kinds are known by their kind and time', () => {
    const file = { notification_type: 'file.created', path: '/2026/11/21.csv' };
    expect(takenByPayPay(file)).toStrictEqual({
      ...{ provider: 'paypay', eventId: 'file.created.1795248000', at, kind: 'other', type: 'file.created' },
    });
  });
});
