import { createHmac } from 'node:crypto';
import { parsePayPayWebhook } from '../../lambda/payment/providers/paypay/paypay-webhook';
import type { ParseWebhook } from '../../lambda/payment/providers/provider';
import { parseStripeWebhook } from '../../lambda/payment/providers/stripe/stripe-webhook';

export const now = new Date('2026-11-21T08:00:00.000Z');
export const seconds = 1_795_248_000;

export const stripeSecret = 'whsec_of_stripe';
export const payPaySecret = `whsec_${Buffer.from('the key of paypay').toString('base64')}`;

type Headers = Readonly<Record<string, string>>;
type Signing = { readonly at?: number; readonly secret?: string };

export const signStripe = (body: string, { at = seconds, secret = stripeSecret }: Signing = {}): Headers => {
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { 'stripe-signature': `t=${at},v1=${v1}` };
};

export const signPayPay = (body: string, { at = seconds, secret = payPaySecret }: Signing = {}): Headers => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${at}.${body}`).digest('base64');
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
};

const parsing =
  (parse: ParseWebhook, ownSecret: string) =>
  (body: string, headers: Headers, { secrets = [ownSecret], at = now } = {}) =>
    parse(body, (name) => headers[name], secrets, at);

export const stripe = parsing(parseStripeWebhook, stripeSecret);
export const payPay = parsing(parsePayPayWebhook, payPaySecret);

/** An event of Stripe's. */
export const event = (type: string, object: unknown, given: object = {}) =>
  JSON.stringify({ id: 'evt_1', object: 'event', type, created: seconds, data: { object }, ...given });

/** What a signed event of Stripe's is taken for. */
export const takenByStripe = (type: string, object: unknown, given: object = {}) => {
  const body = event(type, object, given);
  return stripe(body, signStripe(body));
};

/** What a signed notice of PayPay's is taken for. */
export const takenByPayPay = (notice: object) => {
  const body = JSON.stringify(notice);
  return payPay(body, signPayPay(body));
};
