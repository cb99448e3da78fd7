import { createHmac, randomUUID } from 'node:crypto';
import { simulatorKeys } from './keys';
import { type Provider, type ProviderEvent, randomId, type SimulatedPayment } from './payment';
import { payPayNotice } from './paypay-objects';
import { stripeEvent } from './stripe-objects';

/** A webhook, ready to be sent as often as it takes. */
type Webhook = {
  readonly provider: Provider;
  readonly paymentId: string;
  readonly type: string;
  readonly forged: boolean;
  readonly body: string;
  /** Signed when it is sent, as providers do. */
  readonly headers: (at: number) => Record<string, string>;
};

const seconds = (at: number) => String(Math.floor(at / 1000));

/** Stripe's signature of a body at a time. */
export const stripeHeaders =
  (body: string, secret: string) =>
  (at: number): Record<string, string> => {
    const t = seconds(at);
    const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
    return { 'stripe-signature': `t=${t},v1=${v1}` };
  };

/** PayPay's signature of a notice at a time. */
export const payPayHeaders =
  (body: string, secret: string, id: string) =>
  (at: number): Record<string, string> => {
    const t = seconds(at);
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const signature = createHmac('sha256', key).update(`${id}.${t}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': t, 'webhook-signature': `v1,${signature}` };
  };

const wrongSecret = 'whsec_bm90LXRoZS1yaWdodC1vbmU=';

/** The webhook about something that happened. Returns undefined where the provider sends none. */
const webhookOf = (event: ProviderEvent, at: number, forged = false): Webhook | undefined => {
  const { payment, what } = event;
  const { provider, id: paymentId } = payment;
  if (provider === 'stripe') {
    const body = JSON.stringify(stripeEvent(event, `evt_${randomId()}`, at));
    const secret = forged ? wrongSecret : simulatorKeys.stripe.webhookSecrets[0];
    return { provider, paymentId, type: what, forged, body, headers: stripeHeaders(body, secret) };
  }
  const notice = payPayNotice(event, at);
  if (notice === undefined) return undefined;
  const body = JSON.stringify(notice);
  const secret = forged ? wrongSecret : simulatorKeys.paypay.webhookSecrets[0];
  return { provider, paymentId, type: what, forged, body, headers: payPayHeaders(body, secret, `msg_${randomUUID()}`) };
};

/** One try to deliver a webhook. No status: nobody answered. */
export type Delivery = Pick<Webhook, 'provider' | 'paymentId' | 'type' | 'forged'> & {
  readonly at: string;
  readonly status?: number;
};

type Deps = {
  /** With `{provider}` where its name stands. */
  readonly url: string;
  readonly now: () => number;
  readonly later: (ms: number, work: () => void) => void;
};

const retryMs = [500, 2000, 5000, 10_000];
const timeoutMs = 10_000;

const post = async ({ url, now }: Deps, { provider, body, headers }: Webhook): Promise<number | undefined> => {
  try {
    const response = await fetch(url.replaceAll('{provider}', provider), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers(now()) },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.status;
  } catch {
    return undefined; // tried again, and shown as unanswered
  }
};

/** Sends a webhook, and again while it is not accepted. A forged one is sent once. */
const sender = (deps: Deps, deliveries: Delivery[]) => {
  const send = async (webhook: Webhook, tried = 0): Promise<void> => {
    const { provider, paymentId, type, forged } = webhook;
    const status = await post(deps, webhook);
    const at = new Date(deps.now()).toISOString();
    deliveries.push({ provider, paymentId, type, forged, at, ...(status === undefined ? {} : { status }) });
    const pause = retryMs[tried];
    if (forged || pause === undefined || (status !== undefined && status < 300)) return;
    deps.later(pause, () => void send(webhook, tried + 1));
  };
  return send;
};

/** Tells the shop what happens to its payments, as the scenario of each says. */
export const webhooks = (deps: Deps) => {
  const deliveries: Delivery[] = [];
  const overtaken = new Map<string, Webhook>();
  const send = sender(deps, deliveries);

  const sendInOrder = async (webhook: Webhook, { id, scenario }: SimulatedPayment): Promise<void> => {
    await send(webhook);
    const earlier = overtaken.get(id);
    overtaken.delete(id);
    if (earlier !== undefined) await send(earlier);
    if (scenario.name === 'webhook-doubled') await Promise.all([send(webhook), send(webhook)]);
  };

  const sendAsScenario = (webhook: Webhook, payment: SimulatedPayment): void => {
    const { name, delayMs } = payment.scenario;
    if (name === 'webhook-lost') return;
    if (name === 'webhook-late') deps.later(delayMs, () => void send(webhook));
    else if (name === 'webhook-reordered' && webhook.type === 'declined') overtaken.set(payment.id, webhook);
    else void sendInOrder(webhook, payment);
  };

  return {
    deliveries,

    notify: (event: ProviderEvent): void => {
      const webhook = webhookOf(event, deps.now());
      if (webhook !== undefined) sendAsScenario(webhook, event.payment);
    },

    /** Says that a payment was paid which was not, with a signature that nobody but the provider could make right. */
    forge: (payment: SimulatedPayment): void => {
      const paid: ProviderEvent = { what: 'paid', payment: { ...payment, state: 'paid', captured: payment.amount } };
      const webhook = webhookOf(paid, deps.now(), true);
      if (webhook !== undefined) void send(webhook);
    },
  };
};
