import { cancelPayment, refundReturnedOrder } from '../../lambda/payment/domain/cancel-payment';
import type { Payment } from '../../lambda/payment/domain/payment';
import { refundable } from '../../lambda/payment/domain/payment-sums';
import { applyRefundRefusal, applyRefundUpdate } from '../../lambda/payment/refunds/apply-refund';
import { refundReturn, requestRefund } from '../../lambda/payment/refunds/request-refund';
import { by, captured, requested, seen } from '../support/payments';

const must = (payment: Payment | undefined): Payment => {
  if (payment === undefined) throw new Error('nothing changed');
  return payment;
};

const ask = (payment: Payment, amount: number) =>
  requestRefund(payment, { amount, reason: 'Goodwill' }, by('staff-1', 60));

const asked = (payment: Payment, amount: number): Payment => {
  const decided = ask(payment, amount);
  if (!decided.accepted) throw new Error('refused');
  return decided.fact;
};

const askFor = (payment: Payment, items: { productId: string; quantity: number }[]) =>
  requestRefund(payment, { items, reason: 'Broken' }, by('staff-1', 60));

const done = (payment: Payment, refundId: string, given = {}): Payment => {
  const amount = payment.refunds.find((refund) => refund.refundId === refundId)?.amount ?? 0;
  const word = { externalRefundId: `re_${refundId}`, amount, state: 'COMPLETED' as const, refundId, ...given };
  return must(applyRefundUpdate(payment, word, by('stripe', 90)));
};

/** Three lines whose taxes round: 3 × 101 at 10 %, 2 × 99 at 8 %, 1 × 5 at 10 %. */
const lines = [
  { productId: 'A', quantity: 3, unitPrice: 101, taxRateBps: 1000 },
  { productId: 'B', quantity: 2, unitPrice: 99, taxRateBps: 800 },
  { productId: 'C', quantity: 1, unitPrice: 5, taxRateBps: 1000 },
];
const mixed = (): Payment => {
  const amount = 303 + 198 + 5 + 31 + 16; // taxes of 30.8 and 15.84, rounded once per rate
  return seen(requested({ amount, lines }), 'CAPTURED', { amount });
};

