import { applyNotFound, applyProviderUpdate, applyRefusal } from '../../lambda/payment/domain/apply-update';
import { cancelPayment } from '../../lambda/payment/domain/cancel-payment';
import type { Payment } from '../../lambda/payment/domain/payment';
import type { ProviderSnapshot } from '../../lambda/payment/providers/provider';
import { after, by, captured, requested, seen, snapshot } from '../support/payments';

const must = (payment: Payment | undefined): Payment => {
  if (payment === undefined) throw new Error('nothing changed');
  return payment;
};

const told = (payment: Payment | undefined) => payment && [payment.status, payment.fact.type, payment.dueAt];
const look = (
  payment: Payment,
  state: ProviderSnapshot['state'],
  given: Partial<ProviderSnapshot> = {},
  seconds = 20,
) => applyProviderUpdate(payment, snapshot(state, given), by('stripe', seconds, 'evt_9'));

describe('what a provider reports of a payment', () => {
  test('S3-14 is asked for with everything that it is about, and due ten seconds later', () => {
    expect(requested()).toMatchObject({
      paymentId: 'PAY-ORD-000001',
      orderId: 'ORD-000001',
      userId: 'customer-1',
      amount: 6600,
      currency: 'JPY',
      paymentMethod: 'CREDIT_CARD',
      provider: 'stripe',
      status: 'PENDING',
      providerState: 'UNKNOWN',
      capturedAmount: 0,
      refunds: [],
      version: 1,
      dueAt: '2026-11-21T08:00:10.000Z',
      fact: { type: 'PaymentRequested', actor: 'order' },
    });
  });

  test('S3-16 goes to the provider of its method', () => {
    expect(requested({ paymentMethod: 'PAYPAY' }).provider).toBe('paypay');
    expect(requested({ paymentMethod: 'ACCOUNT_BALANCE' }).provider).toBe('balance');
    expect(requested({ paymentMethod: 'APPLE_PAY' }).provider).toBe('stripe');
  });

  test('a payment that is asked for after its deadline has failed at once', () => {
    const late = requested({ deadline: '2026-11-21T07:59:59.000Z' });
    expect(late).toMatchObject({
      status: 'FAILED',
      failure: 'expired',
      fact: { type: 'PaymentFailed', reason: 'expired' },
    });
    expect(late.dueAt).toBeUndefined();
  });

  test('S3-17 is PROCESSING once the customer may pay, and looked at soon', () => {
    const opened = applyProviderUpdate(requested(), snapshot('OPEN'), by('order', 20));
    expect(told(opened)).toEqual(['PROCESSING', 'CheckoutOpened', '2026-11-21T08:00:30.000Z']);
  });

  test('P5 what a webhook reports first is looked for by our own key at once: it may be another payment', () => {
    expect(look(requested(), 'OPEN')).toMatchObject({ others: [''], dueAt: '2026-11-21T08:00:20.000Z' });
    expect(look(seen(requested(), 'OPEN'), 'CAPTURED')).toMatchObject({ others: [] });
  });

  test('is to be captured at once when it is authorized', () => {
    expect(told(look(requested(), 'AUTHORIZED'))).toEqual([
      'PROCESSING',
      'PaymentAuthorized',
      '2026-11-21T08:00:20.000Z',
    ]);
  });

  test('S2-13 is COMPLETED once it is captured, with what was captured', () => {
    const paid = must(look(seen(requested(), 'OPEN'), 'CAPTURED', { paymentIntentId: 'pi_2' }));
    expect(paid).toMatchObject({
      status: 'COMPLETED',
      capturedAmount: 6600,
      externalPaymentId: 'pi_1',
      paymentIntentId: 'pi_2',
      processedAt: '2026-11-21T08:01:00.000Z',
      lastEventId: 'evt_9',
      fact: { type: 'PaymentSucceeded', externalPaymentId: 'pi_1', capturedAmount: 6600, late: false },
    });
    expect(paid.dueAt).toBeUndefined();
  });

  test('S2-06 a webhook that comes before the answer of the provider completes the payment too', () => {
    const paid = seen(requested(), 'CAPTURED');
    expect(paid.status).toBe('COMPLETED');
    expect(look(paid, 'OPEN')).toBeUndefined();
    expect(look(paid, 'AUTHORIZED')).toBeUndefined();
  });

  test('S2-08 the same answer again changes nothing', () => {
    expect(look(captured(), 'CAPTURED')).toBeUndefined();
    expect(look(seen(requested(), 'OPEN'), 'OPEN')).toBeUndefined();
    expect(look(seen(requested(), 'AUTHORIZED'), 'AUTHORIZED')).toBeUndefined();
    expect(look(seen(requested(), 'FAILED'), 'FAILED')).toBeUndefined();
    expect(look(seen(requested(), 'CANCELLED'), 'CANCELLED')).toBeUndefined();
  });

  test('S2-06 an older answer does not take back a newer one', () => {
    expect(look(seen(requested(), 'AUTHORIZED'), 'OPEN')).toBeUndefined();
    expect(look(seen(requested(), 'AUTHORIZED'), 'DECLINED', { failureReason: 'card_declined' })).toBeUndefined();
  });

  test('a customer who was declined may try again', () => {
    const declined = must(look(seen(requested(), 'OPEN'), 'DECLINED', { failureReason: 'card_declined' }));
    expect(declined).toMatchObject({ status: 'PROCESSING', providerState: 'OPEN', failureReason: 'card_declined' });
    expect(look(declined, 'DECLINED', { failureReason: 'card_declined' })).toBeUndefined();
    expect(told(look(declined, 'DECLINED', { failureReason: 'expired_card' }))?.[1]).toBe('PaymentDeclined');
    expect(look(declined, 'CAPTURED')).toMatchObject({ status: 'COMPLETED', failureReason: undefined });
  });

  test.each([
    ['FAILED', 'FAILED', 'declined'],
    ['CANCELLED', 'CANCELLED', 'cancelled'],
  ] as const)('S3-17 is over once the provider says %s', (state, status, reason) => {
    const over = must(applyProviderUpdate(seen(requested(), 'OPEN'), snapshot(state), by('poll', 20)));
    expect(over).toMatchObject({ status, failure: reason, fact: { type: 'PaymentFailed', reason } });
    expect(over.dueAt).toBeUndefined();
  });

  test.each(['UNKNOWN', 'OPEN'] as const)(
    'S2-07 a webhook ends one that is %s, and it is closed there at once',
    (at) => {
      const over = must(look(at === 'OPEN' ? seen(requested(), 'OPEN') : requested(), 'FAILED'));
      expect(told(over)).toEqual(['FAILED', 'PaymentFailed', '2026-11-21T08:00:20.000Z']);
      expect(look(over, 'FAILED')).toBeUndefined(); // another webhook says nothing new
      expect(applyProviderUpdate(over, snapshot('FAILED'), by('poll', 30))).toMatchObject({
        status: 'FAILED',
        providerState: 'CLOSED',
        fact: { type: 'CheckoutClosed' },
      });
    },
  );

  test('has expired when it ends after its deadline', () => {
    expect(look(seen(requested(), 'OPEN'), 'CANCELLED', {}, 1800)).toMatchObject({ failure: 'expired' });
    expect(look(seen(requested(), 'OPEN'), 'CANCELLED', {}, 1799)).toMatchObject({ failure: 'cancelled' });
  });

  test.each(['FAILED', 'CANCELLED'] as const)('S2-07 %s after the capture is noted and changes no state', (state) => {
    const paid = captured();
    const noted = must(look(paid, state, { failureReason: 'too late' }));
    const { version, updatedAt, fact, history, lastEventId, ...same } = noted;
    expect(same).toEqual({ ...same, status: 'COMPLETED', capturedAmount: 6600, refunds: [] });
    expect([version, fact.type, lastEventId]).toEqual([3, 'FailureNoted', 'evt_9']);
    expect(history.at(-1)).toMatchObject({ event: 'FailureNoted', status: 'COMPLETED', note: 'too late' });
  });
});

