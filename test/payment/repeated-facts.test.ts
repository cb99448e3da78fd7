import { PaymentRefunded, PaymentSucceeded } from '../../lambda/contracts/events/payment-events';
import { applyProviderUpdate } from '../../lambda/payment/domain/apply-update';
import { cancelPayment, replayResult } from '../../lambda/payment/domain/cancel-payment';
import type { Payment } from '../../lambda/payment/domain/payment';
import { paymentEvent } from '../../lambda/payment/domain/payment-event';
import { paymentFromRow, rowOfPayment } from '../../lambda/payment/payment-row';
import { applyRefundUpdate } from '../../lambda/payment/refunds/apply-refund';
import { requestRefund } from '../../lambda/payment/refunds/request-refund';
import { awaitingPayment, by, cancelledOrder, captured, requested, seen, snapshot } from '../support/payments';
import { fakeProvider } from './fake-provider';
import { paying } from './paying';

const must = (payment: Payment | undefined): Payment => {
  if (payment === undefined) throw new Error('nothing changed');
  return payment;
};

const toldAgain = (payment: Payment) => paymentEvent(must(replayResult(payment, by('order', 3600))));

const data = (payment: Payment) => paymentEvent(payment)?.data;

describe('F-04 a fact that a payment publishes again says what it said when it happened', () => {
  test('F-04 paid in time and cancelled later: the capture is not late, however often it is delivered', () => {
    const paid = captured();
    const cancelled = must(cancelPayment(paid, by('order', 60)));
    expect(PaymentSucceeded.parse(toldAgain(cancelled)).data.late).toBe(false);
    expect(toldAgain(cancelled)?.data).toEqual(data(paid));
  });

  test('F-04 S2-14 paid after the cancel: the capture is late whenever it is published', () => {
    const stopped = must(cancelPayment(seen(requested(), 'OPEN'), by('order', 30)));
    const late = seen(stopped, 'CAPTURED');
    expect(PaymentSucceeded.parse(toldAgain(late)).data).toMatchObject({ late: true });
    expect(toldAgain(late)?.data).toEqual(data(late));
  });

  test('F-04 happened when it happened, not when it is published', () => {
    const paid = captured();
    expect(toldAgain(must(cancelPayment(paid, by('order', 60))))?.time).toBe(paymentEvent(paid)?.time);
  });

  test('F-04 a row from before lateness was stored shows it by the refund that a late capture began with', () => {
    const old = (payment: Payment) => {
      const { late: _, ...row } = rowOfPayment(payment);
      return paymentFromRow(JSON.parse(JSON.stringify(row)));
    };
    const inTime = old(must(cancelPayment(captured(), by('order', 60))));
    const stopped = must(cancelPayment(seen(requested(), 'OPEN'), by('order', 30)));
    const late = old(seen(stopped, 'CAPTURED'));
    expect([toldAgain(inTime)?.data, toldAgain(late)?.data]).toMatchObject([{ late: false }, { late: true }]);
  });

  test('F-04 the refund that completed it is told with the totals of then, whatever is captured later', () => {
    const ask = (payment: Payment, amount: number) => {
      const decided = requestRefund(payment, { amount, reason: 'Goodwill' }, by('staff-1', 60));
      if (!decided.accepted) throw new Error('refused');
      return decided.fact;
    };
    const done = (payment: Payment, refundId: string, amount: number, at: number) =>
      must(
        applyRefundUpdate(
          payment,
          { refundId, externalRefundId: `re_${at}`, amount, state: 'COMPLETED' },
          by('stripe', at),
        ),
      );
    const both = ask(ask(captured(), 2600), 4000);
    const second = done(both, 'REF-ORD-000001-2', 4000, 90);
    const all = done(second, 'REF-ORD-000001-1', 2600, 95);
    const more = must(applyProviderUpdate(all, snapshot('CAPTURED', { externalPaymentId: 'pi_2' }), by('stripe', 99)));
    for (const later of [all, more]) {
      const told = PaymentRefunded.parse(toldAgain(later));
      expect(told.data).toMatchObject({ refundId: 'REF-ORD-000001-1', refundedTotal: 6600, fullyRefunded: true });
      expect([told.data, told.time]).toEqual([data(all), '2026-11-21T08:01:35.000Z']);
    }
  });
});

