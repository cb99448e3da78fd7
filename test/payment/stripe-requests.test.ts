import {
  ProviderKeySpentError,
  ProviderRefusedError,
  ProviderUnavailableError,
} from '../../lambda/payment/providers/provider';
import { stripeGateway } from '../../lambda/payment/providers/stripe/stripe.gateway';
import { aCharge } from './charges';
import { charge, dispute, intent, refund } from './stripe-objects';

const at = '2026-11-21T08:00:00.000Z';
type Answer = readonly [status: number, body: object, headers?: Record<string, string>];
const stripe = () => stripeGateway({ secretKey: 'sk_test_1', url: 'https://api.stripe.com', now: () => new Date(at) });
const ordered = aCharge();
const asked = { ...ordered, externalPaymentId: 'pi_1' };
const { tenant, paymentId, orderId } = ordered;
const request = { refundId: 'REF-1', amount: 600, currency: 'JPY', reason: 'returned', key: 'key-1' };
const error = (code: string, type = 'invalid_request_error') => ({ error: { type, code, message: code } });

/** Stripe's API that answers each method and path with this. */
const answers = (given: Readonly<Record<string, Answer>>) => {
  const sent: { asked: string; headers: Headers; form: Record<string, string> }[] = [];
  const spy = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init = {}) => {
    const { pathname, search } = new URL(String(url));
    const asked = `${init.method} ${pathname}`;
    const form = Object.fromEntries(new URLSearchParams(String(init.body ?? search)));
    sent.push({ asked, headers: new Headers(init.headers as Record<string, string>), form });
    const [status, body, headers = {}] = given[asked] ?? [404, error('resource_missing')];
    return Response.json(body, { status, headers });
  });
  return { sent, [Symbol.dispose]: () => spy.mockRestore() };
};

test.each([
  [0, {}],
  [2, { 'metadata[keyNumber]': '2' }],
])('S2-13 a payment is made under the key of its order, and says whose it is (key %i)', async (keyNumber, more) => {
  using api = answers({ 'POST /v1/payment_intents': [200, intent] });
  await stripe().create({ ...ordered, keyNumber });
  const { headers, form } = api.sent[0] ?? {};
  expect(form).toEqual({
    ...{ amount: '6600', currency: 'jpy', description: orderId, 'payment_method_types[0]': 'card' },
    ...{ 'metadata[tenant]': tenant, 'metadata[paymentId]': paymentId, 'metadata[orderId]': orderId },
    ...more,
  });
  const named = ['idempotency-key', 'authorization', 'stripe-version'].map((name) => headers?.get(name));
  expect(named).toEqual([ordered.key, 'Bearer sk_test_1', '2026-02-25.clover']);
});

const none = { object: 'list', data: [], has_more: false, url: '/v1/refunds' };
const paid = { ...intent, status: 'succeeded', amount_received: 6600, latest_charge: charge };

test('S3-20 a refund is made under its own key, once it is known that there is none and enough is left', async () => {
  using api = answers({
    'GET /v1/refunds': [200, none],
    'GET /v1/payment_intents/pi_1': [200, paid],
    'POST /v1/refunds': [200, refund],
  });
  await stripe().refund(asked, request);
  expect(api.sent.map((one) => one.asked)).toEqual([
    ...['GET /v1/refunds', 'GET /v1/payment_intents/pi_1', 'POST /v1/refunds'],
  ]);
  expect(api.sent[2]?.headers.get('idempotency-key')).toBe('key-1');
  expect(api.sent[2]?.form).toEqual({
    ...{ payment_intent: 'pi_1', amount: '600', 'metadata[refundId]': 'REF-1' },
    ...{ 'metadata[tenant]': tenant, 'metadata[paymentId]': paymentId, 'metadata[orderId]': orderId },
  });
});

test.each([
  [6600, 6000, 'POST /v1/refunds'],
  [6600, 6001, undefined],
  [600, 1, undefined],
])(
  'F-02 P5 of %i captured and %i given back, 600 are asked for with %p',
  async (amount_received, amount_refunded, last) => {
    using api = answers({
      'GET /v1/refunds': [200, none],
      'GET /v1/payment_intents/pi_1': [
        200,
        { ...paid, amount_received, latest_charge: { ...charge, amount_refunded } },
      ],
      'POST /v1/refunds': [200, refund],
    });
    const given = await stripe()
      .refund(asked, request)
      .catch((thrown: unknown) => thrown);
    expect(api.sent.map((one) => one.asked)[2]).toBe(last);
    expect(given).toMatchObject(last ? { externalRefundId: 're_1' } : { reason: 'more-than-left' });
  },
);

test.each([
  ['replayed', [503, error('down', 'api_error'), { 'idempotent-replayed': 'true' }], ProviderKeySpentError],
  ['new', [503, error('down', 'api_error'), { 'idempotent-replayed': 'false' }], ProviderUnavailableError],
  ['about a dispute', [400, error('charge_disputed')], ProviderUnavailableError],
  ['a refusal', [400, error('charge_already_refunded')], ProviderRefusedError],
] as const)('F-14 an error that is %s is told apart', async (_what, answer, expected) => {
  using _ = answers({
    'GET /v1/refunds': [200, none],
    'GET /v1/payment_intents/pi_1': [200, paid],
    'POST /v1/refunds': answer,
  });
  const thrown = await stripe()
    .refund(asked, request)
    .catch((one: unknown) => one);
  expect((thrown as Error).constructor).toBe(expected);
});

test.each(['capture', 'cancel'] as const)(
  'S2-13 a %s that is no longer allowed answers with what is so',
  async (call) => {
    using api = answers({
      [`POST /v1/payment_intents/pi_1/${call}`]: [400, error('payment_intent_unexpected_state')],
      'GET /v1/payment_intents/pi_1': [200, paid],
    });
    expect(await stripe()[call](asked)).toMatchObject({ state: 'CAPTURED', amount: 6600, refundedAmount: 0 });
    expect(api.sent).toHaveLength(2);
  },
);

test('F-03 disputes are listed since a time and after the last, with the time when each was opened', async () => {
  const data = [dispute, { ...dispute, id: 'du_2', created: null, status: 'lost', currency: 'usd' }];
  using api = answers({ 'GET /v1/disputes': [200, { ...none, data, has_more: true }] });
  const page = await stripe().disputes?.({ since: at, after: 'du_0' });
  expect(page?.next).toBe('du_2');
  expect(page?.disputes).toMatchObject([
    { dispute: { disputeId: 'du_1' }, externalIds: ['pi_1', 'ch_1'], currency: 'JPY', openedAt: at },
    { dispute: { status: 'LOST' }, currency: 'USD', openedAt: '1970-01-01T00:00:00.000Z' },
  ]);
  expect(api.sent[0]?.form).toEqual({ 'created[gte]': '1795248000', limit: '100', starting_after: 'du_0' });
});