describe('a provider that reports something else', () => {
  test.each([
    ['another amount', { amount: 6601 }],
    ['another currency', { currency: 'USD' }],
    ['another tenant', { tenant: 'shop-b' }],
    ['another payment', { paymentId: 'PAY-ORD-000002' }],
  ])('P5 captures nothing by %s, and reports once', (_, given) => {
    const opened = seen(requested(), 'OPEN');
    const found = must(look(opened, 'CAPTURED', given));
    expect(found).toMatchObject({ status: 'PROCESSING', capturedAmount: 0, providerState: 'OPEN' });
    expect(found.fact).toMatchObject({ type: 'PaymentMismatchFound', externalPaymentId: 'pi_1' });
    expect(look(found, 'CAPTURED', given)).toBeUndefined();
  });

  test('P5 reports the next disagreement too', () => {
    const found = must(look(seen(requested(), 'OPEN'), 'CAPTURED', { amount: 1 }));
    expect(look(found, 'CAPTURED', { amount: 2 })).toMatchObject({
      mismatch: { externalPaymentId: 'pi_1', amount: 2, currency: 'JPY' },
      fact: { type: 'PaymentMismatchFound', seenAmount: 2, seenCurrency: 'JPY' },
    });
  });

  test('a payment is over once a person has given back there what disagreed', () => {
    const found = must(look(seen(requested(), 'OPEN'), 'CAPTURED', { amount: 9000 }));
    expect(look(found, 'CAPTURED', { amount: 9000, refundedAmount: 8999 })).toBeUndefined();
    expect(look(found, 'CAPTURED', { amount: 9000, refundedAmount: 9000 })).toMatchObject({ status: 'CANCELLED' });
  });

  test('S2-18 a second capture is reported, and given back by itself', () => {
    const twice = must(look(captured(), 'CAPTURED', { externalPaymentId: 'pi_9' }));
    expect(twice).toMatchObject({
      status: 'COMPLETED',
      capturedAmount: 6600,
      externalPaymentId: 'pi_1',
      extraCaptures: [{ externalPaymentId: 'pi_9', amount: 6600 }],
      refunds: [{ refundId: 'REF-ORD-000001-1', amount: 6600, status: 'PENDING', externalPaymentId: 'pi_9' }],
      fact: { type: 'PaymentSucceeded', externalPaymentId: 'pi_9', capturedAmount: 6600, late: false }, // paid twice
      dueAt: '2026-11-21T08:00:20.000Z',
    });
    expect(look(twice, 'CAPTURED', { externalPaymentId: 'pi_9' })).toBeUndefined();
  });

  test('another payment of the provider counts only by its capture', () => {
    const opened = seen(requested(), 'OPEN');
    expect(look(opened, 'FAILED', { externalPaymentId: 'pi_9' })).toBeUndefined();
    expect(look(opened, 'CAPTURED', { externalPaymentId: 'pi_9' })).toMatchObject({
      status: 'COMPLETED',
      capturedAmount: 6600,
      externalPaymentId: 'pi_9',
      extraCaptures: [],
    });
  });

  test('P5 one that is paid in place of the known one leaves that to be closed at once', () => {
    const paid = look(seen(requested(), 'OPEN'), 'CAPTURED', { externalPaymentId: 'pi_9' });
    expect(paid).toMatchObject({ externalPaymentId: 'pi_9', others: ['pi_1'], dueAt: '2026-11-21T08:00:20.000Z' });
  });

  test('P5 one that could be paid besides the known one is to be closed at once, and known once', () => {
    const found = must(look(seen(requested(), 'OPEN'), 'OPEN', { externalPaymentId: 'pi_9' }));
    expect(found).toMatchObject({ externalPaymentId: 'pi_1', others: ['pi_9'], dueAt: '2026-11-21T08:00:20.000Z' });
    expect(look(found, 'OPEN', { externalPaymentId: 'pi_9' })).toBeUndefined();
    const closed = must(look(found, 'CANCELLED', { externalPaymentId: 'pi_9' }));
    expect(closed).toMatchObject({ status: 'PROCESSING', others: [], dueAt: '2026-11-21T08:00:30.000Z' });
  });

  test('S2-18 one of another sum is reported, and needs nothing more once a person has given it back', () => {
    const found = must(look(seen(requested(), 'OPEN'), 'OPEN', { externalPaymentId: 'pi_9' }));
    const other = { externalPaymentId: 'pi_9', amount: 5000 };
    const wrong = must(look(found, 'CAPTURED', other));
    expect(wrong).toMatchObject({ others: ['pi_9'], fact: { type: 'PaymentMismatchFound', seenAmount: 5000 } });
    expect(look(wrong, 'CAPTURED', { ...other, refundedAmount: 5000 })).toMatchObject({
      ...{ status: 'PROCESSING', externalPaymentId: 'pi_1', others: [] },
      fact: { type: 'OtherPaymentClosed' },
    });
  });

  test('S2-18 one that is paid after all before it is closed goes back, and is not looked for any more', () => {
    const found = must(look(captured(), 'OPEN', { externalPaymentId: 'pi_9' }));
    const twice = must(look(found, 'CAPTURED', { externalPaymentId: 'pi_9' }));
    expect(twice).toMatchObject({ others: [], extraCaptures: [{ externalPaymentId: 'pi_9', amount: 6600 }] });
    expect(look(twice, 'OPEN', { externalPaymentId: 'pi_9' })).toBeUndefined(); // told late
  });
});

