import {
  type Charge,
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
} from '../../lambda/payment/providers/provider';
import { defaultCallLimits, resilient } from '../../lambda/payment/providers/providers.gateway';
import { stripeGateway } from '../../lambda/payment/providers/stripe/stripe.gateway';
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

const stripe = (given: { secretKey?: string; url?: string; timeoutMs?: number } = {}) =>
  stripeGateway({
    secretKey: 'sk_test_simulator',
    url: simulator.url,
    now: () => new Date(),
    timeoutMs: 60_000,
    ...given,
  });

test('S3-19 returns where the customer pays, and the brand and last four digits of the card once it is paid', async () => {
  const charge = aCharge();
  const { externalPaymentId, paymentIntentId, checkout } = await stripe().create(charge);
  expect(checkout?.redirectUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pay\/[0-9a-f-]{36}$/);
  expect(checkout?.clientSecret).toMatch(/^pi_\w+_secret_/);
  expect(paymentIntentId).toBe(externalPaymentId);
  await client.pay(externalPaymentId);
  const paid = await stripe().fetch({ ...charge, externalPaymentId });
  expect(paid?.card).toEqual({ brand: 'visa', last4: '4242' });
});

test('S3-19 a card that is declined may be tried again', async () => {
  const charge = aCharge();
  await client.play({ scenario: 'fails', tenant: charge.tenant, orderId: charge.orderId });
  const { externalPaymentId } = await stripe().create(charge);
  await client.pay(externalPaymentId);
  const seen = await stripe().fetch({ ...charge, externalPaymentId });
  expect(seen).toMatchObject({ state: 'DECLINED', failureReason: 'generic_decline' });
  expect(seen?.checkout?.clientSecret).toBeDefined();
});

test('S2-13 the same key with another amount is refused, and takes nothing', async () => {
  const charge = aCharge();
  await stripe().create(charge);
  await expect(stripe().create({ ...charge, amount: 1 })).rejects.toBeInstanceOf(ProviderRefusedError);
  expect(await client.payments({ tenant: charge.tenant })).toHaveLength(1);
});

test('S2-13 an amount that is not what was asked for is reported as it is', async () => {
  const charge = aCharge();
  await client.play({ scenario: 'wrong-amount', tenant: charge.tenant, orderId: charge.orderId });
  const { externalPaymentId } = await stripe().create(charge);
  await client.pay(externalPaymentId);
  expect(await stripe().fetch({ ...charge, externalPaymentId })).toMatchObject({ state: 'CAPTURED', amount: 6599 });
});

test('S2-13 a capture that a cancel came too late for is reported as a capture', async () => {
  const charge = aCharge();
  await client.play({ scenario: 'late-success', tenant: charge.tenant, orderId: charge.orderId });
  const { externalPaymentId } = await stripe().create(charge);
  expect(await stripe().cancel({ ...charge, externalPaymentId })).toMatchObject({ state: 'CAPTURED', amount: 6600 });
});

test('S2-13 what Stripe has not authorized is not captured', async () => {
  const charge = aCharge();
  const { externalPaymentId } = await stripe().create(charge);
  expect(await stripe().capture({ ...charge, externalPaymentId })).toMatchObject({ state: 'OPEN' });
});

test.each([
  ['refund-fails', 'FAILED'],
  ['refund-pending', 'PROCESSING'],
])('S3-18 a refund of the scenario %s is %s', async (scenario, state) => {
  const charge = aCharge();
  await client.play({ scenario, tenant: charge.tenant, orderId: charge.orderId, delayMs: 60_000 });
  const { externalPaymentId } = await stripe().create(charge);
  await client.pay(externalPaymentId);
  const refund = { refundId: 'R-1', amount: 600, currency: 'JPY', reason: 'returned', key: `${charge.key}:R-1` };
  const asked = { ...charge, externalPaymentId };
  expect(await stripe().refund(asked, refund)).toMatchObject({ amount: 600, state });
});

