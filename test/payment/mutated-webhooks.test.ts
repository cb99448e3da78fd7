import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { parsePayPayWebhook } from '../../lambda/payment/providers/paypay/paypay-webhook';
import type { ParseWebhook } from '../../lambda/payment/providers/provider';
import { parseStripeWebhook } from '../../lambda/payment/providers/stripe/stripe-webhook';
import { runs } from '../support/property';

const now = new Date('2026-11-21T08:00:00.000Z');
const at = '1795248000';
const secret = `whsec_${Buffer.from('a key of sixteen').toString('base64')}`;
const mutations = 10_000;

const intent = { id: 'pi_1', object: 'payment_intent', status: 'succeeded', amount: 1, currency: 'jpy', metadata: {} };
const paidByStripe = JSON.stringify({
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  created: 1_795_248_000,
  data: { object: intent },
});
const paidByPayPay = JSON.stringify({
  notification_type: 'Transaction',
  order_id: '0123',
  merchant_order_id: 'shop-a_PAY-ORD-000001',
  order_amount: 1,
  state: 'COMPLETED',
});

const stripeMac = createHmac('sha256', secret).update(`${at}.${paidByStripe}`).digest('hex');
const payPayMac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
  .update(`msg_1.${at}.${paidByPayPay}`)
  .digest('base64');

type Message = { readonly body: string; readonly at: string; readonly mac: string };
type Headers = Readonly<Record<string, string>>;

const stripeHeaders = (message: Message): Headers => ({ 'stripe-signature': `t=${message.at},v1=${message.mac}` });
const payPayHeaders = (message: Message): Headers => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': message.at,
  'webhook-signature': `v1,${message.mac}`,
});

const cases: readonly (readonly [string, ParseWebhook, (message: Message) => Headers, Message])[] = [
  ['Stripe', parseStripeWebhook, stripeHeaders, { body: paidByStripe, at, mac: stripeMac }],
  ['PayPay', parsePayPayWebhook, payPayHeaders, { body: paidByPayPay, at, mac: payPayMac }],
];

/** An edit of one part: up to two characters less, and up to one more, at some place. */
const edit = fc.record({
  part: fc.constantFrom('body', 'at', 'mac'),
  place: fc.nat({ max: 400 }),
  removed: fc.nat({ max: 2 }),
  added: fc.constantFrom('', ...'0123456789abcdefABCDEF{}[]":+-/_.\u0000\u00e9'),
});

describe.each(cases)('webhooks of %s', (_, parse, headersOf, message) => {
  const isTaken = (given: Message): boolean => {
    const headers = headersOf(given);
    return 'kind' in parse(given.body, (name) => headers[name], [secret], now);
  };

  test(`P9 S2-09 of ${mutations} mutated ones none counts`, () => {
    expect(isTaken(message)).toBe(true);
    const property = fc.property(edit, ({ part, place, removed, added }) => {
      const text = message[part];
      const at = place % (text.length + 1);
      const mutated = text.slice(0, at) + added + text.slice(at + removed);
      return mutated === text || !isTaken({ ...message, [part]: mutated });
    });
    fc.assert(property, runs(mutations));
  });
});