describe('a refund of an amount', () => {
  test('S3-15 is asked for once, and sent at once', () => {
    const payment = asked(captured(), 1000);
    expect(payment.refunds).toEqual([
      {
        refundId: 'REF-ORD-000001-1',
        amount: 1000,
        reason: 'Goodwill',
        status: 'PENDING',
        externalPaymentId: 'pi_1',
        createdAt: '2026-11-21T08:01:00.000Z',
      },
    ]);
    expect([payment.status, payment.dueAt]).toEqual(['COMPLETED', '2026-11-21T08:01:00.000Z']);
  });

  test('P5 never takes more than is left of what was captured', () => {
    const payment = asked(captured(), 6000);
    expect(ask(payment, 601)).toEqual({ accepted: false, reason: { refusal: 'more-than-left', left: 600 } });
    expect(refundable(asked(payment, 600))).toBe(0);
  });

  test('is refused when there are a hundred, so that all that is published of the payment fits into its row', () => {
    let payment = captured();
    for (let given = 1; given <= 100; given += 1) payment = asked(payment, 1);
    expect(ask(payment, 1)).toEqual({ accepted: false, reason: { refusal: 'too-many' } });
    expect(must(cancelPayment(payment, by('order', 100))).refunds).toHaveLength(101);
  });

  test('is refused before anything was captured', () => {
    expect(ask(requested(), 1)).toEqual({ accepted: false, reason: { refusal: 'not-captured' } });
  });

  test('S3-18 is PROCESSING, then COMPLETED, and told', () => {
    const payment = asked(captured(), 1000);
    const processing = done(payment, 'REF-ORD-000001-1', { state: 'PROCESSING' });
    expect(processing.refunds[0]).toMatchObject({ status: 'PROCESSING', externalRefundId: 're_REF-ORD-000001-1' });
    const completed = done(processing, 'REF-ORD-000001-1');
    expect(completed.refunds[0]).toMatchObject({ status: 'COMPLETED', processedAt: '2026-11-21T08:01:30.000Z' });
    expect(completed).toMatchObject({
      status: 'COMPLETED',
      fact: { type: 'PaymentRefunded', refundId: 'REF-ORD-000001-1', refundAmount: 1000 },
    });
    expect(completed.dueAt).toBeUndefined();
  });

  test('S3-20 with the last of it the payment is REFUNDED', () => {
    const first = done(asked(captured(), 1000), 'REF-ORD-000001-1');
    expect(done(asked(first, 5600), 'REF-ORD-000001-2').status).toBe('REFUNDED');
  });

  test('S2-08 delivered twice it is one refund, and an older answer changes nothing', () => {
    const completed = done(asked(captured(), 1000), 'REF-ORD-000001-1');
    const word = { externalRefundId: 're_REF-ORD-000001-1', amount: 1000, refundId: 'REF-ORD-000001-1' };
    expect(applyRefundUpdate(completed, { ...word, state: 'COMPLETED' }, by('stripe', 99))).toBeUndefined();
    expect(applyRefundUpdate(completed, { ...word, state: 'PROCESSING' }, by('stripe', 99))).toBeUndefined();
    expect(
      applyRefundUpdate(completed, { ...word, refundId: 'REF-X', state: 'COMPLETED' }, by('stripe', 99)),
    ).toBeUndefined();
  });

  test('is known by the ID of the provider alone', () => {
    const processing = done(asked(captured(), 1000), 'REF-ORD-000001-1', { state: 'PROCESSING' });
    const word = { externalRefundId: 're_REF-ORD-000001-1', amount: 1000, state: 'COMPLETED' as const };
    expect(applyRefundUpdate(processing, word, by('stripe', 99))?.refunds[0]?.status).toBe('COMPLETED');
  });

  test('P5 of another amount than was asked for is reported and changes nothing else', () => {
    const payment = asked(captured(), 1000);
    const found = done(payment, 'REF-ORD-000001-1', { amount: 999 });
    expect(found.refunds).toEqual(payment.refunds);
    expect(found.fact).toMatchObject({ type: 'PaymentMismatchFound', seenAmount: 999 });
  });
});

describe('a refund that fails', () => {
  test('S3-18 is reported, and its money may be asked back again', () => {
    const failed = must(applyRefundRefusal(asked(captured(), 6600), 'REF-ORD-000001-1', 'no funds', by('poll', 90)));
    expect(failed.refunds[0]).toMatchObject({ status: 'FAILED', failureReason: 'no funds' });
    expect(failed.fact).toMatchObject({ type: 'PaymentRefundFailed', refundAmount: 6600, reason: 'no funds' });
    expect(ask(failed, 6600).accepted).toBe(true);
    expect(applyRefundRefusal(failed, 'REF-ORD-000001-1', 'no funds', by('poll', 91))).toBeUndefined();
  });

  test('even after it was done: the bank may send the money back', () => {
    const refunded = done(asked(captured(), 6600), 'REF-ORD-000001-1');
    expect(refunded.status).toBe('REFUNDED');
    const failed = done(refunded, 'REF-ORD-000001-1', { state: 'FAILED', failureReason: 'account closed' });
    expect(failed).toMatchObject({ status: 'COMPLETED', fact: { type: 'PaymentRefundFailed' } });
    expect(refundable(failed)).toBe(6600);
  });
});

