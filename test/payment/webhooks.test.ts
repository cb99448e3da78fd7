import {
  event,
  now,
  payPay,
  payPaySecret,
  seconds,
  signPayPay,
  signStripe,
  stripe,
  stripeSecret,
  takenByStripe as taken,
  takenByPayPay,
} from './signed-webhooks';

const intent = {
  id: 'pi_1',
  object: 'payment_intent',
  status: 'succeeded',
  amount: 6600,
  amount_received: 6600,
  currency: 'jpy',
  client_secret: 'pi_1_secret',
  latest_charge: 'ch_1',
  metadata: { tenant: 'shop-a', paymentId: 'PAY-ORD-000001', orderId: 'ORD-000001' },
};

const paidByStripe = event('payment_intent.succeeded', intent);

const notice = {
  notification_type: 'Transaction',
  merchant_id: 'm-1',
  order_id: '0123456789',
  merchant_order_id: 'shop-a_PAY-ORD-000001',
  order_amount: '6600',
  state: 'COMPLETED',
};
const paidByPayPay = JSON.stringify(notice);

const cases = [
  ['Stripe', stripe, signStripe, paidByStripe, 'whsec_another_of_stripe'],
  ['PayPay', payPay, signPayPay, paidByPayPay, `whsec_${Buffer.from('another key of paypay').toString('base64')}`],
] as const;

describe.each(cases)('a webhook of %s', (_, parse, sign, body, another) => {
  test('S2-09 P9 is taken when it is signed with our secret', () => {
    expect(parse(body, sign(body))).toMatchObject({
      kind: 'payment',
      snapshot: { state: 'CAPTURED', amount: 6600, currency: 'JPY', tenant: 'shop-a', paymentId: 'PAY-ORD-000001' },
    });
  });

  test('S2-09 P9 is taken when it is signed with either of two secrets, and with no third', () => {
    const secrets = [another, sign === signStripe ? stripeSecret : payPaySecret];
    expect(parse(body, sign(body), { secrets })).toMatchObject({ kind: 'payment' });
    expect(parse(body, sign(body, { secret: another }), { secrets })).toMatchObject({ kind: 'payment' });
    expect(parse(body, sign(body, { secret: another }))).toEqual({ refused: 'wrong-signature' });
  });

  test.each([
    ['changed by one byte', (text: string) => text.replace('6600', '6601')],
    ['with a space more', (text: string) => `${text} `],
    ['written anew', (text: string) => JSON.stringify(JSON.parse(text), undefined, 1)],
    ['empty', () => ''],
  ])('S2-09 P9 is refused when its body is %s', (_name, change) => {
    expect(parse(change(body), sign(body))).toEqual({ refused: 'wrong-signature' });
  });

  test.each([
    [-301, { refused: 'too-old' }],
    [301, { refused: 'too-old' }],
    [-300, { kind: 'payment' }],
    [300, { kind: 'payment' }],
    [-86_400, { refused: 'too-old' }],
  ])('S2-09 P9 signed %i seconds from now answers %j', (skew, answer) => {
    expect(parse(body, sign(body, { at: seconds + skew }))).toMatchObject(answer);
  });

  test('S2-09 P9 is refused without a signature, and with none of our secrets', () => {
    expect(parse(body, {})).toEqual({ refused: 'unsigned' });
    expect(parse(body, sign(body), { secrets: [] })).toEqual({ refused: 'wrong-signature' });
  });

  test('S2-09 P9 an empty secret is nobody’s', () => {
    const secrets = ['', 'whsec_'];
    expect(parse(body, sign(body, { secret: 'whsec_' }), { secrets: [''] })).toEqual({ refused: 'wrong-signature' });
    expect(parse(body, sign(body), { secrets })).toEqual({ refused: 'wrong-signature' });
  });

  test('S2-09 has the same event ID however often it is sent', () => {
    const first = parse(body, sign(body));
    const later = new Date(now.getTime() + 60_000);
    const again = parse(body, sign(body, { at: seconds + 60 }), { at: later });
    expect(first).toMatchObject({ eventId: sign === signStripe ? 'evt_1' : '0123456789.COMPLETED' });
    expect(again).toMatchObject({ eventId: sign === signStripe ? 'evt_1' : '0123456789.COMPLETED' });
  });
});

