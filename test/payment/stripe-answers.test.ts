import { takenByStripe } from './signed-webhooks';
import { charge, dispute, intent, refund } from './stripe-objects';

const at = '2026-11-21T08:00:00.000Z';
const whose = { tenant: 'shop-a', paymentId: 'PAY-ORD-000001' };
const told = { provider: 'stripe', eventId: 'evt_1', at, livemode: undefined };

describe("Stripe's PaymentIntents", () => {
  const taken = (given: object) => takenByStripe('payment_intent.updated', { ...intent, ...given });
  const declined = { code: 'card_declined', decline_code: 'insufficient_funds' };
  const form = { checkout: { clientSecret: 'pi_1_secret_x' } };
  const url = 'https://hooks.stripe.com/redirect';

  test.each([
    ['requires_payment_method', {}, { state: 'OPEN', ...form }],
    ['requires_confirmation', {}, { state: 'OPEN', ...form }],
    ['requires_action', { next_action: { type: 'use_stripe_sdk' } }, { state: 'OPEN', ...form }],
    [
      'requires_action',
      { next_action: { type: 'redirect_to_url', redirect_to_url: { url } } },
      { state: 'OPEN', checkout: { clientSecret: 'pi_1_secret_x', redirectUrl: url } },
    ],
    ['processing', {}, { state: 'OPEN', ...form }],
    ['something_new', { client_secret: null }, { state: 'OPEN', checkout: {} }],
    [
      'requires_payment_method',
      { last_payment_error: declined },
      { state: 'DECLINED', failureReason: 'insufficient_funds', ...form },
    ],
    [
      'requires_payment_method',
      { last_payment_error: { code: 'expired_card' } },
      { state: 'DECLINED', failureReason: 'expired_card', ...form },
    ],
    ['processing', { last_payment_error: declined }, { state: 'OPEN', failureReason: 'insufficient_funds', ...form }],
    ['requires_capture', {}, { state: 'AUTHORIZED' }],
    ['canceled', { cancellation_reason: 'abandoned' }, { state: 'CANCELLED', failureReason: 'abandoned' }],
    ['succeeded', { amount_received: 6599 }, { state: 'CAPTURED', amount: 6599 }],
    ['succeeded', { amount_received: null, last_payment_error: declined }, { state: 'CAPTURED', amount: 6600 }],
  ])('S3-19 of the status %s with %j are read as %j', (status, given, seen) => {
    expect(taken({ status, ...given })).toEqual({
      ...{ ...told, kind: 'payment' },
      snapshot: {
        ...{ externalPaymentId: 'pi_1', paymentIntentId: 'pi_1', amount: 6600, currency: 'JPY', ...whose, at },
        ...seen,
      },
    });
  });

  const card = { brand: 'visa', last4: '4242' };
  test.each([
    ['its ID', 'ch_1', ['ch_1']],
    ['the whole of it', { ...charge, amount_refunded: 600 }, ['ch_1', 600, card]],
    ['no ID', { amount_refunded: null }, []],
    ['another method than a card', { id: 'py_1', payment_method_details: { type: 'konbini' } }, ['py_1']],
    ['no method', { id: 'ch_1', payment_method_details: null }, ['ch_1']],
    ['no digits', { id: 'ch_1', payment_method_details: { card: { brand: 'visa' } } }, ['ch_1']],
    ['no brand', { id: 'ch_1', payment_method_details: { card: { last4: '4242' } } }, ['ch_1']],
  ])('S3-19 name their charge, what of it went back, and the card: %s', (_what, latest_charge, seen) => {
    const [transactionId, refundedAmount, card] = seen;
    const read = taken({ status: 'succeeded', amount_received: 6600, latest_charge });
    const { snapshot } = 'kind' in read && read.kind === 'payment' ? read : {};
    expect([snapshot?.transactionId, snapshot?.refundedAmount, snapshot?.card]).toEqual([
      ...[transactionId, refundedAmount, card],
    ]);
  });

  test('P9 without our metadata are of nobody here', () => {
    const nobody = { snapshot: { tenant: undefined, paymentId: undefined } };
    for (const metadata of [null, {}, undefined]) expect(taken({ metadata })).toMatchObject(nobody);
  });
});