describe('a payment that was given up', () => {
  const stopped = (payment: Payment) => must(cancelPayment(payment, by('order', 15)));

  test('S2-14 what is captured after the cancel goes back by itself', () => {
    const late = must(look(stopped(seen(requested(), 'OPEN')), 'CAPTURED'));
    expect(late).toMatchObject({
      status: 'COMPLETED',
      fact: { type: 'PaymentSucceeded', late: true },
      refunds: [{ refundId: 'REF-ORD-000001-1', amount: 6600, status: 'PENDING', externalPaymentId: 'pi_1' }],
      dueAt: '2026-11-21T08:00:20.000Z',
    });
  });

  test.each(['FAILED', 'CANCELLED'] as const)('S2-14 what is captured after %s goes back by itself', (state) => {
    const over = seen(requested(), state);
    expect(look(over, 'CAPTURED')).toMatchObject({
      fact: { late: true },
      refunds: [{ amount: 6600, status: 'PENDING' }],
    });
  });

  test('is stopped at the provider at once, and over when that says so', () => {
    const stopping = stopped(seen(requested(), 'OPEN'));
    expect(told(stopping)).toEqual(['PROCESSING', 'CancelRequested', '2026-11-21T08:00:15.000Z']);
    expect(look(stopping, 'CANCELLED')).toMatchObject({ status: 'CANCELLED', failure: 'cancelled' });
  });

  test('one that is found open there after it was over is closed there', () => {
    const over = seen(requested(), 'FAILED');
    const open = must(look(over, 'OPEN'));
    expect(open).toMatchObject({ status: 'FAILED', providerState: 'OPEN', dueAt: '2026-11-21T08:00:20.000Z' });
    expect(look(open, 'OPEN')).toBeUndefined();
    const closed = applyProviderUpdate(open, snapshot('CANCELLED'), by('poll', 30));
    expect(told(closed)).toEqual(['FAILED', 'CheckoutClosed', undefined]);
  });

  test.each([
    ['P5 asked for, it is not taken for unmade until a search would show it', {}, 900],
    ['S2-14 never asked for, it is not taken for unmade while a query may be on its way', { askedAt: undefined }, 120],
  ])('%s', (_, unasked, seconds) => {
    const stopping = { ...stopped(requested()), ...unasked };
    expect(applyNotFound(stopping, by('poll', seconds - 1))).toBeUndefined();
    expect(applyNotFound(stopping, by('poll', seconds))).toMatchObject({ status: 'CANCELLED', failure: 'cancelled' });
  });

  test('one that was never made expires after its deadline, not before', () => {
    expect(applyNotFound(requested(), by('poll', 1799))).toBeUndefined();
    expect(applyNotFound(requested(), by('poll', 1800))).toMatchObject({ status: 'CANCELLED', failure: 'expired' });
    expect(applyNotFound(captured(), by('poll', 9999))).toBeUndefined();
  });

  test('one that the provider refuses has failed', () => {
    expect(applyRefusal(requested(), 'amount_too_small', by('order', 1))).toMatchObject({
      status: 'FAILED',
      failure: 'provider-refused',
      failureReason: 'amount_too_small',
    });
    expect(applyRefusal(captured(), 'amount_too_small', by('order', 1))).toBeUndefined();
  });

  test('P5 one that opened under an earlier key stays open when the next key is refused: it can be paid', () => {
    const opened = seen(requested(), 'OPEN');
    expect(applyRefusal(opened, 'risky', by('poll', 20))).toBeUndefined();
  });

  test('a row keeps at most a hundred entries of its history', () => {
    let payment = captured();
    for (let time = 0; time < 150; time += 1) payment = must(look(payment, 'FAILED', { failureReason: `${time}` }));
    expect([payment.history.length, payment.history.at(-1)?.note]).toEqual([100, '149']);
    expect(after(0).toISOString()).toBe('2026-11-21T08:00:00.000Z');
  });
});
