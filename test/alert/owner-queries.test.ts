import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import type { PaymentDescribed } from '../../lambda/contracts/calls/service-calls';
import { paymentReconciliation } from './payment-reconciliation';
import { failed, mismatch, orderEvent, refunded, refundFailed, succeeded } from './reconciled-events';

const awaiting = orderEvent('OrderAwaitingPayment.v2', { version: 2 });
const confirmed = orderEvent('OrderConfirmed.v2', { version: 3, at: 11, paymentStatus: 'PAID' });
const cancelled = orderEvent('OrderCancelled.v2', { version: 5, at: 20, paymentStatus: 'PAID' });

const line = { productId: 'PRD-001', name: 'Mouse', quantity: 1, unitPrice: 4400, lineTotal: 4400, taxRateBps: 0 };
const order = (version: number, status: 'PENDING' | 'CONFIRMED' | 'CANCELLED'): OrderDescribed => ({
  order: {
    ...{ version, status, trackingTokenHash: 'hash', lines: [line] },
    stockStatus: status === 'CANCELLED' ? 'RELEASED' : 'RESERVED',
    ...{ paymentStatus: status === 'PENDING' ? 'WAITING_PAYMENT' : 'PAID', total: 4400, currency: 'JPY' },
  },
});

type Paid = NonNullable<PaymentDescribed['payment']>;
const capture = { externalPaymentId: 'pp-1', amount: 4400, late: false };
const payment = (version: number, given: Partial<Paid> = {}): PaymentDescribed => ({
  payment: {
    ...{ paymentId: 'PAY-ORD-000001', provider: 'paypay', amount: 4400, currency: 'JPY', version, history: [] },
    ...{ captures: [capture], refundedTotal: 0, mismatches: [], ...given },
  },
});