describe("Stripe's refunds", () => {
  test.each([
    ['succeeded', { state: 'COMPLETED' }],
    ['pending', { state: 'PROCESSING' }],
    ['requires_action', { state: 'PROCESSING' }],
    ['failed', { state: 'FAILED' }],
    ['canceled', { state: 'FAILED' }],
    [null, { state: 'PROCESSING' }],
  ])('S3-18 of the status %s are read as %j', (status, seen) => {
    expect(takenByStripe('refund.updated', { ...refund, status })).toStrictEqual({
      ...{ ...told, kind: 'refund', externalIds: ['pi_1', 'ch_1'], currency: 'JPY', ...whose },
      refund: {
        ...{ externalRefundId: 're_1', amount: 600, refundId: 'REF-ORD-000001-1', externalPaymentId: 'pi_1' },
        ...seen,
      },
    });
  });

  test.each([
    ['in full', { payment_intent: { id: 'pi_1', object: 'payment_intent' }, charge: { id: 'ch_1' } }, ['pi_1', 'ch_1']],
    ['by the charge alone', { payment_intent: null }, ['ch_1']],
    ['not at all', { payment_intent: null, charge: undefined }, []],
  ])('F-02 that a person made name their payment %s', (_what, given, externalIds) => {
    const read = takenByStripe('charge.refund.updated', { ...refund, metadata: null, currency: null, ...given });
    const [externalPaymentId] = externalIds;
    expect(read).toStrictEqual({
      ...{ ...told, kind: 'refund', externalIds, currency: undefined, tenant: undefined, paymentId: undefined },
      refund: {
        ...{ externalRefundId: 're_1', amount: 600, state: 'COMPLETED' },
        ...(externalPaymentId === undefined ? {} : { externalPaymentId }),
      },
    });
  });
});

describe("Stripe's charges", () => {
  const made = { ...refund, metadata: {} };
  const known = { externalRefundId: 're_1', amount: 600, state: 'COMPLETED', externalPaymentId: 'pi_1' };
  const all = { capturedAmount: 6600, refundedAmount: 600, refunds: [] };

  test.each([
    ['without the refunds', {}, all],
    ['with all refunds', { refunds: { data: [made], has_more: false } }, { ...all, refunds: [known] }],
    ['with some refunds, which are left to a query', { refunds: { data: [made], has_more: true } }, all],
    ['captured in part', { amount_captured: 6000 }, { ...all, capturedAmount: 6000 }],
    ['not captured', { amount_captured: 0, captured: false }, { ...all, capturedAmount: 0 }],
    ['of an old version', { amount_captured: undefined }, all],
    ['of an old version, not captured', { amount_captured: null, captured: false }, { ...all, capturedAmount: 0 }],
    ['not refunded', { amount_refunded: undefined }, { ...all, refundedAmount: 0 }],
  ])('F-02 tell what was captured and what went back: %s', (_what, given, seen) => {
    const read = takenByStripe('charge.refunded', { ...charge, amount_refunded: 600, ...given });
    expect(read).toStrictEqual({
      ...{ ...told, kind: 'charge', charge: seen, externalIds: ['pi_1', 'ch_1'], currency: 'JPY', ...whose },
    });
  });

  test('P9 without an intent or our metadata are known by their own ID alone', () => {
    const read = takenByStripe('charge.captured', { ...charge, payment_intent: null, metadata: null });
    expect(read).toMatchObject({ externalIds: ['ch_1'], tenant: undefined, paymentId: undefined });
  });
});