test('S3-18 a refund that was pending is reported as it is now, although its key is the same', async () => {
  const charge = aCharge();
  await client.play({ scenario: 'refund-pending', tenant: charge.tenant, orderId: charge.orderId, delayMs: 1 });
  const { externalPaymentId } = await stripe().create(charge);
  await client.pay(externalPaymentId);
  const refund = { refundId: 'R-1', amount: 600, currency: 'JPY', reason: 'returned', key: `${charge.key}:R-1` };
  const asked = { ...charge, externalPaymentId };
  await stripe().refund(asked, refund);
  for (;;) if ((await client.payments({ id: externalPaymentId }))[0]?.refunds[0]?.state === 'done') break;
  expect(await stripe().refund(asked, refund)).toMatchObject({ state: 'COMPLETED' });
});

test.each([
  ['CREDIT_CARD', ['card']],
  ['DEBIT_CARD', ['card']],
  ['APPLE_PAY', ['card']],
  ['GOOGLE_PAY', ['card']],
  ['AMAZON_PAY', ['amazon_pay']],
] as const)('S3-16 by %s Stripe lets the customer pay by %j alone', async (paymentMethod, methods) => {
  const { externalPaymentId } = await stripe().create(aCharge({ paymentMethod }));
  expect((await client.payments({ id: externalPaymentId }))[0]?.methods).toEqual(methods);
});

test('S3-16 by PAYPAL Stripe lets the customer pay by PayPal alone', async () => {
  const { externalPaymentId } = await stripe().create(aCharge({ paymentMethod: 'PAYPAL', currency: 'EUR' }));
  expect((await client.payments({ id: externalPaymentId }))[0]?.methods).toEqual(['paypal']);
});

test.each([
  ['three decimals', { currency: 'KWD', amount: 10_199 }, 'parameter_invalid_integer'],
  ['less than the least', { currency: 'USD', amount: 49 }, 'amount_too_small'],
  ['less than fifty yen', { amount: 49 }, 'amount_too_small'],
  ['nine digits', { currency: 'USD', amount: 100_000_000 }, 'amount_too_large'],
  ['a currency that it does not know', { currency: 'IRR' }, 'parameter_invalid_string'],
  ['a currency that PayPal does not take', { paymentMethod: 'PAYPAL' }, 'parameter_invalid_string'],
] as const)('F-07 the simulator refuses what Stripe refuses: %s', async (_what, given, reason) => {
  const charge = aCharge(given);
  await expect(stripe().create(charge)).rejects.toMatchObject({ reason });
  expect(await client.payments({ tenant: charge.tenant })).toEqual([]);
});

test('F-07 the simulator gives back two of three decimals, as Stripe does', async () => {
  const charge = aCharge({ currency: 'KWD', amount: 10_190 });
  const { externalPaymentId } = await stripe().create(charge);
  await client.pay(externalPaymentId);
  const refund = { refundId: 'R-1', currency: 'KWD', reason: 'returned' };
  const asked = { ...charge, externalPaymentId };
  await expect(stripe().refund(asked, { ...refund, amount: 2199, key: `${charge.key}:1` })).rejects.toMatchObject({
    reason: 'parameter_invalid_integer',
  });
  expect(await stripe().refund(asked, { ...refund, amount: 2190, key: `${charge.key}:2` })).toMatchObject({
    amount: 2190,
    state: 'COMPLETED',
  });
});

test.each(['ISK', 'MGA', 'UGX'])(
  'S2-13 %s, which Stripe counts in other units, is refused before it is asked',
  async (currency) => {
    const charge = aCharge({ currency });
    await expect(stripe().create(charge)).rejects.toMatchObject({ reason: 'currency-not-supported' });
    expect(await client.payments({ tenant: charge.tenant })).toEqual([]);
  },
);

test.each([
  ['a key that Stripe does not know', () => ({ secretKey: 'sk_test_other' })],
  ['nobody there', () => ({ url: 'http://127.0.0.1:1' })],
])('S3-58 %s is no refusal: it may work later', async (_, given) => {
  await expect(stripe(given()).create(aCharge())).rejects.toBeInstanceOf(ProviderUnavailableError);
});

