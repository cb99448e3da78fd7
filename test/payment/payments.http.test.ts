import { type Caller, guest } from '../../lambda/kernel/http/caller';
import type { Request, Route } from '../../lambda/kernel/http/route';
import { hashToken } from '../../lambda/kernel/http/token-hash';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { accountStore } from '../../lambda/payment/accounts/account.store';
import { getBalanceRoute, topUpAccountRoute } from '../../lambda/payment/accounts/accounts.http';
import { applyProviderUpdate } from '../../lambda/payment/domain/apply-update';
import type { Payment } from '../../lambda/payment/domain/payment';
import { paymentStore } from '../../lambda/payment/payment.store';
import { detailsEncryption } from '../../lambda/payment/payment-details.gateway';
import {
  answerVersion,
  getOrderPaymentRoute,
  getPaymentRoute,
  listPaymentsRoute,
} from '../../lambda/payment/payments.http';
import { accountBook } from '../../lambda/payment/providers/balance/balance.gateway';
import { requestRefundRoute } from '../../lambda/payment/refunds/request-refund.http';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call, type Operation } from '../support/http';
import { placedOrder } from '../support/orders';
import { after, by, requested, snapshot } from '../support/payments';
import { onlySecret } from '../support/secrets';

const tenant = trustedTenant('shop-a');

const callers = {
  customer: { tenant, userId: 'customer-1', roles: ['customer'] },
  stranger: { tenant, userId: 'customer-2', roles: ['customer'] },
  staff: { tenant, userId: 'staff-1', roles: ['staff'] },
  otherStaff: { tenant: trustedTenant('shop-b'), userId: 'staff-1', roles: ['staff'] },
  guest: guest(tenant),
} as const satisfies Record<string, Caller>;

type Sent = {
  readonly as?: keyof typeof callers;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  readonly query?: Record<string, string>;
};

const must = (payment: Payment | undefined): Payment => {
  if (payment === undefined) throw new Error('nothing changed');
  return payment;
};

const checkout = { redirectUrl: 'https://pay.example.com/1', clientSecret: 'pi_1_secret' };
const card = { brand: 'visa', last4: '4242' };

const api = async () => {
  const { encryptDetails, decryptDetails } = detailsEncryption(
    onlySecret('a secret of at least thirty-two characters'),
  );
  const { db } = memoryDynamoDb();
  const payments = paymentStore('payments', db);
  const waiting = requested({ tenant });
  await payments.insert(
    must(applyProviderUpdate(waiting, encryptDetails(waiting, snapshot('OPEN', { checkout })), by('create', 1))),
  );
  const paid = requested({ tenant, orderId: 'ORD-000002' });
  await payments.insert({
    ...must(applyProviderUpdate(paid, encryptDetails(paid, snapshot('CAPTURED', { checkout, card })), by('stripe', 9))),
    createdAt: after(1).toISOString(),
  });
  const { lines, total, currency, stockStatus } = placedOrder();
  const order = { ownerId: 'customer-1', trackingTokenHash: hashToken('token-1'), version: 1, lines: [...lines] };
  const shipped = { status: 'SHIPPED' as const, paymentStatus: 'PAID' as const };
  const described = { ...order, total, currency, stockStatus, ...shipped };
  const orders = { describe: async (of: string) => (of === tenant ? described : undefined) };
  const now = () => after(60);
  const withLiveCheckout = async (payment: Payment) => payment;
  const reading = { payments, orders, decryptDetails, withLiveCheckout, cursorSecret: onlySecret('secret'), now };
  const book = accountBook(accountStore('accounts', db));
  const users = { describe: async () => ({ status: 'ACTIVE' as const }) };
  const routes = {
    getOrderPayment: getOrderPaymentRoute(reading),
    listPayments: listPaymentsRoute(reading),
    getPayment: getPaymentRoute(reading),
    requestRefund: requestRefundRoute({ payments, orders, now }),
    getBalance: getBalanceRoute({ book }),
    topUpAccount: topUpAccountRoute({ book, users, now }),
  } satisfies Partial<Record<Operation, Route>>;
  return (operation: keyof typeof routes, { as = 'staff', body, headers = {}, ...rest }: Sent = {}) =>
    call(routes[operation], {
      operation,
      caller: callers[as],
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...rest,
    });
};

const of = (orderId: string) => ({ pathParameters: { orderId } });
const paymentOf = (paymentId: string) => ({ pathParameters: { paymentId } });