describe("Stripe's disputes", () => {
  const taken = (given: object) => takenByStripe('charge.dispute.updated', { ...dispute, ...given });
  const seen = {
    ...{ disputeId: 'du_1', amount: 6600, reason: 'fraudulent', status: 'NEEDS_RESPONSE', inquiry: false },
    evidenceDueBy: '2026-12-20T23:59:59.000Z',
  };

  test.each([
    ['warning_needs_response', 'NEEDS_RESPONSE', true],
    ['warning_under_review', 'UNDER_REVIEW', true],
    ['warning_closed', 'CLOSED', true],
    ['needs_response', 'NEEDS_RESPONSE', false],
    ['under_review', 'UNDER_REVIEW', false],
    ['won', 'WON', false],
    ['lost', 'LOST', false],
    ['prevented', 'CLOSED', false],
    ['charge_refunded', 'CLOSED', false],
    ['something_new', 'NEEDS_RESPONSE', false],
  ])('F-03 of the status %s are %s, an inquiry: %p', (status, known, inquiry) => {
    expect(taken({ status })).toStrictEqual({
      ...{ ...told, kind: 'dispute', externalIds: ['pi_1', 'ch_1'], currency: 'JPY', ...whose },
      dispute: { ...seen, status: known, inquiry },
    });
  });

  const { evidenceDueBy: _, ...endless } = seen;
  test.each([
    ['no reason', { reason: null }, { ...seen, reason: 'general' }],
    ['a reason of other letters', { reason: ' \u0000不正 ' }, { ...seen, reason: 'general' }],
    ['a reason with spaces around it', { reason: ' not\u0007 received ' }, { ...seen, reason: 'not received' }],
    ['a long reason', { reason: 'x'.repeat(101) }, { ...seen, reason: 'x'.repeat(100) }],
    ['a bank that takes no answer', { evidence_details: { due_by: 0 } }, endless],
    ['no day of the answer', { evidence_details: { due_by: null } }, endless],
    ['no evidence', { evidence_details: null }, endless],
  ])('F-03 with %s', (_what, given, expected) => {
    const read = taken(given);
    expect('kind' in read && read.kind === 'dispute' && read.dispute).toStrictEqual(expected);
  });

  test('F-03 P9 without our metadata name the payment by the IDs of Stripe', () => {
    const read = taken({ metadata: null, payment_intent: { id: 'pi_1' }, charge: null });
    expect(read).toMatchObject({ externalIds: ['pi_1'], tenant: undefined, paymentId: undefined });
  });
});

describe("Stripe's events", () => {
  test.each([
    ['payment_intent.created', 'payment', intent],
    ['charge.succeeded', 'charge', charge],
    ['charge.captured', 'charge', charge],
    ['charge.refunded', 'charge', charge],
    ['charge.updated', 'charge', charge],
    ['charge.pending', 'other', charge],
    ['charge.refund.updated', 'refund', refund],
    ['refund.created', 'refund', refund],
    ['refund.failed', 'refund', refund],
    ['charge.dispute.created', 'dispute', dispute],
    ['charge.dispute.funds_withdrawn', 'dispute', dispute],
    ['charge.dispute.closed', 'dispute', dispute],
    ['v1.payment_intent.created', 'other', intent],
    ['v1.charge.refunded', 'other', charge],
    ['v1.refund.created', 'other', refund],
    ['v1.charge.dispute.created', 'other', dispute],
    ['charge.updated.v1', 'other', charge],
  ])('S2-06 %s is about a %s', (type, kind, object) => {
    const expected = kind === 'other' ? { ...told, kind, type } : { kind };
    const read = takenByStripe(type, object);
    expect(read).toMatchObject(expected);
  });

  test.each([
    ['payment_intent.created', 'id', '', intent],
    ['charge.refunded', 'currency', 'yen.', charge],
    ['charge.dispute.created', 'amount', -1, dispute],
    ['charge.dispute.created', 'id', 'du_\ud800', dispute],
    ['charge.dispute.created', 'status', null, dispute],
    ['refund.created', 'amount', 0.5, refund],
  ])('S2-06 F-27 a %s whose %s cannot be read is refused, and that is named: %j', (type, field, wrong, object) => {
    const errors = [{ pointer: `/data/object/${field}`, detail: expect.any(String) }];
    expect(takenByStripe(type, { ...object, [field]: wrong })).toEqual({ refused: 'unreadable', errors });
  });

  test.each([
    [true, true],
    [false, false],
    [null, undefined],
  ])('P9 say whether they are about real money: %p', (livemode, seen) => {
    expect(takenByStripe('charge.refunded', charge, { livemode })).toHaveProperty('livemode', seen);
  });
});