describe('a refund that was refused', () => {
  const refused = () =>
    must(applyRefundRefusal(asked(captured(), 1000), 'REF-ORD-000001-1', 'being worked on', by('poll', 90)));

  test('S3-18 was made all the same by an earlier try: the provider\u2019s later answer counts', () => {
    const made = done(refused(), 'REF-ORD-000001-1');
    expect(made.refunds[0]).toMatchObject({ status: 'COMPLETED', externalRefundId: 're_REF-ORD-000001-1' });
    expect(made.fact).toMatchObject({ type: 'PaymentRefunded', refundAmount: 1000 });
    expect(refundable(made)).toBe(5600);
    expect(done(refused(), 'REF-ORD-000001-1', { state: 'PROCESSING' }).refunds[0]?.status).toBe('PROCESSING');
  });

  test('P5 by the time it is known nothing may be left of what was captured, and nothing more goes back', () => {
    const again = asked(refused(), 6600);
    const made = done(again, 'REF-ORD-000001-1');
    expect(ask(made, 1)).toEqual({ accepted: false, reason: { refusal: 'more-than-left', left: 0 } });
    expect(askFor(made, [{ productId: 'PROD-002', quantity: 1 }])).toEqual({
      accepted: false,
      reason: { refusal: 'more-than-left', left: 0 },
    });
  });

  test('S3-20 a second try that is refused because all is back leaves it REFUNDED', () => {
    const first = must(cancelPayment(captured(), by('order', 60)));
    const failed = must(applyRefundRefusal(first, 'REF-ORD-000001-1', 'no answer', by('poll', 70)));
    const back = done(failed, 'REF-ORD-000001-1');
    expect(back.status).toBe('REFUNDED');
    expect(back.refunds[1]).toMatchObject({ status: 'CANCELLED', amount: 6600 });
    expect(applyRefundRefusal(back, 'REF-ORD-000001-2', 'already refunded', by('poll', 100))).toBeUndefined();
  });

  test('S3-18 one that the provider has taken on is not made undone by a later refusal', () => {
    const processing = done(asked(captured(), 1000), 'REF-ORD-000001-1', { state: 'PROCESSING' });
    expect(applyRefundRefusal(processing, 'REF-ORD-000001-1', 'not found', by('poll', 90))).toBeUndefined();
  });

  test('S2-08 a failure that the provider has told is final', () => {
    const failed = done(asked(captured(), 1000), 'REF-ORD-000001-1', { state: 'FAILED' });
    const word = { externalRefundId: 're_REF-ORD-000001-1', amount: 1000, refundId: 'REF-ORD-000001-1' };
    expect(applyRefundUpdate(failed, { ...word, state: 'COMPLETED' }, by('stripe', 99))).toBeUndefined();
  });
});

describe('money that was taken twice', () => {
  const twice = () => seen(captured(), 'CAPTURED', { externalPaymentId: 'pi_9' });
  const fail = (payment: Payment) =>
    must(applyRefundRefusal(payment, payment.refunds.at(-1)?.refundId ?? '', 'closed', by('poll', 90)));

  test('S2-18 is asked back anew when that fails, after a while, five times in all', () => {
    let payment = twice();
    const pauses: (string | undefined)[] = [];
    for (let tried = 0; tried < 5; tried += 1) {
      payment = fail(payment);
      pauses.push(payment.dueAt);
    }
    expect(pauses).toEqual([
      '2026-11-21T08:03:30.000Z',
      '2026-11-21T08:05:30.000Z',
      '2026-11-21T08:09:30.000Z',
      '2026-11-21T08:17:30.000Z',
      undefined,
    ]);
    expect(payment.refunds.map(({ externalPaymentId, status }) => [externalPaymentId, status])).toEqual(
      Array.from({ length: 5 }, () => ['pi_9', 'FAILED']),
    );
  });

  test('S2-14 while it rests the order\u2019s own money goes back at once', () => {
    let payment = twice();
    for (let tried = 0; tried < 4; tried += 1) payment = fail(payment);
    expect(must(cancelPayment(payment, by('order', 100))).dueAt).toBe('2026-11-21T08:01:40.000Z');
  });

  test('S2-18 what staff give back comes of it first, and then of the order\u2019s own capture', () => {
    let payment = twice();
    for (let tried = 0; tried < 5; tried += 1) payment = fail(payment);
    expect(ask(payment, 6601)).toEqual({ accepted: false, reason: { refusal: 'more-than-left', left: 6600 } });
    const first = asked(payment, 6600);
    expect(first.refunds.at(-1)).toMatchObject({ externalPaymentId: 'pi_9', amount: 6600 });
    expect(asked(first, 6600).refunds.at(-1)).toMatchObject({ externalPaymentId: 'pi_1', amount: 6600 });
  });

  test('S2-14 a cancel gives back what is left of each capture', () => {
    const payment = must(cancelPayment(fail(twice()), by('order', 100)));
    expect(payment.refunds.map(({ externalPaymentId, amount, status }) => [externalPaymentId, amount, status])).toEqual(
      [
        ['pi_9', 6600, 'FAILED'],
        ['pi_9', 6600, 'PENDING'],
        ['pi_1', 6600, 'PENDING'],
      ],
    );
  });
});