describe('F-09 nothing is raised for an event that was not received before its owner is asked', () => {
  test('F-09 rule A: an order that was confirmed at once, its own event 30 s late or later', async () => {
    const { receive, sweep, published, asked } = paymentReconciliation(() => order(3, 'CONFIRMED'));
    await receive(10, awaiting, succeeded({ at: 10 }));
    await receive(40, succeeded({ at: 10 })); // by the delay queue
    await receive(75, confirmed);
    await sweep(120);
    expect(published()).toEqual([]);
    expect(asked).toEqual([{ ask: 'describe-order', tenantId: 'shop-a', orderId: 'ORD-000001' }]);
  });

  test('F-09 S2-16 rule A: an order that is not confirmed is reported after 30 s, by the delayed message', async () => {
    const { receive, published } = paymentReconciliation(() => order(2, 'PENDING'));
    await receive(10, awaiting, succeeded({ at: 10 }));
    await receive(39, succeeded({ at: 10 }));
    expect(published()).toEqual([]);
    await receive(40, succeeded({ at: 10 }));
    expect(published()).toEqual(['AlertRaised payment_without_order']);
  });

  test('F-09 rule A: all of the order’s events are late: the capture is of an order that is known after all', async () => {
    const { receive, sweep, published } = paymentReconciliation(() => order(3, 'CONFIRMED'));
    await receive(10, succeeded({ at: 10 }));
    await receive(40, succeeded({ at: 10 }));
    await sweep(60);
    await receive(200, awaiting, confirmed);
    expect(published()).toEqual([]);
  });

  test('F-09 capture_without_order: the order service knows no such order', async () => {
    const { receive, published } = paymentReconciliation(() => ({}));
    await receive(10, succeeded({ at: 10 }));
    await receive(40, succeeded({ at: 10 }));
    expect(published()).toEqual(['AlertRaised capture_without_order']);
  });

  test('F-09 rule B: the payment’s own event is late', async () => {
    const { receive, sweep, published } = paymentReconciliation(
      () => order(3, 'CONFIRMED'),
      () => payment(2),
    );
    await receive(12, awaiting, confirmed);
    await receive(41, confirmed);
    await sweep(60);
    await receive(200, succeeded({ at: 10 }));
    expect(published()).toEqual([]);
  });

  test.each<readonly [string, PaymentDescribed]>([
    ['no payment', {}],
    ['a payment without a capture', payment(2, { captures: [] })],
  ])('F-09 S2-17 rule B: the payment service knows %s', async (_what, described) => {
    const { receive, published } = paymentReconciliation(
      () => order(3, 'CONFIRMED'),
      () => described,
    );
    await receive(12, awaiting, confirmed);
    await receive(42, confirmed);
    expect(published()).toEqual(['AlertRaised order_without_payment']);
  });

  test('F-09 refund_missing: the refund’s event is late or lost', async () => {
    const back = payment(6, { refundedTotal: 4400 });
    const { receive, sweep, published, table } = paymentReconciliation(
      () => order(5, 'CANCELLED'),
      () => back,
    );
    await receive(12, awaiting, succeeded({ at: 10 }), confirmed);
    await receive(20, cancelled);
    await sweep(930);
    await sweep(2000);
    expect(published()).toEqual([]);
    expect(table.get({ orderId: 'shop-a#ORD-000001' })?.dueAt).toBeUndefined();
  });

  test('F-09 refund_missing: a part of it is back', async () => {
    const { receive, sweep, events } = paymentReconciliation(
      () => order(5, 'CANCELLED'),
      () => payment(6, { refundedTotal: 4000 }),
    );
    await receive(12, awaiting, succeeded({ at: 10 }), confirmed);
    await receive(20, cancelled);
    await sweep(930);
    expect(events.map(({ data }) => 'error' in data && data.error)).toEqual([
      '400 JPY of a cancelled or returned order is not refunded',
    ]);
  });

  test('F-09 an answer that is older than what was received is none', async () => {
    const { receive, sweep, published } = paymentReconciliation(
      () => order(3, 'CONFIRMED'),
      () => payment(1, { captures: [] }),
    );
    await receive(12, awaiting, confirmed, failed({ version: 4, at: 12 }));
    await receive(42, confirmed);
    await sweep(60);
    expect(published()).toEqual([]);
  });

  test('F-09 an owner that does not answer is asked again by the sweep: what was received is kept, and nothing is raised', async () => {
    const watch = paymentReconciliation(() => order(2, 'PENDING'));
    const { order: answering } = watch.deps.query;
    watch.deps.query.order = async () => {
      throw new Error('throttled');
    };
    await watch.receive(10, awaiting, succeeded({ at: 10 }));
    await watch.receive(40, succeeded({ at: 10 }));
    expect([watch.published(), watch.unanswered.length]).toEqual([[], 1]);
    expect((await watch.sweep(45)).failed).not.toEqual([]);
    watch.deps.query.order = answering;
    await watch.sweep(120);
    expect(watch.published()).toEqual(['AlertRaised payment_without_order']);
  });
});

describe('F-04 what is published again changes no alert', () => {
  const undone = [awaiting, succeeded({ at: 10 }), confirmed, cancelled];
  const later = (seconds: number, version: number) => succeeded({ at: seconds, version });

  test('F-04 a missing refund stays missing when its order and its payment are published again', async () => {
    const { receive, sweep, published, table } = paymentReconciliation(
      () => order(5, 'CANCELLED'),
      () => payment(9),
    );
    await receive(12, ...undone);
    await sweep(930);
    const before = table.get({ orderId: 'shop-a#ORD-000001' })?.alerts;
    await receive(1000, ...undone, later(1000, 9), later(1000, 10));
    await sweep(1100);
    expect(published()).toEqual(['AlertRaised refund_missing']);
    expect(table.get({ orderId: 'shop-a#ORD-000001' })?.alerts).toEqual(before);
  });

  test('F-04 a capture is as late as its first event said, whichever is received first', async () => {
    const wrong = succeeded({ at: 60, version: 9, late: true }); // as it was published before lateness was stored
    for (const received of [
      [...undone, wrong],
      [wrong, ...undone],
    ]) {
      const { receive, table } = paymentReconciliation();
      await receive(62, ...received);
      expect(table.get({ orderId: 'shop-a#ORD-000001' })?.captures).toMatchObject({
        'pp-1': { late: false, version: 2 },
      });
    }
  });

  test('F-04 a refund that is published again writes nothing', async () => {
    const { receive, table } = paymentReconciliation();
    await receive(30, ...undone, refunded({ at: 30, version: 7 }));
    const before = table.get({ orderId: 'shop-a#ORD-000001' });
    await receive(40, refunded({ at: 30, version: 11 }), refunded({ at: 30, version: 12 }));
    expect(table.get({ orderId: 'shop-a#ORD-000001' })).toEqual(before);
  });
});