test('S3-58 an answer that takes too long is none, and what was asked has happened', async () => {
  const charge = aCharge();
  await client.play({ scenario: 'slow', tenant: charge.tenant, orderId: charge.orderId, delayMs: 60_000 });
  await expect(stripe({ timeoutMs: 50 }).create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(await client.payments({ tenant: charge.tenant })).toHaveLength(1);
});

test('S3-58 a provider that is down takes nothing', async () => {
  const charge = aCharge();
  await client.play({ scenario: 'provider-down', tenant: charge.tenant, orderId: charge.orderId });
  await expect(stripe().create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
  expect(await client.payments({ tenant: charge.tenant })).toEqual([]);
  await client.play({ scenario: 'succeeds', tenant: charge.tenant, orderId: charge.orderId });
  expect(await stripe().create(charge)).toMatchObject({ state: 'OPEN' });
});

/** A Stripe that answers every query with this error. */
const refusing = (status: number, type: string, code: string) =>
  answering(status, { error: { type, code, message: code } });

test.each(['idempotency_error', 'invalid_request_error'])(
  'P5 a query that Stripe is still answering is no refusal, though it is called %s',
  async (type) => {
    using server = await refusing(409, type, 'idempotency_key_in_use');
    const charge = aCharge();
    const refund = { refundId: 'R-1', amount: 600, currency: 'JPY', reason: 'returned', key: `${charge.key}:R-1` };
    const asked = { ...charge, externalPaymentId: 'pi_1' };
    await expect(stripe(server).create(charge)).rejects.toBeInstanceOf(ProviderUnavailableError);
    await expect(stripe(server).refund(asked, refund)).rejects.toBeInstanceOf(ProviderUnavailableError);
  },
);

test('S2-13 what Stripe refuses to make was never made; the same key for something else is one that was', async () => {
  using small = await refusing(400, 'invalid_request_error', 'amount_too_small');
  await expect(stripe(small).create(aCharge())).rejects.toMatchObject({ reason: 'amount_too_small' });
  expect(await stripe().fetch(aCharge())).toBeUndefined();
  expect(await stripe().fetch(aCharge({ currency: 'ISK' }))).toBeUndefined();
  using other = await refusing(400, 'idempotency_error', 'idempotency_error');
  await expect(stripe(other).fetch(aCharge())).rejects.toBeInstanceOf(ProviderRefusedError);
});

const key = (charge: Charge, keyNumber: number): Charge => ({
  ...charge,
  keyNumber,
  key: `${charge.key}/key-${keyNumber}`,
});

const playing = async (scenario: string, times = 1): Promise<Charge> => {
  const charge = aCharge();
  await client.play({ scenario, tenant: charge.tenant, orderId: charge.orderId, times });
  return charge;
};

test('F-14 a key that Stripe answers with a 500 is spent, and the next one makes the payment', async () => {
  const charge = await playing('key-fails');
  for (let asked = 0; asked < 3; asked += 1)
    await expect(stripe().create(charge)).rejects.toBeInstanceOf(ProviderKeySpentError);
  expect(await stripe().fetch(charge)).toBeUndefined();
  const made = await stripe().create(key(charge, 1));
  expect(made).toMatchObject({ state: 'OPEN', paymentId: charge.paymentId });
  expect(await stripe().fetch(key(charge, 1))).toMatchObject({ externalPaymentId: made.externalPaymentId });
  expect(await stripe().fetch(charge)).toBeUndefined();
  expect(await client.payments({ tenant: charge.tenant })).toHaveLength(1);
});

test('F-14 what a 500 has made after all is found by whose it is, with how it is paid', async () => {
  const charge = await playing('key-fails-after');
  await expect(stripe().create(charge)).rejects.toBeInstanceOf(ProviderKeySpentError);
  const found = await stripe().fetch(charge);
  expect(found).toMatchObject({ state: 'OPEN', amount: 6600, tenant: charge.tenant, paymentId: charge.paymentId });
  expect(found?.checkout?.clientSecret).toMatch(/^pi_\w+_secret_/);
  expect(await stripe().fetch(key(charge, 1))).toBeUndefined();
});

test('F-14 P5 a refund is made once, though the first key fails before or after its effect', async () => {
  for (const scenario of ['key-fails', 'key-fails-after']) {
    const charge = aCharge();
    const { externalPaymentId } = await stripe().create(charge);
    await client.pay(externalPaymentId);
    await client.play({ scenario, tenant: charge.tenant, orderId: charge.orderId });
    const asked = { ...charge, externalPaymentId };
    const refund = { refundId: 'R-1', amount: 600, currency: 'JPY', reason: 'returned', key: `${charge.key}:R-1` };
    await expect(stripe().refund(asked, refund)).rejects.toBeInstanceOf(ProviderKeySpentError);
    const again = { ...refund, key: `${refund.key}/key-1` };
    expect(await stripe().refund(asked, again)).toMatchObject({ amount: 600, state: 'COMPLETED' });
    expect(await stripe().refund(asked, again)).toMatchObject({ amount: 600, state: 'COMPLETED' });
    expect(await client.payments({ id: externalPaymentId })).toMatchObject([
      { refunded: 600, refunds: [{ amount: 600 }] },
    ]);
  }
});

test('F-14 a key that another request is using is asked with again', async () => {
  const charge = await playing('key-busy', 2);
  for (let asked = 0; asked < 2; asked += 1) {
    const refused = await stripe()
      .create(charge)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProviderUnavailableError);
  }
  expect(await stripe().create(charge)).toMatchObject({ state: 'OPEN' });
});

test.each([
  [409, 'idempotency_error', 'idempotency_key_in_use', ProviderUnavailableError],
  [429, 'invalid_request_error', 'lock_timeout', ProviderUnavailableError],
  [429, 'invalid_request_error', 'rate_limit', ProviderUnavailableError],
  [502, 'api_error', 'bad_gateway', ProviderUnavailableError],
  [503, 'api_error', 'down', ProviderUnavailableError],
  [500, 'api_error', 'fault', ProviderKeySpentError],
  [400, 'idempotency_error', 'idempotency_error', ProviderKeySpentError],
  [402, 'card_error', 'card_declined', ProviderRefusedError],
])('F-14 Stripe answers %i %s %s to a query with a key', async (status, type, code, expected) => {
  using server = await refusing(status, type, code);
  const charge = aCharge();
  const error = await stripe(server)
    .create(charge)
    .catch((thrown: unknown) => thrown);
  expect((error as Error).constructor).toBe(expected);
});

test.each(['fetch', 'capture', 'cancel'] as const)('F-14 a 500 to %s, which has no key, is no answer', async (call) => {
  using server = await refusing(500, 'api_error', 'fault');
  const error = await stripe(server)
    [call]({ ...aCharge(), externalPaymentId: 'pi_1' })
    .catch((thrown: unknown) => thrown);
  expect((error as Error).constructor).toBe(ProviderUnavailableError);
});

test('F-14 nothing is made only to be looked at, taken or cancelled', async () => {
  const charge = aCharge();
  expect(await stripe().fetch(charge)).toBeUndefined();
  expect(await stripe().cancel(charge)).toMatchObject({ state: 'CANCELLED', paymentId: charge.paymentId });
  await expect(stripe().capture(charge)).rejects.toBeInstanceOf(ProviderRefusedError);
  expect(await client.payments({ tenant: charge.tenant })).toEqual([]);
});

test('F-14 a spent key opens no breaker, and is not asked with again', async () => {
  const charge = await playing('key-fails', 100);
  const changes: string[] = [];
  const guarded = resilient((state) => changes.push(state), { ...defaultCallLimits, firstPauseMs: 1 });
  for (let asked = 0; asked < 6; asked += 1)
    await expect(guarded(() => stripe().create(key(charge, asked + 1)))).rejects.toBeInstanceOf(ProviderKeySpentError);
  expect(changes).toEqual([]);
});
