import {
  type PaymentProvider,
  ProviderKeySpentError,
  ProviderRefusedError,
  type ProviderSnapshot,
  ProviderUnavailableError,
  type RefundRequest,
} from '../../lambda/payment/providers/provider';
import { ProviderKeys } from '../../lambda/payment/providers/provider-keys.gateway';
import { answerProviderRequest, type ProviderAnswer } from '../../lambda/payment/providers/provider-request';
import { defaultCallLimits, remoteProviders } from '../../lambda/payment/providers/providers.gateway';
import { remoteProvider } from '../../lambda/payment/providers/remote-provider.gateway';
import { simulatorKeys } from '../../scripts/payment-simulator/keys';
import type { Simulator } from '../../scripts/payment-simulator/server';
import { type SimulatorClient, simulatorAt, startPaymentSimulator } from '../support/payment-simulator';
import { aCharge } from './charges';

let simulator: Simulator;
let client: SimulatorClient;
beforeAll(async () => {
  simulator = await startPaymentSimulator();
  client = simulatorAt(simulator.url);
});
afterAll(() => simulator.stop());

/** As between two functions: what is asked and answered goes over the wire as JSON. */
const wired = (answer: (asked: unknown) => Promise<unknown>) => async (query: unknown) =>
  JSON.parse(JSON.stringify(await answer(JSON.parse(JSON.stringify(query)))));

const ours = (keys: unknown = simulatorKeys) =>
  answerProviderRequest(
    remoteProviders({
      keysOf: (name) => ProviderKeys.parse(keys)[name],
      stripeUrl: simulator.url,
      payPayUrl: simulator.url,
      now: () => new Date(),
      timeouts: { ...defaultCallLimits, tryMs: 60_000, callMs: 60_000 }, // a busy machine takes its time
      onBreaker: () => undefined,
    }),
  );

