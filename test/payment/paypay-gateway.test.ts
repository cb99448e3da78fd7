import { payPayIdOf } from '../../lambda/contracts/values/paypay-ids';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { payPayGateway } from '../../lambda/payment/providers/paypay/paypay.gateway';
import { opaAuth } from '../../lambda/payment/providers/paypay/paypay-client.gateway';
import { merchantRefundId } from '../../lambda/payment/providers/paypay/paypay-snapshot';
import { ProviderUnavailableError } from '../../lambda/payment/providers/provider';
import { defaultCallLimits, resilient } from '../../lambda/payment/providers/providers.gateway';
import { simulatorKeys } from '../../scripts/payment-simulator/keys';
import type { Simulator } from '../../scripts/payment-simulator/server';
import { type SimulatorClient, simulatorAt, startPaymentSimulator } from '../support/payment-simulator';
import { answering } from './answering';
import { aCharge } from './charges';

let simulator: Simulator;
let client: SimulatorClient;
beforeAll(async () => {
  simulator = await startPaymentSimulator();
  client = simulatorAt(simulator.url);
});
afterAll(() => simulator.stop());

const { apiKey, apiSecret, merchantId } = simulatorKeys.paypay;
const payPay = (given: { apiSecret?: string; timeoutMs?: number; url?: string; now?: () => Date } = {}) =>
  payPayGateway({
    apiKey,
    apiSecret,
    merchantId,
    url: simulator.url,
    now: () => new Date(),
    timeoutMs: 60_000,
    ...given,
  });

const paying = (given = {}) => aCharge({ paymentMethod: 'PAYPAY', ...given });

test("S2-13 signs requests as PayPay's documents show them", () => {
  const documented = { apiKey: 'APIKeyGenerated', apiSecret: 'APIKeySecretGenerated', merchantId: 'm' };
  const body = '{"sampleRequestBodyKey1":"sampleRequestBodyValue1","sampleRequestBodyKey2":"sampleRequestBodyValue2"}';
  const post = { method: 'POST', path: '/v2/codes', body, nonce: 'acd028', epochSeconds: 1579843452 } as const;
  expect(opaAuth(documented, post)).toBe(
    'hmac OPA-Auth:APIKeyGenerated:NW1jKIMnzR7tEhMWtcJcaef+nFVBt7jjAGcVuxHhchc=:acd028:1579843452:1j0FnY4flNp5CtIKa7x9MQ==',
  );
  const sample = { apiKey: 'sample_key', apiSecret: 'sample_secret', merchantId: 'm' };
  const path = '/v2/payments/TEST_merchantPaymentID';
  expect(opaAuth(sample, { method: 'GET', path, nonce: 'a360e2', epochSeconds: 1743139337 })).toBe(
    'hmac OPA-Auth:sample_key:JbUZwAUKeQ+WDClEjkCGwYG/juFR+Dd5RK5AfL0gK9w=:a360e2:1743139337:empty',
  );
});

test('S2-13 every ID that PayPay is given fits into its 64 characters', () => {
  const longest = { tenant: trustedTenant('a'.repeat(40)), paymentId: 'PAY-ORD-123456789012' };
  expect(payPayIdOf(longest, 'zz')).toHaveLength(64);
  expect(merchantRefundId('shop-a_R-1')).toBe('shop-a_R-1');
  expect(merchantRefundId(`shop-a#PAY-ORD-000001#${'x'.repeat(80)}`)).toMatch(/^[0-9a-f]{64}$/);
});

test('S3-19 returns where the customer pays', async () => {
  const charge = paying();
  const { externalPaymentId, paymentIntentId, checkout } = await payPay().create(charge);
  expect(checkout?.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pay\/[0-9a-f-]{36}$/);
  expect(externalPaymentId).toBe(`${charge.tenant}_${charge.paymentId}`);
  expect(paymentIntentId).toMatch(/^code-/);
});

