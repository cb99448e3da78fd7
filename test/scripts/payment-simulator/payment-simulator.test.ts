import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payPayGateway } from '../../../lambda/payment/providers/paypay/paypay.gateway';
import { parsePayPayWebhook } from '../../../lambda/payment/providers/paypay/paypay-webhook';
import type { Charge, PaymentProvider, Webhook, WebhookRefusal } from '../../../lambda/payment/providers/provider';
import { stripeGateway } from '../../../lambda/payment/providers/stripe/stripe.gateway';
import { parseStripeWebhook } from '../../../lambda/payment/providers/stripe/stripe-webhook';
import { escaped } from '../../../scripts/lib/page';
import { until } from '../../../scripts/lib/wait';
import { simulatorKeys } from '../../../scripts/payment-simulator/keys';
import { type Simulator, startSimulator } from '../../../scripts/payment-simulator/server';
import { aCharge } from '../../payment/charges';
import { freshTenant } from '../../stores/builders';
import { type SimulatorClient, simulatorAt } from '../../support/payment-simulator';

type Received = { readonly provider: string; readonly parsed: Webhook | WebhookRefusal };

const received: Received[] = [];
let refuseNext = 0;

const secrets = { stripe: simulatorKeys.stripe.webhookSecrets, paypay: simulatorKeys.paypay.webhookSecrets };

/** A shop that takes webhooks as ours does. */
const shop = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts).toString('utf8');
  const provider = request.url?.slice(1) === 'stripe' ? 'stripe' : 'paypay';
  const parse = provider === 'stripe' ? parseStripeWebhook : parsePayPayWebhook;
  received.push({
    provider,
    parsed: parse(body, (name) => [request.headers[name]].flat()[0], secrets[provider], new Date()),
  });
  refuseNext -= 1;
  response.writeHead(refuseNext >= 0 ? 500 : 204).end();
});

let simulator: Simulator;
let client: SimulatorClient;