describe('the payment of an order', () => {
  test('S3-19 shows its owner how to pay it', async () => {
    const send = await api();
    const { status, body, headers } = await send('getOrderPayment', { as: 'customer', ...of('ORD-000001') });
    expect([status, headers.etag]).toEqual([200, '"2-open"']);
    expect(body).toMatchObject({ status: 'PROCESSING', amount: 6600, checkout, delayed: false });
    const same = await send('getOrderPayment', {
      as: 'customer',
      ...of('ORD-000001'),
      headers: { 'if-none-match': '"2-open"' },
    });
    expect(same.status).toBe(304);
  });

  test.each([
    ['the provider gives no answer', { delayed: true, checkout }, '"2-delayed-open"'],
    ['the time to pay is over', { delayed: false }, '"2"'],
  ])('S3-58 whoever asks for news is informed that %s, though nothing else has changed', (_, body, etag) => {
    const request = { header: () => '"2-open"' } as unknown as Request;
    expect(answerVersion(request, 2, body)).toEqual({ status: 200, body, headers: { etag } });
  });

  test('a guest reads it with the tracking token of the order, and not without', async () => {
    const send = await api();
    const asked = { as: 'guest', ...of('ORD-000001') } as const;
    expect(
      (await send('getOrderPayment', { ...asked, headers: { 'x-tracking-token': 'token-1' } })).body.checkout,
    ).toEqual({ ...checkout, expiresAt: '2026-11-21T08:30:00.000Z' });
    expect((await send('getOrderPayment', { ...asked, headers: { 'x-tracking-token': 'token-2' } })).status).toBe(404);
    expect((await send('getOrderPayment', asked)).status).toBe(401);
  });

  test('P8 how to pay is not for staff, and nothing of it for anybody else', async () => {
    const send = await api();
    const staff = await send('getOrderPayment', of('ORD-000001'));
    expect([staff.status, staff.body.checkout]).toEqual([200, undefined]);
    for (const as of ['stranger', 'otherStaff'] as const)
      expect((await send('getOrderPayment', { as: as, ...of('ORD-000001') })).status).toBe(404);
  });

  test('S3-21 shows the brand and the last four digits of a card, and no way to pay once it is paid', async () => {
    const send = await api();
    const { body } = await send('getOrderPayment', { as: 'customer', ...of('ORD-000002') });
    expect(body).toMatchObject({ status: 'COMPLETED', card, capturedAmount: 6600 });
    expect(body.checkout).toBeUndefined();
  });

  test.each(['ORD-000009', 'ORD-1', '../orders'])('there is none of %s', async (orderId) => {
    const send = await api();
    expect((await send('getOrderPayment', of(orderId))).status).toBe(404);
  });
});

describe('the history of payments', () => {
  test('S3-19 lists the payments of a tenant, newest first, page by page', async () => {
    const send = await api();
    const first = await send('listPayments', { query: { limit: '1' } });
    expect(first.body.items.map(({ orderId }: { orderId: string }) => orderId)).toEqual(['ORD-000002']);
    const second = await send('listPayments', { query: { limit: '1', cursor: first.body.nextCursor } });
    expect(second.body.items.map(({ orderId }: { orderId: string }) => orderId)).toEqual(['ORD-000001']);
    expect(second.body.nextCursor).toBeUndefined();
    const foreign = { as: 'customer', query: { cursor: first.body.nextCursor } } as const;
    expect((await send('listPayments', foreign)).status).toBe(400);
  });

  test('P8 a customer sees their own, and other tenants none', async () => {
    const send = await api();
    expect((await send('listPayments', { as: 'customer' })).body.items).toHaveLength(2);
    expect((await send('listPayments', { as: 'stranger' })).body.items).toEqual([]);
    expect((await send('listPayments', { as: 'otherStaff' })).body.items).toEqual([]);
    for (const as of ['stranger', 'otherStaff'] as const)
      expect((await send('getPayment', { as, ...paymentOf('PAY-ORD-000002') })).status).toBe(404);
    expect((await send('getPayment', { as: 'customer', ...paymentOf('PAY-ORD-000002') })).body.card).toEqual(card);
    expect((await send('getPayment', paymentOf('PAY-1'))).status).toBe(404);
  });
});