test.each([
  ['stripe', 'CREDIT_CARD'],
  ['paypay', 'PAYPAY'],
] as const)(
  'S2-13 %s is asked through the function that has its keys, from the charge to the refund',
  async (name, paymentMethod) => {
    const provider = remoteProvider(name, wired(ours()));
    const charge = aCharge({ paymentMethod });
    const { externalPaymentId, paymentIntentId, checkout } = await provider.create(charge);
    expect(checkout?.redirectUrl).toMatch(/\/pay\//);
    const asked = { ...charge, externalPaymentId, paymentIntentId };
    await client.pay(externalPaymentId);
    expect(await provider.fetch(asked)).toMatchObject({ state: 'CAPTURED', amount: 6600 });
    expect(await provider.cancel(asked)).toMatchObject({ state: 'CAPTURED' });
    const refund: RefundRequest = {
      refundId: 'R-1',
      amount: 600,
      currency: 'JPY',
      reason: 'returned',
      key: charge.orderId,
    };
    expect(await provider.refund(asked, refund)).toMatchObject({ amount: 600, state: 'COMPLETED' });
    await expect(
      provider.refund(asked, { ...refund, refundId: 'R-2', amount: 9999, key: 'R-2' }),
    ).rejects.toBeInstanceOf(ProviderRefusedError);
  },
);

test('S3-58 an answer that is lost once is asked for again under the same key, and nothing is charged twice', async () => {
  const provider = remoteProvider('stripe', wired(ours()));
  const charge = aCharge();
  await client.play({ scenario: 'answer-lost', tenant: charge.tenant, orderId: charge.orderId });
  expect(await provider.create(charge)).toMatchObject({ state: 'OPEN' });
  expect(await client.payments({ tenant: charge.tenant })).toHaveLength(1);
});

test('S3-58 without keys of a provider its payments wait', async () => {
  const provider = remoteProvider('stripe', wired(ours({ paypay: simulatorKeys.paypay })));
  await expect(provider.create(aCharge())).rejects.toThrow('there are no keys for stripe');
});

test.each([
  ['does not answer', () => Promise.reject(new Error('timed out'))],
  ['answers nonsense', () => Promise.resolve({ answer: 'payment' })],
  ['says that nobody answers', () => Promise.resolve({ answer: 'unavailable', reason: 'down' })],
])('S3-58 when the function that asks %s, the answer is lost', async (_, put) => {
  await expect(remoteProvider('paypay', put).create(aCharge())).rejects.toBeInstanceOf(ProviderUnavailableError);
});

test('S2-13 what is not a query to a provider is a fault', async () => {
  await expect(ours()({ ask: 'give-me-money' })).rejects.toThrow();
  await expect(ours()({ ask: 'fetch', provider: 'stripe', payment: { tenant: '../x' } })).rejects.toThrow();
});

test('S3-19 keys are at most two secrets for webhooks, and never empty', () => {
  const stripe = { secretKey: 'sk', webhookSecrets: ['a', 'b', 'c'] };
  expect(ProviderKeys.safeParse({ stripe }).success).toBe(false);
  expect(ProviderKeys.safeParse({ stripe: { ...stripe, webhookSecrets: [''] } }).success).toBe(false);
  expect(ProviderKeys.safeParse({ stripe: { ...stripe, webhookSecrets: ['a', 'b'] } }).success).toBe(true);
  expect(ProviderKeys.parse({})).toEqual({});
});

test('S3-58 an answer of another version is none: it is asked for again', async () => {
  const provider = remoteProvider('stripe', async () => ({ answer: 'something new' }));
  await expect(provider.fetch(aCharge())).rejects.toBeInstanceOf(ProviderUnavailableError);
});

/** A provider behind the function that has its keys; each call that it does not have is a fault. */
const behind = (provider: Partial<PaymentProvider>) => {
  const call = (run: (provider: PaymentProvider) => Promise<ProviderAnswer>) => run(provider as PaymentProvider);
  return remoteProvider('stripe', wired(answerProviderRequest({ stripe: call, paypay: call })));
};

test.each<[string, Partial<ProviderSnapshot>]>([
  ['open', { state: 'OPEN', checkout: { redirectUrl: 'https://p.example.com', clientSecret: 's', expiresAt: 'then' } }],
  ['authorized', { state: 'AUTHORIZED', transactionId: 'ch_1' }],
  ['captured', { state: 'CAPTURED', refundedAmount: 600, card: { brand: 'visa', last4: '4242' } }],
  [
    'captured and refunded',
    {
      state: 'CAPTURED',
      refunds: (['PROCESSING', 'COMPLETED', 'FAILED'] as const).map((state) => ({
        ...{ externalRefundId: 're_1', amount: 600, failureReason: 'lost_card', refundId: 'REF-1', state },
        externalPaymentId: 'pi_1',
      })),
    },
  ],
  ['declined', { state: 'DECLINED', failureReason: 'expired_card' }],
  ['failed', { state: 'FAILED', paymentIntentId: 'code-1' }],
  ['cancelled', { state: 'CANCELLED', tenant: 'shop-a', paymentId: 'PAY-ORD-000001' }],
])('S2-13 a payment that is %s comes over as the provider answered, whatever it was asked', async (_what, given) => {
  const snapshot = { ...{ externalPaymentId: 'pi_1', amount: 6600, currency: 'JPY', at: 'now' }, ...given };
  const answer = async () => snapshot as ProviderSnapshot;
  const provider = behind({ create: answer, fetch: answer, capture: answer, cancel: answer });
  for (const call of ['create', 'fetch', 'capture', 'cancel'] as const)
    expect(await provider[call](aCharge())).toEqual(snapshot);
});

test.each([
  ['a spent key', new ProviderKeySpentError(), ProviderKeySpentError, { reason: 'key-spent' }],
  ['a refusal', new ProviderRefusedError('too-small'), ProviderRefusedError, { reason: 'too-small' }],
  ['no answer', new ProviderUnavailableError('down'), ProviderUnavailableError, { message: 'down' }],
])('F-14 %s comes over as what it is', async (_what, error, expected, told) => {
  const thrown = await behind({ capture: () => Promise.reject(error) })
    .capture(aCharge())
    .catch((one: unknown) => one);
  expect((thrown as Error).constructor).toBe(expected);
  expect(thrown).toMatchObject({ name: expected.name, ...told });
});

test('S3-58 a fault of ours is not told as an answer of the provider', async () => {
  const call = () => Promise.reject(new TypeError('our fault'));
  const asking = answerProviderRequest({ stripe: call, paypay: call });
  await expect(asking({ ask: 'fetch', provider: 'stripe', payment: aCharge() })).rejects.toThrow('our fault');
});

test('S2-13 a payment cannot be made without the time until which it may be paid', async () => {
  const { expiresAt: _, ...payment } = aCharge();
  await expect(ours()({ ask: 'create', provider: 'stripe', payment })).rejects.toThrow('expiresAt');
});

test('F-03 a provider without disputes has none', async () => {
  expect(await behind({}).disputes({ since: '2026-11-21T08:00:00.000Z' })).toMatchObject({ disputes: [] });
});