beforeAll(async () => {
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/{provider}`;
  simulator = await startSimulator({ port: 0, webhookUrl });
  client = simulatorAt(simulator.url);
});
afterAll(async () => {
  await simulator.stop();
  shop.close();
});
beforeEach(() => {
  received.length = 0;
  refuseNext = 0;
});

const now = () => new Date();
const providers = {
  stripe: (): PaymentProvider =>
    stripeGateway({ secretKey: simulatorKeys.stripe.secretKey, url: simulator.url, now, timeoutMs: 10_000 }),
  paypay: (): PaymentProvider => payPayGateway({ ...simulatorKeys.paypay, url: simulator.url, now, timeoutMs: 10_000 }),
};

const begin = async (name: 'stripe' | 'paypay', scenario: string, given = {}) => {
  const charge: Charge = aCharge({ paymentMethod: name === 'stripe' ? 'CREDIT_CARD' : 'PAYPAY' });
  await client.play({ scenario, tenant: charge.tenant, orderId: charge.orderId, ...given });
  const { externalPaymentId, paymentIntentId } = await providers[name]().create(charge);
  return { charge, asked: { ...charge, externalPaymentId, paymentIntentId }, id: externalPaymentId };
};

const arrived = (count: number) =>
  until(async () => (received.length >= count ? received : undefined), { timeoutMs: 20_000, everyMs: 5 });

const states = () =>
  received.map(({ parsed }) => ('kind' in parsed && parsed.kind === 'payment' ? parsed.snapshot.state : parsed));

describe.each(['stripe', 'paypay'] as const)('the simulated %s', (name) => {
  test('S2-09 reports a payment by a webhook that our check of signatures takes', async () => {
    const { id, charge } = await begin(name, 'succeeds');
    await client.pay(id);
    await arrived(1);
    expect(received[0]).toMatchObject({
      provider: name,
      parsed: {
        kind: 'payment',
        snapshot: {
          state: 'CAPTURED',
          externalPaymentId: id,
          amount: 6600,
          tenant: charge.tenant,
          paymentId: charge.paymentId,
        },
      },
    });
  });

  test('S2-04 loses the webhook in one scenario, and the payment is paid all the same', async () => {
    const { id, asked } = await begin(name, 'webhook-lost');
    await client.pay(id);
    expect(await providers[name]().fetch(asked)).toMatchObject({ state: 'CAPTURED' });
    expect((await client.deliveries()).filter(({ paymentId }) => paymentId === id)).toEqual([]);
  });

  test('S2-08 sends it three times under one event ID', async () => {
    const { id } = await begin(name, 'webhook-doubled');
    await client.pay(id);
    await arrived(3);
    const ids = received.map(({ parsed }) => ('eventId' in parsed ? parsed.eventId : ''));
    expect(new Set(ids).size).toBe(1);
    expect(states()).toEqual(['CAPTURED', 'CAPTURED', 'CAPTURED']);
  });

  test('S2-07 lets a failure that came before the payment arrive after it', async () => {
    const { id } = await begin(name, 'webhook-reordered');
    await client.pay(id);
    await arrived(2);
    expect(states()).toEqual(['CAPTURED', name === 'stripe' ? 'DECLINED' : 'FAILED']);
  });

  test('S2-09 sends a forged one, which is refused, of a payment that nobody has paid', async () => {
    const { asked } = await begin(name, 'webhook-forged');
    await arrived(1);
    expect(received[0]?.parsed).toEqual({ refused: 'wrong-signature' });
    expect(await providers[name]().fetch(asked)).toMatchObject({ state: 'OPEN' });
  });

  test('S2-04 sends it late', async () => {
    const { id } = await begin(name, 'webhook-late', { delayMs: 30 });
    await client.pay(id);
    await arrived(1);
    expect(states()).toEqual(['CAPTURED']);
  });

  test('S2-08 sends it again while it is not taken', async () => {
    refuseNext = 1;
    const { id } = await begin(name, 'succeeds');
    await client.pay(id);
    await arrived(2);
    const answers = () => client.deliveries().then((all) => all.filter(({ paymentId }) => paymentId === id));
    await until(async () => ((await answers()).length === 2 ? true : undefined), { timeoutMs: 20_000, everyMs: 5 });
    expect((await answers()).map(({ status }) => status)).toEqual([500, 204]);
  });

  test('pays without a click when it is told to', async () => {
    const { asked } = await begin(name, 'succeeds', { autoPay: true });
    await arrived(1);
    expect(await providers[name]().fetch(asked)).toMatchObject({ state: 'CAPTURED' });
  });

  test('loses one answer about an order; only a payment that the shop knows is paid', async () => {
    await client.play({ scenario: 'answer-lost', all: true, autoPay: true });
    const charge = aCharge();
    const create = () => providers[name]().create(charge);
    await expect(create()).rejects.toThrow();
    await create();
    await arrived(1);
    await client.play({ scenario: 'succeeds', all: true });
    const payments = await client.payments({ tenant: charge.tenant });
    const paid = payments.filter(({ state }) => state === 'paid');
    expect([payments.length, paid.length]).toEqual([name === 'stripe' ? 1 : 2, 1]);
  });

  test('takes the money of one order twice when it is told to', async () => {
    const { id, charge } = await begin(name, 'paid-twice');
    await client.pay(id);
    await arrived(2);
    const ids = received.map(({ parsed }) =>
      'kind' in parsed && parsed.kind === 'payment' ? parsed.snapshot.externalPaymentId : '',
    );
    expect(new Set(ids).size).toBe(2);
    expect(await client.payments({ tenant: charge.tenant })).toHaveLength(2);
  });

  test('F-12 says of both payments of an order that was paid twice which order they are for', async () => {
    const { id, charge } = await begin(name, 'paid-twice');
    await client.pay(id);
    await arrived(2);
    const { tenant, paymentId } = charge;
    const told = received.map(({ parsed }) =>
      'kind' in parsed && parsed.kind === 'payment' ? parsed.snapshot : parsed,
    );
    expect(told).toEqual([
      expect.objectContaining({ tenant, paymentId }),
      expect.objectContaining({ tenant, paymentId }),
    ]);
    expect(await client.payments({ tenant, paymentId })).toHaveLength(2);
  });

  test('a customer who refuses ends the payment', async () => {
    const { id, asked } = await begin(name, 'succeeds');
    await client.refuse(id);
    const state = name === 'stripe' ? 'CANCELLED' : 'FAILED';
    expect(await providers[name]().fetch(asked)).toMatchObject({ state });
    await client.pay(id);
    expect(await providers[name]().fetch(asked)).toMatchObject({ state });
  });
});

describe('the scenarios', () => {
  const post = (body: string) => fetch(`${simulator.url}/simulator/scenarios`, { method: 'POST', body });

  test.each([
    ['not JSON', '{', 'must be JSON'],
    ['no scenario', '{"next":true}', 'scenario'],
    ['an unknown scenario', '{"next":true,"scenario":"explodes"}', 'scenario'],
    ['nothing that it is for', '{"scenario":"slow"}', 'exactly one of'],
    ['two things that it is for', '{"scenario":"slow","next":true,"all":true}', 'exactly one of'],
    ['an unknown field', '{"scenario":"slow","next":true,"when":"now"}', 'when'],
  ])('refuse %s and say why', async (_, body, why) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toContain(why);
  });

  test('for the next payment are played once', async () => {
    await client.play({ scenario: 'webhook-lost', next: true });
    const names = async () => {
      const charge = aCharge();
      await providers.stripe().create(charge);
      return ((await client.payments({ tenant: charge.tenant }))[0] as { scenario?: string }).scenario;
    };
    expect([await names(), await names()]).toEqual(['webhook-lost', 'succeeds']);
  });

  test('for the next payment, or for all, of a tenant leave those of others alone', async () => {
    const own = freshTenant();
    const played = async (tenant = freshTenant()) => {
      const charge = aCharge({ tenant });
      await providers.stripe().create(charge);
      const payments = await client.payments({ paymentId: charge.paymentId });
      return (payments.at(-1) as { scenario?: string } | undefined)?.scenario;
    };
    await client.play({ scenario: 'webhook-late', tenant: own, all: true });
    await client.play({ scenario: 'webhook-lost', tenant: own, next: true });
    expect([await played(), await played(own), await played(own)]).toEqual([
      'succeeds',
      'webhook-lost',
      'webhook-late',
    ]);
    await client.play({ scenario: 'succeeds', tenant: own, all: true });
    expect([await played(own), await played()]).toEqual(['succeeds', 'succeeds']);
  });

  test('can be changed while a payment is there', async () => {
    const { charge, asked } = await begin('stripe', 'slow', { delayMs: 0 });
    await client.play({ scenario: 'succeeds', tenant: charge.tenant, orderId: charge.orderId, autoPay: true });
    await arrived(1);
    expect(states()).toEqual(['CAPTURED']);
    expect(await providers.stripe().fetch(asked)).toMatchObject({ state: 'CAPTURED' });
  });

  test('keep a provider down for one payment until another scenario is chosen', async () => {
    const charge = aCharge();
    await client.play({ scenario: 'provider-down', next: true });
    await expect(providers.stripe().create(charge)).rejects.toThrow('503');
    await expect(providers.stripe().create(charge)).rejects.toThrow('503');
    expect(await providers.stripe().create(aCharge())).toMatchObject({ state: 'OPEN' });
    await client.play({ scenario: 'succeeds', tenant: charge.tenant, orderId: charge.orderId });
    expect(await providers.stripe().create(charge)).toMatchObject({ state: 'OPEN' });
  });
});

describe('the page of a payment', () => {
  const pageOf = async (given: Partial<Charge> = {}) => {
    const charge = aCharge(given);
    const { checkout, externalPaymentId } = await providers.stripe().create(charge);
    return { url: checkout?.redirectUrl ?? '', charge, id: externalPaymentId };
  };
  const send = (url: string, action: string) =>
    fetch(url, { method: 'POST', body: new URLSearchParams({ action }), redirect: 'manual' });

  test.each([
    ['ja,en;q=0.5', ['￥6,600', '>支払う<', '>支払わない<', 'lang="ja"'], '>Pay<'],
    ['en-GB, ja;q=0.9', ['¥6,600', '>Pay<', '>Do not pay<', 'lang="en"'], '支払'],
    ['fr', ['>Pay<'], '支払'],
  ])(
    'shows to a reader of %s what is to be paid in one language, with a button to pay and one not to',
    async (accepts, texts, other) => {
      const { url, charge } = await pageOf();
      const page = await (await fetch(url, { headers: { 'accept-language': accepts } })).text();
      for (const text of [charge.orderId, ...texts]) expect(page).toContain(text);
      expect(page).not.toContain(other);
    },
  );

  test('pays by a click, and shows that it is paid without the buttons', async () => {
    const { url, id } = await pageOf();
    const answer = await send(url, 'pay');
    expect([answer.status, new URL(answer.headers.get('location') ?? '', url).href]).toEqual([303, url]);
    const page = await (await fetch(url)).text();
    expect(page).toContain('>Paid<');
    expect(page).not.toContain('<button');
    expect(await client.payments({ id })).toMatchObject([{ state: 'paid', captured: 6600 }]);
  });

  test('does nothing for other clicks, and knows no other page', async () => {
    const { url, id } = await pageOf();
    await send(url, 'give it to me');
    expect(await client.payments({ id })).toMatchObject([{ state: 'open' }]);
    expect((await fetch(`${url.slice(0, -4)}0000`)).status).toBe(404);
    expect((await fetch(`${simulator.url}/pay/..%2F..%2Fetc`)).status).toBe(404);
  });

  test('shows text as text, and lets no script run', async () => {
    expect(escaped(`<script>"'&`)).toBe('&lt;script&gt;&quot;&#39;&amp;');
    const form = new URLSearchParams({ amount: '50', currency: 'jpy', description: '<img src=x onerror=alert(1)>' });
    const made = await fetch(`${simulator.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulatorKeys.stripe.secretKey}` },
      body: form,
    });
    const { next_action } = (await made.json()) as { next_action: { redirect_to_url: { url: string } } };
    const page = await fetch(next_action.redirect_to_url.url);
    const text = await page.text();
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(text).not.toContain('<img');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await (await fetch(simulator.url)).text()).not.toContain('<img');
  });
});