describe('a refund of goods', () => {
  test('S3-20 has the price at purchase and its tax', () => {
    const decided = askFor(captured(), [{ productId: 'PROD-002', quantity: 1 }]);
    expect(decided).toMatchObject({ accepted: true, fact: { refunds: [{ amount: 3300, lines: [{ quantity: 1 }] }] } });
  });

  test('P5 one piece after the other gives back exactly the whole, however taxes round', () => {
    const pieces = ['A', 'B', 'A', 'C', 'B', 'A'];
    let payment = mixed();
    for (const productId of pieces) {
      const decided = askFor(payment, [{ productId, quantity: 1 }]);
      if (!decided.accepted) throw new Error(JSON.stringify(decided));
      payment = decided.fact;
    }
    expect(payment.refunds.map(({ amount }) => amount)).toEqual([111, 107, 111, 6, 107, 111]);
    expect(refundable(payment)).toBe(0);
  });

  test('is refused for more pieces than are left, and for what the order does not hold', () => {
    const items = [
      { productId: 'A', quantity: 4 },
      { productId: 'X', quantity: 1 },
      { productId: 'B', quantity: 2 },
    ];
    expect(askFor(mixed(), items)).toEqual({
      accepted: false,
      reason: {
        refusal: 'wrong-lines',
        wrong: [
          { index: 0, left: 3 },
          { index: 1, left: undefined },
        ],
      },
    });
  });

  const returned = (payment: Payment, returnId: string, quantity: number, orderFullyReturned = false) =>
    refundReturn(
      payment,
      { returnId, items: [{ productId: 'PROD-002', quantity }], orderFullyReturned },
      by('order', 60),
    );

  test('S3-20 goods that came back are refunded, once for one return', () => {
    const payment = must(returned(captured(), 'RET-000001-1', 1));
    expect(payment.refunds[0]).toMatchObject({ amount: 3300, returnId: 'RET-000001-1' });
    expect(returned(payment, 'RET-000001-1', 1)).toBeUndefined();
    expect(must(returned(payment, 'RET-000001-2', 1, true)).refunds[1]).toMatchObject({ amount: 3300 });
  });

  test('P5 the last return gives back exactly the rest', () => {
    const payment = asked(captured(), 1000);
    const first = must(returned(payment, 'RET-000001-1', 1));
    const second = must(returned(first, 'RET-000001-2', 1, true));
    expect(second.refunds.map(({ amount }) => amount)).toEqual([1000, 3300, 2300]);
    expect(refundable(second)).toBe(0);
  });

  test('P5 pieces that were refunded by hand are not refunded again when they come back', () => {
    const byHand = (quantity: number) => {
      const decided = askFor(captured(), [{ productId: 'PROD-002', quantity }]);
      if (!decided.accepted) throw new Error('refused');
      return decided.fact;
    };
    expect(returned(byHand(2), 'RET-000001-1', 1)?.refunds).toHaveLength(1);
    expect(returned(byHand(1), 'RET-000001-1', 2)?.refunds[1]).toMatchObject({ amount: 3300 });
  });
});