describe('what a signature header may hold', () => {
  const good = signStripe(paidByStripe)['stripe-signature'] ?? '';

  test.each([
    ['nothing', ''],
    ['no time', good.replace(/t=\d+,/, '')],
    ['no signature', 't=1795248000'],
    ['another scheme alone', good.replace('v1=', 'v0=')],
    ['a time under another name', good.replace('t=', 'x=')],
  ])('S2-09 P9 %s is no signature', (_, header) => {
    expect(stripe(paidByStripe, { 'stripe-signature': header })).toEqual({ refused: 'unsigned' });
  });

  test.each([
    ['words', 't=now,v1=yes'],
    ['a signature cut short', good.slice(0, -2)],
    ['a time that is none', good.replace(/t=\d+/, 't=1e99')],
    ['a signature without its value', good.replace(/v1=.*/, 'v1')],
    ['the right signature after ten wrong ones', good.replace(',v1=', `${',v1=00'.repeat(10)},v1=`)],
    ['letters of all kinds', '\u0000,=,=,t=,v1=\ud800'],
    ['ten thousand signatures', `t=1795248000${',v1=00'.repeat(10_000)}`],
  ])('S2-09 P9 %s is refused, and nothing is thrown', (_, header) => {
    expect(stripe(paidByStripe, { 'stripe-signature': header })).toHaveProperty('refused');
  });

  test('S2-09 one right signature among wrong ones is enough, as while secrets are exchanged', () => {
    const header = good.replace(',v1=', `,v1=${'0'.repeat(64)},v1=`);
    expect(stripe(paidByStripe, { 'stripe-signature': header })).toMatchObject({ kind: 'payment' });
    const headers = signPayPay(paidByPayPay);
    const both = `v1,AAAA ${headers['webhook-signature']}`;
    expect(payPay(paidByPayPay, { ...headers, 'webhook-signature': both })).toMatchObject({ kind: 'payment' });
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'S2-09 P9 a notice of PayPay without %s is not signed',
    (name) => {
      const headers = Object.entries(signPayPay(paidByPayPay)).filter(([header]) => header !== name);
      expect(payPay(paidByPayPay, Object.fromEntries(headers))).toEqual({ refused: 'unsigned' });
    },
  );

  test.each([
    ['of another version', (signature: string) => signature.replace('v1,', 'v2,')],
    ['after ten wrong ones', (signature: string) => `${'v1,AAAA '.repeat(10)}${signature}`],
  ])('S2-09 P9 the right signature of a notice of PayPay %s is not looked at', (_, change) => {
    const headers = signPayPay(paidByPayPay);
    const changed = { ...headers, 'webhook-signature': change(headers['webhook-signature'] ?? '') };
    expect(payPay(paidByPayPay, changed)).toEqual({ refused: 'wrong-signature' });
  });
});

const hostile = [
  '',
  'null',
  '[]',
  '"event"',
  '{}',
  '{"a":1} trailing',
  '\ufeff{}',
  '['.repeat(1000),
  '{"__proto__":{"object":"event"}}',
  event('payment_intent.succeeded', { ...intent, amount: -1 }),
  event('payment_intent.succeeded', { ...intent, amount: '6600' }),
  event('payment_intent.succeeded', { ...intent, amount: 2 ** 53 }),
  event('payment_intent.succeeded', null),
  JSON.stringify({ id: 'evt_1', object: 'event', type: 'x', created: 1e300, data: { object: {} } }),
  JSON.stringify({ ...notice, order_amount: '1e400' }),
  JSON.stringify({ ...notice, merchant_order_id: '../../etc' }),
  JSON.stringify({ ...notice, state: '<script>' }),
  JSON.stringify({ notification_type: '' }),
];

test.each(hostile)('S2-09 P9 %j in a signed body is no payment, and nothing is thrown', (body) => {
  for (const answer of [stripe(body, signStripe(body)), payPay(body, signPayPay(body))]) {
    expect('refused' in answer || answer.kind === 'other').toBe(true);
  }
});

test.each([
  [
    'the ID of an event',
    { id: 'evt_\ud800', object: 'event', type: 'x', created: seconds, data: { object: {} } },
    '/id',
  ],
  [
    'the type of an event',
    { id: 'evt_1', object: 'event', type: '\udc00', created: seconds, data: { object: {} } },
    '/type',
  ],
  [
    'the ID of a payment',
    JSON.parse(event('payment_intent.succeeded', { ...intent, id: 'pi_\ud800' })),
    '/data/object/id',
  ],
  [
    'why a payment failed',
    JSON.parse(event('payment_intent.payment_failed', { ...intent, last_payment_error: { code: 'x\ud800' } })),
    '/data/object/last_payment_error/code',
  ],
  [
    'the metadata of a refund',
    JSON.parse(event('refund.updated', { id: 're_1', object: 'refund', amount: 1, metadata: { refundId: '\ud800' } })),
    '/data/object/metadata/refundId',
  ],
])('F-27 half a character in %s is refused, and named', (_what, body, pointer) => {
  const text = JSON.stringify(body);
  const errors = [{ pointer, detail: 'must be well-formed Unicode' }];
  expect(stripe(text, signStripe(text))).toEqual({ refused: 'unreadable', errors });
});

test.each([
  [{ ...notice, order_id: '0123\ud800' }, '/order_id', 'must be well-formed Unicode'],
  [{ ...notice, order_amount: -1 }, '/order_amount', expect.any(String)],
  [{ notification_type: 'Settlement\ud800' }, '/notification_type', 'must be well-formed Unicode'],
])('F-27 a wrong field of a notice of PayPay is refused, and named: %j', (body, pointer, detail) => {
  const text = JSON.stringify(body);
  expect(payPay(text, signPayPay(text))).toEqual({ refused: 'unreadable', errors: [{ pointer, detail }] });
});

describe("Stripe's events", () => {
  test('S3-19 report a try that was declined, and where to try again', () => {
    const declined = {
      ...intent,
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
    };
    expect(taken('payment_intent.payment_failed', declined)).toMatchObject({
      kind: 'payment',
      snapshot: { state: 'DECLINED', failureReason: 'insufficient_funds', checkout: { clientSecret: 'pi_1_secret' } },
    });
  });

  test('S3-18 report a refund, and whose it is', () => {
    const metadata = { tenant: 'shop-a', paymentId: 'PAY-ORD-000001', refundId: 'R-1' };
    const refund = {
      id: 're_1',
      object: 'refund',
      amount: 600,
      status: 'failed',
      failure_reason: 'lost_card',
      metadata,
    };
    expect(taken('refund.failed', refund)).toEqual({
      provider: 'stripe',
      eventId: 'evt_1',
      at: '2026-11-21T08:00:00.000Z',
      kind: 'refund',
      refund: { externalRefundId: 're_1', amount: 600, state: 'FAILED', failureReason: 'lost_card', refundId: 'R-1' },
      externalIds: [],
      tenant: 'shop-a',
      paymentId: 'PAY-ORD-000001',
    });
  });

  test.each([
    ['payment_intent.succeeded', { ...intent, status: undefined }, '/data/object/status'],
    ['charge.refund.updated', { object: 'refund', id: 're_1' }, '/data/object/amount'],
  ])('S2-06 %s that cannot be read is not taken for something else: Stripe sends it again', (type, object, pointer) => {
    const body = event(type, object);
    const errors = [{ pointer, detail: 'is required' }];
    expect(stripe(body, signStripe(body))).toEqual({ refused: 'unreadable', errors });
  });

  test('of other kinds are told apart, and say nothing of a payment', () => {
    expect(taken('customer.created', { id: 'cus_1', object: 'customer' })).toMatchObject({
      kind: 'other',
      type: 'customer.created',
    });
  });
});

describe("PayPay's notices", () => {
  const taken = (given: object) => takenByPayPay({ ...notice, ...given });

  test.each([
    ['COMPLETED', 'CAPTURED'],
    ['AUTHORIZED', 'AUTHORIZED'],
    ['CANCELED', 'CANCELLED'],
    ['FAILED', 'FAILED'],
    ['EXPIRED', 'FAILED'],
  ])('S3-19 of the state %s are seen as %s', (state, seen) => {
    expect(taken({ state })).toMatchObject({ kind: 'payment', snapshot: { state: seen } });
  });

  test('S3-19 of a code that took the place of a lost one belong to the same payment', () => {
    expect(taken({ merchant_order_id: 'shop-a_PAY-ORD-000001-k7' })).toMatchObject({
      snapshot: { externalPaymentId: 'shop-a_PAY-ORD-000001-k7', tenant: 'shop-a', paymentId: 'PAY-ORD-000001' },
    });
  });

  test('S3-19 of a payment that is not ours say whose it is not', () => {
    const seen = taken({ merchant_order_id: 'till-4711' });
    expect(seen).toMatchObject({ kind: 'payment', snapshot: { externalPaymentId: 'till-4711' } });
    expect(seen).not.toMatchObject({ snapshot: { tenant: expect.anything() } });
  });

  test('of other kinds are told apart', () => {
    expect(taken({ notification_type: 'file.created' })).toMatchObject({ kind: 'other', type: 'file.created' });
  });
});
