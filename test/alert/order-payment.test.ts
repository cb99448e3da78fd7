import { AlertRaised, AlertResolved } from '../../lambda/contracts/events/alert-events';
import { paymentReconciliation } from './payment-reconciliation';
import { failed, mismatch, orderEvent, refunded, refundFailed, succeeded } from './reconciled-events';

const awaiting = orderEvent('OrderAwaitingPayment.v2', { version: 2 });
const confirmed = orderEvent('OrderConfirmed.v2', { version: 4, at: 12, paymentStatus: 'PAID' });
const cancelled = (at: number) => orderEvent('OrderCancelled.v2', { version: 5, at });

describe('rule A: paid, and the order is not confirmed', () => {
  test('S2-16 raises P2 when 30 s have passed since the payment, not before', async () => {
    const { receive, events, published } = paymentReconciliation();
    const paid = succeeded({ at: 10 });
    await receive(10, awaiting, paid);
    await receive(39, paid);
    expect(published()).toEqual([]);
    await receive(40, paid); // delivered again by the delay queue
    expect(AlertRaised.parse(events[0])).toMatchObject({
      id: 'shop-a/payment_without_order.ORD-000001:3',
      subject: 'payment_without_order.ORD-000001',
      time: '2026-11-21T08:00:40.000Z',
      tenantid: 'shop-a',
      correlationid: 'correlation-1',
      causationid: 'shop-a/PAY-ORD-000001:2',
      data: {
        type: 'payment_without_order',
        severity: 'P2',
        orderId: 'ORD-000001',
        error: 'Paid 4400 JPY, and the order is not confirmed',
        firstAt: '2026-11-21T08:00:40.000Z',
        count: 1,
      },
    });
  });

  test('P10 closes itself when the order is confirmed after all', async () => {
    const { receive, events, published } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10 }));
    await receive(40, succeeded({ at: 10 }));
    await receive(55, confirmed);
    expect(published()).toEqual(['AlertRaised payment_without_order', 'AlertResolved payment_without_order']);
    expect(AlertResolved.parse(events[1]).data).toMatchObject({ resolvedAt: '2026-11-21T08:00:55.000Z', count: 1 });
  });

  test('raises nothing when the order is confirmed in time, whichever is received first', async () => {
    for (const received of [
      [awaiting, succeeded({ at: 10 }), confirmed],
      [confirmed, succeeded({ at: 10 }), awaiting],
    ]) {
      const { receive, published, table } = paymentReconciliation();
      await receive(13, ...received);
      await receive(45, ...received);
      expect(published()).toEqual([]);
      expect(table.all()[0]?.dueAt).toBeUndefined();
    }
  });

  test('S2-24 a raised alert does not fire twice, however often it is checked or delivered', async () => {
    const { receive, sweep, published, raised } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10 }));
    await sweep(40);
    await sweep(100);
    await receive(200, succeeded({ at: 10 }), succeeded({ at: 10, version: 7 }), awaiting);
    expect([published(), raised]).toEqual([['AlertRaised payment_without_order'], ['payment_without_order']]);
  });

  test('counts from when it was received when that was late: what belongs to it is on its way too', async () => {
    const { receive, published } = paymentReconciliation();
    await receive(600, awaiting, succeeded({ at: 10 }));
    expect(published()).toEqual([]);
    await receive(621, succeeded({ at: 10 }));
    expect(published()).toEqual(['AlertRaised payment_without_order']);
  });
});

describe('rule B: confirmed, and not paid', () => {
  test('S2-17 raises P2 when 30 s have passed since the confirmation, and closes when the payment is published', async () => {
    const { receive, sweep, events, published } = paymentReconciliation();
    await receive(12, awaiting, confirmed);
    await sweep(41);
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'order_without_payment',
      severity: 'P2',
      error: 'Confirmed, and no payment is known',
    });
    await receive(90, succeeded({ at: 10 }));
    expect(published()).toEqual(['AlertRaised order_without_payment', 'AlertResolved order_without_payment']);
  });

  test('S2-17 says so when the payment has failed', async () => {
    const { receive, sweep, events } = paymentReconciliation();
    await receive(12, confirmed, failed({ at: 11 }));
    await sweep(42);
    expect(AlertRaised.parse(events[0]).data.error).toBe('Confirmed, and the payment failed (declined)');
  });

  test.each([
    ['needs no payment', 'NOT_REQUIRED'],
    ['is from before payments', undefined],
  ] as const)('an order that %s is none of its affair', async (_what, paymentStatus) => {
    const { receive, table } = paymentReconciliation();
    await receive(12, orderEvent('OrderConfirmed.v2', { version: 2, at: 12, paymentStatus }));
    expect(table.all()).toEqual([]);
  });
});