describe('P29 a query that is asked again spends no try', () => {
  const tries = ({ attempts, dueAt, refunds, capturedAmount, late, status }: Payment) => ({
    ...{ attempts, dueAt, capturedAmount, late, status },
    refunds: refunds.map(({ status: is, notBefore }) => [is, notBefore]),
  });

  test.each([
    ['is resting after it failed', ['refused', 'refused']],
    ['waits for a provider that is silent', ['lost before', 'lost before']],
  ] as const)('P29 while the refund of a cancelled order %s', async (_what, faults) => {
    const shop = paying(fakeProvider('CAPTURED'));
    await shop.handle(awaitingPayment());
    shop.fake.faults.push(...faults);
    await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    const [before, told] = [tries(shop.only()), shop.told.length];
    for (let again = 0; again < 3; again += 1) {
      shop.clock.now += 40_000;
      await shop.handle(awaitingPayment());
      await shop.handle(cancelledOrder('ORD-000001', { paymentStatus: 'PAID' }));
    }
    expect(tries(shop.only())).toEqual(before);
    expect(new Set(shop.told.slice(told))).toEqual(new Set(['PaymentSucceeded'])); // answered, and nothing else
  });
});

describe('F-10 whose capture was late', () => {
  const allowed = () => seen(requested(), 'AUTHORIZED');

  test('F-10 our own capture that meets our own cancel is nobody who paid too late', () => {
    const stopped = must(cancelPayment(allowed(), by('order', 30)));
    const event = PaymentSucceeded.parse(paymentEvent(seen(stopped, 'CAPTURED')));
    expect(event.data).toMatchObject({ late: true, ownCapture: true });
  });

  test.each([
    ['open when it was cancelled', () => must(cancelPayment(seen(requested(), 'OPEN'), by('order', 30)))],
    ['not known yet when it was cancelled', () => must(cancelPayment(requested(), by('order', 30)))],
  ])('F-10 S2-16 a payment that was %s was paid too late', (_what, stopped) => {
    const event = PaymentSucceeded.parse(paymentEvent(seen(stopped(), 'CAPTURED')));
    expect(event.data.late).toBe(true);
    expect(event.data).not.toHaveProperty('ownCapture');
  });

  test('F-10 another payment that the customer made meanwhile is the customer’s', () => {
    const stopped = must(cancelPayment(allowed(), by('order', 30)));
    const other = must(
      applyProviderUpdate(stopped, snapshot('CAPTURED', { externalPaymentId: 'pi_2' }), by('stripe', 40)),
    );
    expect(paymentEvent(other)?.data).not.toHaveProperty('ownCapture');
  });
});

describe('F-15 what the provider gave back is no disagreement any more', () => {
  const other = { amount: 5000 };
  const wrong = () => seen(requested(), 'CAPTURED', other);
  const open = ({ mismatches = [] }: Payment) => mismatches.map(({ externalPaymentId }) => externalPaymentId);

  test.each([
    ['while it is open', wrong],
    ['after it is over', (): Payment => ({ ...wrong(), status: 'FAILED', providerState: 'CLOSED' })],
  ])('F-15 of the payment’s own, %s', (_when, start) => {
    const payment = start();
    expect(open(payment)).toEqual(['pi_1']);
    const back = must(
      applyProviderUpdate(payment, snapshot('CAPTURED', { ...other, refundedAmount: 5000 }), by('poll', 60)),
    );
    expect(open(back)).toEqual([]);
    expect(
      applyProviderUpdate(back, snapshot('CAPTURED', { ...other, refundedAmount: 5000 }), by('poll', 90)),
    ).toBeUndefined();
  });

  test('F-15 of another one that the provider made, beside one that is still there', () => {
    const both = must(
      applyProviderUpdate(wrong(), snapshot('CAPTURED', { externalPaymentId: 'pi_2', amount: 7 }), by('stripe', 20)),
    );
    expect(open(both)).toEqual(['pi_1', 'pi_2']);
    const given = { externalPaymentId: 'pi_2', amount: 7, refundedAmount: 7 };
    const back = must(applyProviderUpdate(both, snapshot('CAPTURED', given), by('stripe', 60)));
    expect(open(back)).toEqual(['pi_1']);
    expect(applyProviderUpdate(back, snapshot('CAPTURED', given), by('stripe', 90))).toBeUndefined();
  });
});