test('a request that is too large is refused', async () => {
  const body = 'a'.repeat(1_000_001);
  expect((await fetch(`${simulator.url}/v1/payment_intents`, { method: 'POST', body })).status).toBe(413);
});

describe('where it listens', () => {
  const webhookUrl = 'http://127.0.0.1:1/{provider}';

  test('is loopback alone, when nothing else is said', () =>
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/));

  test('P20 is every address of this machine for containers on Linux, and browsers here find it on loopback', async () => {
    const open = await startSimulator({ port: 0, host: '0.0.0.0', webhookUrl });
    try {
      expect(open.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect((await fetch(`${open.url}/simulator/health`)).status).toBe(200);
    } finally {
      await open.stop();
    }
  });

  test('P20 is the address that is named, and no other', async () => {
    const ipv6 = await startSimulator({ port: 0, host: '::1', webhookUrl });
    try {
      expect(ipv6.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
      expect((await fetch(`${ipv6.url}/simulator/health`)).status).toBe(200);
      await expect(fetch(ipv6.url.replace('[::1]', '127.0.0.1'))).rejects.toThrow();
    } finally {
      await ipv6.stop();
    }
  });

  test.each([
    ['here', '--host: "here" is not an IP address. See --help.'],
    ['192.0.2.1', '192.0.2.1 is no address of this machine. See --help.'],
  ])('is refused for %s', (host, message) => {
    const args = [
      'node_modules/tsx/dist/cli.mjs',
      'scripts/commands/payment-simulator.ts',
      '--port',
      '0',
      '--host',
      host,
    ];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status === 0, stderr]).toEqual([false, expect.stringContaining(message)]);
  });
});
