import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payPayGateway } from '../../../lambda/payment/providers/paypay/paypay.gateway';
import { parsePayPayWebhook } from '../../../lambda/payment/providers/paypay/paypay-webhook';
import {
  type Charge,
  type PaymentProvider,
  ProviderRefusedError,
  ProviderUnavailableError,
  type Webhook,
} from '../../../lambda/payment/providers/provider';
import { stripeGateway } from '../../../lambda/payment/providers/stripe/stripe.gateway';
import { parseStripeWebhook } from '../../../lambda/payment/providers/stripe/stripe-webhook';
import { until } from '../../../scripts/lib/wait';
import { simulatorKeys } from '../../../scripts/payment-simulator/keys';
import { type Simulator, startSimulator } from '../../../scripts/payment-simulator/server';
import { aCharge } from '../../payment/charges';
import { simulatorAt } from '../../support/payment-simulator';

const now = () => new Date();
const received: Webhook[] = [];
const shop = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += String(part);
  const header = (name: string) => [request.headers[name]].flat()[0];
  const [parse, { webhookSecrets }] = request.url?.endsWith('stripe')
    ? ([parseStripeWebhook, simulatorKeys.stripe] as const)
    : ([parsePayPayWebhook, simulatorKeys.paypay] as const);
  const parsed = parse(body, header, webhookSecrets, now());
  if (!('refused' in parsed)) received.push(parsed);
  response.writeHead(200).end('{}');
});

let simulator: Simulator;
const client = () => simulatorAt(simulator.url);

beforeAll(async () => {
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/{provider}`;
  simulator = await startSimulator({ port: 0, webhookUrl });
});
afterAll(async () => {
  await simulator.stop();
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
});
beforeEach(() => void received.splice(0));

const providers = {
  stripe: (): PaymentProvider =>
    stripeGateway({ secretKey: simulatorKeys.stripe.secretKey, url: simulator.url, now, timeoutMs: 10_000 }),
  paypay: (): PaymentProvider => payPayGateway({ ...simulatorKeys.paypay, url: simulator.url, now, timeoutMs: 10_000 }),
};

const paid = async (name: 'stripe' | 'paypay') => {
  const charge: Charge = aCharge({ paymentMethod: name === 'stripe' ? 'CREDIT_CARD' : 'PAYPAY' });
  const { externalPaymentId } = await providers[name]().create(charge);
  await client().pay(externalPaymentId);
  return { ...charge, externalPaymentId };
};

const arrived = async (kind: Webhook['kind'], count: number): Promise<Webhook[]> =>
  (await until(
    async () => {
      const those = received.filter((webhook) => webhook.kind === kind);
      return those.length >= count ? those : undefined;
    },
    { timeoutMs: 20_000, everyMs: 10 },
  )) ?? [];

const wanted = (asked: { readonly key: string }, amount: number) => ({
  ...{ refundId: 'REF-ORD-000001-1', amount, currency: 'JPY', reason: 'Cancelled' },
  key: `${asked.key}/REF-${amount}`,
});

describe.each(['stripe', 'paypay'] as const)('F-02 a refund in the dashboard of the simulated %s', (name) => {
  test('is listed with an ID and without ours, and what is left is all that can be asked for', async () => {
    const asked = await paid(name);
    await client().refund(asked.externalPaymentId, 200);
    const seen = await providers[name]().fetch(asked);
    expect(seen).toMatchObject({
      state: 'CAPTURED',
      refundedAmount: 200,
      refunds: [{ amount: 200, state: 'COMPLETED' }],
    });
    expect(seen?.refunds?.[0]?.refundId).toBeUndefined();
    const more = providers[name]().refund(asked, wanted(asked, 6600));
    await expect(more).rejects.toThrow(ProviderRefusedError);
    await expect(more).rejects.toMatchObject({ reason: 'more-than-left' });
    expect(await providers[name]().refund(asked, wanted(asked, 6400))).toMatchObject({ state: 'COMPLETED' });
    const all = (await providers[name]().fetch(asked))?.refunds?.map(({ amount, refundId }) => [amount, refundId]);
    expect(all?.sort()).toEqual([
      [200, undefined],
      [6400, 'REF-ORD-000001-1'],
    ]);
  });
});

test('F-02 Stripe reports it by the payment that it is of, without metadata, and by its charge', async () => {
  const { externalPaymentId } = await paid('stripe');
  await client().refund(externalPaymentId, 200);
  const [charge] = await arrived('charge', 1);
  expect(charge).toMatchObject({
    externalIds: [externalPaymentId, expect.stringMatching(/^ch_/)],
    charge: { refundedAmount: 200 },
  });
  const [refund] = await arrived('refund', 1);
  expect(refund).toMatchObject({ refund: { amount: 200, state: 'COMPLETED', externalPaymentId }, livemode: false });
  expect(refund).not.toHaveProperty('refund.refundId');
});

test('F-03 a dispute holds the money, and is told with its deadline until it is decided', async () => {
  const asked = await paid('stripe');
  await client().dispute(asked.externalPaymentId);
  const [opened] = await arrived('dispute', 2); // created, and funds withdrawn
  expect(opened).toMatchObject({
    externalIds: [asked.externalPaymentId, expect.stringMatching(/^ch_/)],
    dispute: { amount: 6600, reason: 'fraudulent', status: 'NEEDS_RESPONSE', inquiry: false },
  });
  expect(opened).toHaveProperty('dispute.evidenceDueBy', expect.stringMatching(/^\d{4}-\d\d-\d\dT/));
  const refund = providers.stripe().refund(asked, wanted(asked, 6600));
  await expect(refund).rejects.toThrow(ProviderUnavailableError);
  await client().dispute(asked.externalPaymentId, { status: 'lost' });
  const told = await arrived('dispute', 3);
  expect(told[2]).toMatchObject({ dispute: { status: 'LOST' } });
});

test('the dashboard page shows what is paid, and refuses more than is left in words', async () => {
  const { externalPaymentId } = await paid('stripe');
  const [{ page } = { page: '' }] = await client().payments({ id: externalPaymentId });
  const path = page.replace('/pay/', '/dashboard/');
  expect(await (await fetch(path.replace(/\/[^/]+$/, ''))).text()).toContain(path.slice(path.lastIndexOf('/')));
  const post = (form: Record<string, string>) => fetch(path, { method: 'POST', body: new URLSearchParams(form) });
  expect(await (await post({ action: 'refund', amount: '6601' })).text()).toContain('only 6600 is left of the payment');
  expect(await (await post({ action: 'refund', amount: '200' })).text()).toContain('¥200');
});