describe('giving money back', () => {
  const asking = (body: unknown, key = 'key-1', paymentId = 'PAY-ORD-000002') => ({
    body,
    headers: { 'idempotency-key': key },
    ...paymentOf(paymentId),
  });

  test('S3-20 an amount is asked for once, however often the request comes', async () => {
    const send = await api();
    const asked = asking({ amount: 1000, reason: 'Goodwill' });
    const answers = await Promise.all([1, 2, 3].map(() => send('requestRefund', asked)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers[0]?.body).toMatchObject({ refundId: 'REF-ORD-000002-1', amount: 1000, status: 'PENDING' });
    expect((await send('getPayment', paymentOf('PAY-ORD-000002'))).body.refunds).toHaveLength(1);
  });

  test('P3 the same key with another body is refused', async () => {
    const send = await api();
    await send('requestRefund', asking({ amount: 1000, reason: 'Goodwill' }));
    expect((await send('requestRefund', asking({ amount: 1001, reason: 'Goodwill' }))).status).toBe(422);
  });

  test('S3-20 lines go back with their tax', async () => {
    const send = await api();
    const lines = [{ productId: 'PROD-002', quantity: 1 }];
    const { body } = await send('requestRefund', asking({ lines, reason: 'Broken' }));
    expect(body).toMatchObject({ amount: 3300, lines });
    const more = await send(
      'requestRefund',
      asking({ lines: [{ productId: 'PROD-002', quantity: 2 }], reason: 'x' }, 'key-2'),
    );
    expect([more.status, more.body.errors[0].pointer]).toEqual([400, '/lines/0/quantity']);
  });

  test.each([
    ['more than is left', { amount: 6601, reason: 'x' }, 'PAY-ORD-000002', 409, 'RefundTooLarge'],
    ['what was not captured', { amount: 1, reason: 'x' }, 'PAY-ORD-000001', 409, 'PaymentNotCaptured'],
    ['decimals that the currency lacks', { amount: 1.5, reason: 'x' }, 'PAY-ORD-000002', 400, 'ValidationFailed'],
    ['nothing', { reason: 'x' }, 'PAY-ORD-000002', 400, 'ValidationFailed'],
    [
      'both',
      { amount: 1, lines: [{ productId: 'A', quantity: 1 }], reason: 'x' },
      'PAY-ORD-000002',
      400,
      'ValidationFailed',
    ],
    ['a card number', { amount: 1, reason: '4242 4242 4242 4242' }, 'PAY-ORD-000002', 400, 'ValidationFailed'],
    ['an unknown payment', { amount: 1, reason: 'x' }, 'PAY-ORD-000009', 404, 'PaymentNotFound'],
  ])('S3-20 S3-21 refuses %s', async (_, body, paymentId, status, title) => {
    const send = await api();
    const refused = await send('requestRefund', asking(body, 'key-1', paymentId));
    expect([refused.status, refused.body.title]).toEqual([status, title]);
    expect(JSON.stringify(refused.body)).not.toContain('4242');
  });

  test('needs an Idempotency-Key, and staff', async () => {
    const send = await api();
    const { headers: _, ...without } = asking({ amount: 1, reason: 'x' });
    expect((await send('requestRefund', without)).body.errors[0].pointer).toBe('/headers/Idempotency-Key');
    expect((await send('requestRefund', { as: 'customer', ...asking({ amount: 1, reason: 'x' }) })).status).toBe(403);
    expect((await send('requestRefund', { as: 'otherStaff', ...asking({ amount: 1, reason: 'x' }) })).status).toBe(404);
  });
});

describe('balances', () => {
  const topUp = (body: unknown, key = 'key-1') => ({
    body,
    headers: { 'idempotency-key': key },
    pathParameters: { userId: 'customer-1' },
  });

  test('S2-12 staff tops up an account, once for one key', async () => {
    const send = await api();
    expect((await send('getBalance', { as: 'customer' })).body).toEqual({
      userId: 'customer-1',
      currency: 'JPY',
      balance: 0,
      held: 0,
    });
    const asked = topUp({ amount: 5000, currency: 'JPY' });
    expect((await send('topUpAccount', asked)).status).toBe(201);
    expect((await send('topUpAccount', asked)).body).toMatchObject({ balance: 5000 });
    expect((await send('getBalance', { as: 'customer' })).body).toMatchObject({ balance: 5000, held: 0 });
    expect((await send('getBalance', { as: 'stranger' })).body).toMatchObject({ balance: 0 });
    expect((await send('topUpAccount', topUp({ amount: 1, currency: 'JPY' }))).status).toBe(422);
    expect((await send('topUpAccount', topUp({ amount: 1, currency: 'USD' }, 'key-2'))).status).toBe(409);
    expect((await send('topUpAccount', { as: 'customer', ...asked })).status).toBe(403);
  });
});