describe('rule C: paid twice', () => {
  test('P10 one capture of more than twice what was asked for is another amount, and not paid twice', async () => {
    const { receive, published } = paymentReconciliation();
    await receive(12, awaiting, succeeded({ at: 10, amount: 9000 }), confirmed);
    await receive(60, refunded({ at: 60, amount: 4600, version: 5, captured: 9000 }));
    expect(published()).toEqual(['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch']);
  });

  test('S2-18 raises P1 at once for a second capture, and not for the same one published again', async () => {
    const { receive, events, published } = paymentReconciliation();
    await receive(12, awaiting, succeeded({ at: 10 }), succeeded({ at: 11, version: 3 }), confirmed);
    expect(published()).toEqual([]);
    await receive(14, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'double_payment',
      severity: 'P1',
      error: 'Paid 2 times, 8800 JPY for 4400 JPY',
      count: 1,
    });
  });

  test('P10 closes when the second capture is paid back', async () => {
    const { receive, published } = paymentReconciliation();
    await receive(14, awaiting, succeeded({ at: 10 }), confirmed, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    await receive(20, refunded({ at: 20, version: 5 }));
    expect(published()).toEqual(['AlertRaised double_payment', 'AlertResolved double_payment']);
  });

  test('is reported even when the refund is received before the capture, and closes at once', async () => {
    const { receive, published } = paymentReconciliation();
    await receive(14, awaiting, succeeded({ at: 10 }), confirmed, refunded({ at: 13, version: 5 }));
    await receive(15, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    expect(published()).toEqual(['AlertRaised double_payment', 'AlertResolved double_payment']);
  });

  test('P10 a capture that was not known counts by what its refund reports of it', async () => {
    const { receive, sweep, published } = paymentReconciliation();
    await receive(14, awaiting, cancelled(12), refunded({ at: 13, version: 5 }));
    await sweep(120);
    expect(published()).toEqual([]);
  });

  test('S2-18 is reported by the refund of a second capture that was not known, and closes when it is received after all', async () => {
    const { receive, published, events } = paymentReconciliation();
    await receive(14, awaiting, succeeded({ at: 10 }), confirmed);
    await receive(20, refundFailed({ at: 20, version: 5, captured: 8800 }));
    expect(AlertRaised.parse(events.find(({ data }) => data.type === 'double_payment')).data).toMatchObject({
      severity: 'P1',
      error: 'Paid 2 times, 8800 JPY for 4400 JPY',
      count: 1,
    });
    await receive(30, refunded({ at: 30, version: 6, captured: 8800 }));
    await receive(40, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    expect(published().filter((line) => line.endsWith('double_payment'))).toEqual([
      'AlertRaised double_payment',
      'AlertResolved double_payment',
    ]);
  });

  test('a third capture is published again', async () => {
    const { receive, published, events } = paymentReconciliation();
    await receive(14, awaiting, succeeded({ at: 10 }), confirmed);
    await receive(15, succeeded({ at: 13, version: 4, id: 'pp-2' }), succeeded({ at: 14, version: 5, id: 'pp-3' }));
    expect(published()).toEqual(['AlertRaised double_payment', 'AlertRaised double_payment']);
    expect(events[1]?.data.count).toBe(2);
  });
});

describe('what else may be wrong', () => {
  test('P5 another amount than the order costs raises P1 at once, and closes when the difference is paid back', async () => {
    const { receive, published, events } = paymentReconciliation();
    await receive(12, awaiting, confirmed, succeeded({ at: 10, amount: 5000 }));
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'amount_mismatch',
      severity: 'P1',
      error: 'Requested 4400 JPY, paid 5000 JPY',
    });
    await receive(60, refunded({ at: 60, amount: 600, version: 5 }));
    expect(published()).toEqual(['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch']);
  });

  test('P9 another currency that the provider reports raises at once, and closes with the right capture', async () => {
    const { receive, published } = paymentReconciliation();
    await receive(10, awaiting, mismatch({ at: 10, amount: 4400, currency: 'USD' }));
    expect(published()).toEqual(['AlertRaised amount_mismatch']);
    await receive(12, succeeded({ at: 11, version: 5 }), confirmed);
    expect(published()).toEqual(['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch']);
  });

  test('P5 more paid back than was captured raises after 30 s, unless the capture is only late', async () => {
    const { receive, sweep, published } = paymentReconciliation();
    const returned = orderEvent('OrderReturned.v2', { version: 9, at: 12 });
    await receive(12, awaiting, confirmed, returned, refunded({ at: 12, version: 6 }));
    await receive(20, succeeded({ at: 10 }));
    await sweep(60);
    expect(published()).toEqual([]);
    await receive(70, refunded({ at: 70, version: 7, refundId: 'refund-2' }));
    await sweep(100);
    expect(published()).toEqual(['AlertRaised amount_mismatch']);
  });

  test('P5 money for an order that nobody knows raises P1 after 30 s', async () => {
    const { receive, events } = paymentReconciliation();
    await receive(10, succeeded({ at: 10 }));
    await receive(40, succeeded({ at: 10 }));
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'capture_without_order',
      severity: 'P1',
      error: 'Paid 4400 JPY for an unknown order',
    });
  });

  test('S2-15 money that comes after the payment was given up raises at once, and closes when it is paid back', async () => {
    const { receive, published, events } = paymentReconciliation();
    await receive(100, awaiting, failed({ at: 90 }), cancelled(91), succeeded({ at: 100, version: 4, late: true }));
    expect(events[0]?.data.type).toBe('capture_without_order');
    await receive(105, refunded({ at: 105, version: 5 }));
    expect(published()).toEqual(['AlertRaised capture_without_order', 'AlertResolved capture_without_order']);
  });

  test('P10 late money that is never paid back is one alert, not two', async () => {
    const { receive, sweep, published } = paymentReconciliation();
    await receive(100, awaiting, failed({ at: 90 }), cancelled(91), succeeded({ at: 100, version: 4, late: true }));
    await sweep(2000);
    expect(published()).toEqual(['AlertRaised capture_without_order']);
  });

  test.each([
    ['cancelled', cancelled(100)],
    ['returned', orderEvent('OrderReturned.v2', { version: 9, at: 100 })],
  ])('an order that was paid and is %s must be paid back in time', async (_how, undone) => {
    const { receive, sweep, published } = paymentReconciliation();
    await receive(12, awaiting, succeeded({ at: 10 }), confirmed);
    await receive(100, undone);
    await sweep(999);
    expect(published()).toEqual(['AlertRaised refund_missing']);
    await receive(1200, refunded({ at: 1200, version: 6 }));
    expect(published()).toEqual(['AlertRaised refund_missing', 'AlertResolved refund_missing']);
  });

  test('a refund that fails raises P1 at once, alone, and closes when another one is done', async () => {
    const { receive, sweep, published, events } = paymentReconciliation();
    await receive(12, awaiting, succeeded({ at: 10 }), confirmed);
    await receive(100, cancelled(100), refundFailed({ at: 100, version: 6 }));
    await sweep(2000);
    expect(published()).toEqual(['AlertRaised refund_failed']);
    expect(events[0]?.data).toMatchObject({ severity: 'P1', error: '4400 JPY could not be refunded' });
    await receive(2100, refunded({ at: 2100, version: 8, refundId: 'refund-2' }));
    expect(published()).toEqual(['AlertRaised refund_failed', 'AlertResolved refund_failed']);
  });

  test('a failure that is received after the refund it belongs to is no news', async () => {
    const { receive, published } = paymentReconciliation();
    await receive(12, awaiting, succeeded({ at: 10 }), confirmed, cancelled(12));
    await receive(13, refunded({ at: 13, version: 7 }), refundFailed({ at: 12, version: 6 }));
    expect(published()).toEqual([]);
  });
});