test('S2-13 a code whose address was lost is followed by another, and that one alone can be paid', async () => {
  const charge = paying();
  await client.play({ scenario: 'answer-lost', tenant: charge.tenant, orderId: charge.orderId, times: 20 });
  for (let asked = 0; asked < 20; asked += 1)
    await expect(payPay().create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
  const seen = await payPay().create(charge);
  expect(seen).toMatchObject({ state: 'OPEN', tenant: charge.tenant, paymentId: charge.paymentId });
  expect(seen.externalPaymentId).toMatch(/_PAY-ORD-\d{6}-[0-9a-z]{2}$/);
  await client.pay(seen.externalPaymentId);
  const asked = { ...charge, externalPaymentId: seen.externalPaymentId };
  expect(await payPay().fetch(asked)).toMatchObject({ state: 'CAPTURED', paymentId: charge.paymentId });
  const states = (await client.payments({ tenant: charge.tenant })).map(({ state }) => state);
  expect(states.filter((state) => state === 'paid')).toHaveLength(1);
});

test('S2-13 a code that was paid although its answer was lost is the payment', async () => {
  const charge = paying();
  await client.play({ scenario: 'answer-lost', tenant: charge.tenant, orderId: charge.orderId });
  await expect(payPay().create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
  await client.pay(`${charge.tenant}_${charge.paymentId}`);
  expect(await payPay().create(charge)).toMatchObject({ state: 'CAPTURED', amount: 6600 });
  expect(await client.payments({ tenant: charge.tenant })).toHaveLength(1);
});

test('S3-19 a payment that has failed is over', async () => {
  const charge = paying();
  await client.play({ scenario: 'fails', tenant: charge.tenant, orderId: charge.orderId });
  const { externalPaymentId } = await payPay().create(charge);
  await client.pay(externalPaymentId);
  expect(await payPay().fetch({ ...charge, externalPaymentId })).toMatchObject({ state: 'FAILED' });
});

test('S2-13 a capture that a cancel came too late for is reported as a capture', async () => {
  const charge = paying();
  await client.play({ scenario: 'late-success', tenant: charge.tenant, orderId: charge.orderId });
  const { externalPaymentId, paymentIntentId } = await payPay().create(charge);
  const asked = { ...charge, externalPaymentId, paymentIntentId };
  expect(await payPay().cancel(asked)).toMatchObject({ state: 'CAPTURED', amount: 6600 });
});

test('S2-13 takes nothing but yen', async () => {
  await expect(payPay().create(paying({ currency: 'USD' }))).rejects.toMatchObject({
    reason: 'currency-not-supported',
  });
});

test.each([
  ['a secret that PayPay does not know', { apiSecret: 'other' }],
  ['a clock that is ten minutes off', { now: () => new Date(Date.now() - 600_000) }],
])('S3-58 %s is no refusal: it may work later', async (_, given) => {
  const charge = paying();
  await expect(payPay(given).create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(await client.payments({ tenant: charge.tenant })).toEqual([]);
});

test('S3-58 an answer that takes too long is none', async () => {
  const charge = paying();
  await client.play({ scenario: 'slow', tenant: charge.tenant, orderId: charge.orderId, delayMs: 60_000 });
  await expect(payPay({ timeoutMs: 50 }).create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
});

test('S3-19 a code that nobody has paid is open, though PayPay reports nothing of it but that', async () => {
  const charge = paying();
  const { externalPaymentId } = await payPay().create(charge);
  const { tenant, paymentId } = charge;
  expect(await payPay().fetch({ ...charge, externalPaymentId })).toMatchObject({
    state: 'OPEN',
    amount: 6600,
    currency: 'JPY',
    ...{ externalPaymentId, tenant, paymentId },
  });
});

test.each([
  ['refund-fails', 'PROCESSING'], // PayPay tries again by itself: asked again, it would give back twice
  ['refund-pending', 'PROCESSING'],
])('S3-18 a refund of the scenario %s is %s', async (scenario, state) => {
  const charge = paying();
  await client.play({ scenario, tenant: charge.tenant, orderId: charge.orderId, delayMs: 60_000 });
  const { externalPaymentId } = await payPay().create(charge);
  await client.pay(externalPaymentId);
  const refund = { refundId: 'R-1', amount: 600, currency: 'JPY', reason: 'returned', key: `${charge.key}:R-1` };
  expect(await payPay().refund({ ...charge, externalPaymentId }, refund)).toMatchObject({ amount: 600, state });
});

test('S3-58 an outage opens the breaker, whoever writes its answers', async () => {
  using gone = await answering(503, { message: 'Service Unavailable' });
  const changes: string[] = [];
  const guarded = resilient((state) => changes.push(state), { ...defaultCallLimits, firstPauseMs: 1 });
  for (let asked = 0; asked < 2; asked += 1)
    await expect(guarded(() => payPay(gone).create(paying()))).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(changes).toEqual(['open']);
});

test('P5 a capture whose amount is not told is not taken for one of what was asked for', async () => {
  const data = { status: 'COMPLETED', paymentId: '1234' };
  using vague = await answering(200, { resultInfo: { code: 'SUCCESS' }, data });
  await expect(payPay(vague).fetch(paying({}))).rejects.toBeInstanceOf(ProviderUnavailableError);
});

const rightly = (given: Parameters<typeof payPay>[0] & { returnUrl?: string }) =>
  payPayGateway({ ...simulatorKeys.paypay, url: simulator.url, now: () => new Date(), timeoutMs: 60_000, ...given });

test('F-06 returns until when a code can be paid: five minutes, unless PayPay says something else', async () => {
  const before = Date.now();
  const { checkout } = await payPay().create(paying());
  const left = Date.parse(checkout?.expiresAt ?? '') - before;
  expect(left).toBeGreaterThan(298_000);
  expect(left).toBeLessThanOrEqual(301_000);
  const eight = new Date('2026-11-21T08:00:00.000Z');
  const code = { codeId: 'code-1', url: 'https://pay.example.com/1' };
  using silent = await answering(201, { resultInfo: { code: 'SUCCESS' }, data: code });
  expect((await payPay({ ...silent, now: () => eight }).create(paying())).checkout?.expiresAt).toBe(
    '2026-11-21T08:05:00.000Z',
  );
  using told = await answering(201, { resultInfo: { code: 'SUCCESS' }, data: { ...code, expiryDate: 1795248060 } });
  expect((await payPay({ ...told, now: () => eight }).create(paying())).checkout?.expiresAt).toBe(
    '2026-11-21T08:01:00.000Z',
  );
});

test('F-06 a code that has expired cannot be paid, though PayPay calls it open still; the next one can', async () => {
  const charge = paying();
  await client.play({ scenario: 'code-expires', tenant: charge.tenant, orderId: charge.orderId, delayMs: 1 });
  const { externalPaymentId, paymentIntentId } = await payPay().create(charge);
  const asked = { ...charge, externalPaymentId, paymentIntentId };
  await new Promise((resolve) => setTimeout(resolve, 5));
  await client.pay(externalPaymentId);
  expect(await payPay().fetch(asked)).toMatchObject({ state: 'OPEN' });
  expect(await payPay().cancel(asked)).toMatchObject({ state: 'CANCELLED' });
  await client.play({ scenario: 'succeeds', tenant: charge.tenant, orderId: charge.orderId });
  const next = await payPay().create({ ...charge, keyNumber: 1 });
  expect(next.externalPaymentId).toBe(`${charge.tenant}_${charge.paymentId}-01`);
  await client.pay(next.externalPaymentId);
  const paid = { state: 'CAPTURED', tenant: charge.tenant, paymentId: charge.paymentId };
  expect(await payPay().fetch({ ...charge, keyNumber: 1 })).toMatchObject(paid);
});

test('F-06 PayPay is told the page of the shop that the customer comes back to', async () => {
  const bodies: string[] = [];
  const sent = jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    bodies.push(String(init?.body));
    return new Response(
      JSON.stringify({ resultInfo: { code: 'SUCCESS' }, data: { codeId: 'c', url: 'https://p.example.com' } }),
    );
  });
  const charge = paying();
  await rightly({ returnUrl: 'https://{tenant}.example.com/orders/{orderId}' }).create(charge);
  await rightly({}).create(charge);
  sent.mockRestore();
  expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
    redirectUrl: `https://${charge.tenant}.example.com/orders/${charge.orderId}`,
    redirectType: 'WEB_LINK',
  });
  expect(bodies[1]).not.toContain('redirect');
});