describe('F-10 our own capture that meets our own cancel', () => {
  const own = succeeded({ at: 21, version: 4, late: true });
  const raced = { ...own, data: { ...own.data, ownCapture: true } } as typeof own;
  const cancelledUnpaid = orderEvent('OrderCancelled.v2', { version: 3, at: 20 });

  test('F-10 is nobody’s alarm when it is back within the time of a refund', async () => {
    const { receive, sweep, published } = paymentReconciliation(() => order(3, 'CANCELLED'));
    await receive(22, awaiting, cancelledUnpaid, raced);
    await sweep(60);
    await receive(70, refunded({ at: 70, version: 5 }));
    await sweep(1200);
    expect(published()).toEqual([]);
  });

  test('F-10 is a missing refund when it is not', async () => {
    const { receive, sweep, published } = paymentReconciliation(
      () => order(3, 'CANCELLED'),
      () => payment(4, { captures: [{ ...capture, late: true, ownCapture: true }] }),
    );
    await receive(22, awaiting, cancelledUnpaid, raced);
    await sweep(930);
    expect(published()).toEqual(['AlertRaised refund_missing']);
  });

  test('F-10 S2-15 what the customer paid too late is reported at once', async () => {
    const { receive, published } = paymentReconciliation(() => order(3, 'CANCELLED'));
    await receive(22, awaiting, cancelledUnpaid, own);
    expect(published()).toEqual(['AlertRaised capture_without_order']);
  });
});

describe('F-15 amount_mismatch closes when nothing is owed on either side', () => {
  const closes = ['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch'];

  test('F-15 by the payment service, once what nobody asked for is back at the provider', async () => {
    let described = payment(3, { captures: [], mismatches: ['pp-1'] });
    const { receive, sweep, published } = paymentReconciliation(
      () => order(5, 'CANCELLED'),
      () => described,
    );
    await receive(10, awaiting, mismatch({ at: 10, amount: 5000, version: 3 }));
    await sweep(60);
    await receive(100, cancelled, failed({ at: 100, version: 4 }));
    await sweep(400);
    expect(published()).toEqual(closes.slice(0, 1)); // the payment is over, and its money is with the provider
    described = payment(5, { captures: [], mismatches: [] });
    await sweep(1000);
    expect(published()).toEqual(closes);
    await receive(1100, mismatch({ at: 10, amount: 5000, version: 3 }));
    await sweep(1200);
    expect(published()).toEqual(closes); // published again, it is no news
  });

  test.each([
    ['in one', [5000]],
    ['in parts', [2000, 3000]],
  ])('F-15 by refunds of all that was captured, %s, when the order is cancelled', async (_how, amounts) => {
    const { receive, published } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10, amount: 5000 }), confirmed);
    const back = amounts.map((amount, index) =>
      refunded({ at: 30, version: 6 + index, refundId: `refund-${index}`, amount, captured: 5000 }),
    );
    await receive(30, cancelled, ...back);
    expect(published()).toEqual(closes);
  });

  test('F-15 by a refund whose event was lost, as the payment service says', async () => {
    const { receive, sweep, published } = paymentReconciliation(
      () => order(5, 'CANCELLED'),
      () => payment(8, { captures: [{ ...capture, amount: 5000 }], refundedTotal: 5000 }),
    );
    await receive(10, awaiting, succeeded({ at: 10, amount: 5000 }), confirmed, cancelled);
    await sweep(60);
    expect(published()).toEqual(closes);
  });

  test('F-15 a failed refund whose retry was lost closes as the payment service says, too', async () => {
    const { receive, sweep, published } = paymentReconciliation(
      () => order(5, 'CANCELLED'),
      () => payment(8, { refundedTotal: 4400 }),
    );
    await receive(20, awaiting, succeeded({ at: 10 }), confirmed, cancelled, refundFailed({ at: 20, version: 6 }));
    await sweep(60);
    expect(published()).toEqual(['AlertRaised refund_failed', 'AlertResolved refund_failed']);
  });
});