describe('the refund of a cancelled order', () => {
  test('S2-14 takes all that is left, once', () => {
    const payment = must(cancelPayment(asked(captured(), 600), by('order', 60)));
    expect(payment.refunds[1]).toMatchObject({ amount: 6000, reason: 'The order is cancelled', status: 'PENDING' });
    expect(cancelPayment(payment, by('order', 61))).toBeUndefined();
  });

  test('S2-14 is tried anew after a while when it failed, five times, however often the order asks again', () => {
    let payment = must(cancelPayment(captured(), by('order', 60)));
    for (const number of [1, 2, 3, 4, 5]) {
      payment = must(applyRefundRefusal(payment, `REF-ORD-000001-${number}`, 'no funds', by('poll', 61)));
      expect(cancelPayment(payment, by('order', 62))).toBeUndefined();
    }
    expect(payment.refunds.map(({ notBefore, replaces }) => [notBefore?.slice(11, 19), replaces])).toEqual([
      [undefined, undefined],
      ['08:03:01', ['REF-ORD-000001-1']],
      ['08:05:01', ['REF-ORD-000001-2']],
      ['08:09:01', ['REF-ORD-000001-3']],
      ['08:17:01', ['REF-ORD-000001-4']],
    ]);
    expect(cancelPayment(captured(), by('order', 62))?.cancelRequested).toBe(true);
  });

  test('P29 a refund by staff that fails after the cancel is asked for again by itself', () => {
    const cancelled = must(cancelPayment(asked(captured(), 600), by('order', 60)));
    const failed = done(cancelled, 'REF-ORD-000001-1', { state: 'FAILED' });
    expect(failed.refunds[2]).toMatchObject({ amount: 600, replaces: ['REF-ORD-000001-1'], status: 'PENDING' });
    expect(cancelPayment(failed, by('order', 99))).toBeUndefined();
  });

  test('S2-14 an order that asks again is answered once more that all is back', () => {
    const refunded = done(must(cancelPayment(captured(), by('order', 60))), 'REF-ORD-000001-1');
    const again = must(cancelPayment(refunded, by('order', 99)));
    expect(again.fact).toMatchObject({ type: 'PaymentRefunded', refundAmount: 6600 });
    expect([again.version, again.history.length]).toEqual([refunded.version + 1, refunded.history.length]);
  });
});

describe('the refund of an order whose goods are all back', () => {
  test('S2-14 takes what no return has asked back, once, whichever is known first', () => {
    const byReturn = { returnId: 'RET-000001-1', items: [{ productId: 'PROD-002', quantity: 2 }] };
    const settled = must(refundReturnedOrder(asked(captured(), 600), by('order', 60)));
    expect(settled.refunds[1]).toMatchObject({ amount: 6000, reason: 'The order is returned', status: 'PENDING' });
    expect(settled.cancelRequested).toBe(false);
    const noted = must(refundReturn(settled, { ...byReturn, orderFullyReturned: true }, by('return', 61)));
    expect(noted.refunds).toEqual(settled.refunds);
    const returned = must(refundReturn(captured(), { ...byReturn, orderFullyReturned: true }, by('return', 60)));
    expect(must(refundReturnedOrder(returned, by('order', 61))).refunds).toEqual(returned.refunds);
  });

  test('P29 a return or an order that is published again asks for nothing, whatever failed meanwhile', () => {
    const byReturn = { returnId: 'RET-000001-1', items: [{ productId: 'PROD-002', quantity: 2 }] };
    const told = { ...byReturn, orderFullyReturned: true };
    const byHand = must(refundReturn(asked(captured(), 6600), told, by('return', 60)));
    const failed = done(byHand, 'REF-ORD-000001-1', { state: 'FAILED' });
    expect(refundReturn(failed, told, by('return', 99))).toBeUndefined();
    const settled = done(must(refundReturnedOrder(byHand, by('order', 61))), 'REF-ORD-000001-1', { state: 'FAILED' });
    expect(settled.refunds[1]).toMatchObject({ amount: 6600, replaces: ['REF-ORD-000001-1'] });
    expect(refundReturnedOrder(settled, by('order', 99))).toBeUndefined();
  });

  test('S2-14 an order that asks again is answered once more that all is back', () => {
    const refunded = done(must(refundReturnedOrder(captured(), by('order', 60))), 'REF-ORD-000001-1');
    expect(must(refundReturnedOrder(refunded, by('order', 99))).fact).toMatchObject({
      type: 'PaymentRefunded',
      refundAmount: 6600,
    });
  });
});
