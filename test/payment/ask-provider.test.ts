import type { RefundRequest } from '../../lambda/payment/providers/provider';
import { ProviderRefusedError, ProviderUnavailableError } from '../../lambda/payment/providers/provider';
import { ProviderKeys } from '../../lambda/payment/providers/provider-keys.gateway';
import { answerProviderRequest } from '../../lambda/payment/providers/provider-request';
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
