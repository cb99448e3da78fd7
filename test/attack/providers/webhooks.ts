import { simulatorKeys } from '../../../scripts/payment-simulator/keys';
import { newPayment, randomId, type SimulatedPayment } from '../../../scripts/payment-simulator/payment';
import { payPayNotice } from '../../../scripts/payment-simulator/paypay-objects';
import { stripeEvent } from '../../../scripts/payment-simulator/stripe-objects';
import { payPayHeaders, stripeHeaders } from '../../../scripts/payment-simulator/webhooks';
import type { ShownPayment } from '../../support/payment-simulator';

/** A webhook as a provider sends it. */
export type Webhook = {
  readonly provider: 'stripe' | 'paypay';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** How a webhook differs from the right one. */
export type Change = {
  readonly id?: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly tenant?: string;
  readonly secret?: string;
  /** How many seconds ago it was signed. */
  readonly age?: number;
  readonly extra?: object;
};

const scenario = { name: 'succeeds', autoPay: false, delayMs: 0, answersToLose: 0, keysToFail: 0 } as const;

const paid = (shown: ShownPayment, { id, amount, currency, tenant }: Change): SimulatedPayment => {
  const { provider, tenant: own, paymentId, orderId, methods } = shown;
  const metadata = { tenant: tenant ?? own ?? '', paymentId: paymentId ?? '', orderId: orderId ?? '' };
  const given = { provider, id: id ?? shown.id, subject: { ...metadata }, metadata, methods, description: '' };
  const total = amount ?? shown.amount;
  const payment = newPayment({ ...given, amount: total, currency: currency ?? shown.currency }, scenario, Date.now());
  return { ...payment, state: 'paid', captured: total };
};

const another = 'whsec_bm90LXRoZS1yaWdodC1vbmU=';

/** Says that a payment was paid, signed as its provider signs but for the change. */
export const paidWebhook = (shown: ShownPayment, change: Change = {}): Webhook => {
  const payment = paid(shown, change);
  const event = { what: 'paid', payment } as const;
  const at = Date.now() - 1000 * (change.age ?? 0);
  const { provider } = shown;
  const told = provider === 'stripe' ? stripeEvent(event, `evt_${randomId()}`, at) : payPayNotice(event, at);
  const body = JSON.stringify({ ...told, ...change.extra });
  if (provider === 'stripe') {
    const [secret] = simulatorKeys.stripe.webhookSecrets;
    return { provider, body, headers: stripeHeaders(body, change.secret ?? secret)(at) };
  }
  const [secret] = simulatorKeys.paypay.webhookSecrets;
  return { provider, body, headers: payPayHeaders(body, change.secret ?? secret, `msg_${randomId()}`)(at) };
};

/** What nobody but a forger sends: refused, whatever it says. */
export const forged: Readonly<Record<string, (shown: ShownPayment) => Webhook>> = {
  'without a signature': (shown) => ({ ...paidWebhook(shown), headers: {} }),
  'signed with another secret': (shown) => paidWebhook(shown, { secret: another }),
  'six minutes old': (shown) => paidWebhook(shown, { age: 360 }),
  'of six minutes later': (shown) => paidWebhook(shown, { age: -360 }),
  'changed after it was signed': (shown) => {
    const webhook = paidWebhook(shown);
    return { ...webhook, body: webhook.body.replace(/\}$/, ' }') };
  },
  'with the signature of another body': (shown) => ({
    ...paidWebhook(shown),
    headers: paidWebhook(shown, { amount: 1 }).headers,
  }),
  'signed as the other provider signs': (shown) => {
    const webhook = paidWebhook(shown);
    const provider = webhook.provider === 'stripe' ? 'paypay' : 'stripe';
    return { ...webhook, provider };
  },
};

/** What is rightly signed, and not true of the payment: taken without an effect. */
export const untrue: Readonly<Record<string, (shown: ShownPayment) => Webhook>> = {
  'of what is not paid': (shown) => paidWebhook(shown),
  'of another amount': (shown) => paidWebhook(shown, { amount: 1 }),
  'of another currency': (shown) => paidWebhook(shown, { currency: 'USD' }),
  'of an unknown payment': (shown) => paidWebhook(shown, { id: `${shown.id}x` }),
  'of another shop': (shown) => paidWebhook(shown, { tenant: 't-nobody' }),
  'with unknown fields': (shown) =>
    paidWebhook(shown, { extra: { __new: { deep: [1, '\u202e'] }, account: 'acct_another' } }),
  'of another account': (shown) =>
    paidWebhook(shown, { extra: { account: 'acct_another', livemode: true, merchant_id: 'another-merchant' } }),
  'of a type that is not known': (shown) =>
    paidWebhook(shown, { extra: { type: 'invoice.paid', notification_type: 'file.created', state: 'NEW' } }),
};
