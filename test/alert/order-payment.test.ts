import { AlertRaised, AlertResolved } from '../../lambda/contracts/alert-events';
import { paymentReconciliation } from './payment-reconciliation';
import { failed, mismatch, orderEvent, refunded, refundFailed, succeeded } from './reconciled-events';

const awaiting = orderEvent('OrderAwaitingPayment.v1', { version: 2 });
const confirmed = orderEvent('OrderConfirmed.v1', { version: 4, at: 12, paymentStatus: 'PAID' });
const cancelled = (at: number) => orderEvent('OrderCancelled.v1', { version: 5, at });

describe('rule A: paid, and the order is not confirmed', () => {
  test('S2-16 raises P2 when 30 s have passed since the payment, not before', async () => {
    const { hear, events, told } = paymentReconciliation();
    const paid = succeeded({ at: 10 });
    await hear(10, awaiting, paid);
    await hear(39, paid);
    expect(told()).toEqual([]);
    await hear(40, paid); // delivered again by the delay queue
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
    const { hear, events, told } = paymentReconciliation();
    await hear(10, awaiting, succeeded({ at: 10 }));
    await hear(40, succeeded({ at: 10 }));
    await hear(55, confirmed);
    expect(told()).toEqual(['AlertRaised payment_without_order', 'AlertResolved payment_without_order']);
    expect(AlertResolved.parse(events[1]).data).toMatchObject({ resolvedAt: '2026-11-21T08:00:55.000Z', count: 1 });
  });

  test('raises nothing when the order is confirmed in time, whichever is received first', async () => {
    for (const heard of [
      [awaiting, succeeded({ at: 10 }), confirmed],
      [confirmed, succeeded({ at: 10 }), awaiting],
    ]) {
      const { hear, told, table } = paymentReconciliation();
      await hear(13, ...heard);
      await hear(45, ...heard);
      expect(told()).toEqual([]);
      expect([...table.rows.values()][0]?.dueAt).toBeUndefined();
    }
  });

  test('S2-24 a raised alert does not fire twice, however often it is checked or delivered', async () => {
    const { hear, sweep, told, raised } = paymentReconciliation();
    await hear(10, awaiting, succeeded({ at: 10 }));
    await sweep(40);
    await sweep(100);
    await hear(200, succeeded({ at: 10 }), succeeded({ at: 10, version: 7 }), awaiting);
    expect([told(), raised]).toEqual([['AlertRaised payment_without_order'], ['payment_without_order']]);
  });

  test('counts from when it was received when that was late: what belongs to it is on its way too', async () => {
    const { hear, told } = paymentReconciliation();
    await hear(600, awaiting, succeeded({ at: 10 }));
    expect(told()).toEqual([]);
    await hear(621, succeeded({ at: 10 }));
    expect(told()).toEqual(['AlertRaised payment_without_order']);
  });
});

describe('rule B: confirmed, and not paid', () => {
  test('S2-17 raises P2 when 30 s have passed since the confirmation, and closes when the payment is told', async () => {
    const { hear, sweep, events, told } = paymentReconciliation();
    await hear(12, awaiting, confirmed);
    await sweep(41);
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'order_without_payment',
      severity: 'P2',
      error: 'Confirmed, and no payment is known',
    });
    await hear(90, succeeded({ at: 10 }));
    expect(told()).toEqual(['AlertRaised order_without_payment', 'AlertResolved order_without_payment']);
  });

  test('S2-17 says so when the payment has failed', async () => {
    const { hear, sweep, events } = paymentReconciliation();
    await hear(12, confirmed, failed({ at: 11 }));
    await sweep(42);
    expect(AlertRaised.parse(events[0]).data.error).toBe('Confirmed, and the payment failed (declined)');
  });

  test.each([
    ['needs no payment', 'NOT_REQUIRED'],
    ['is from before payments', undefined],
  ] as const)('an order that %s is none of its affair', async (_what, paymentStatus) => {
    const { hear, table } = paymentReconciliation();
    await hear(12, orderEvent('OrderConfirmed.v1', { version: 2, at: 12, paymentStatus }));
    expect(table.rows.size).toBe(0);
  });
});

describe('rule C: paid twice', () => {
  test('P10 one capture of more than twice what was asked for is another amount, and not paid twice', async () => {
    const { hear, told } = paymentReconciliation();
    await hear(12, awaiting, succeeded({ at: 10, amount: 9000 }), confirmed);
    await hear(60, refunded({ at: 60, amount: 4600, version: 5, captured: 9000 }));
    expect(told()).toEqual(['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch']);
  });

  test('S2-18 raises P1 at once for a second capture, and not for the same one published again', async () => {
    const { hear, events, told } = paymentReconciliation();
    await hear(12, awaiting, succeeded({ at: 10 }), succeeded({ at: 11, version: 3 }), confirmed);
    expect(told()).toEqual([]);
    await hear(14, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'double_payment',
      severity: 'P1',
      error: 'Paid 2 times, 8800 JPY for 4400 JPY',
      count: 1,
    });
  });

  test('P10 closes when the second capture is paid back', async () => {
    const { hear, told } = paymentReconciliation();
    await hear(14, awaiting, succeeded({ at: 10 }), confirmed, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    await hear(20, refunded({ at: 20, version: 5 }));
    expect(told()).toEqual(['AlertRaised double_payment', 'AlertResolved double_payment']);
  });

  test('is reported even when the refund is received before the capture, and closes at once', async () => {
    const { hear, told } = paymentReconciliation();
    await hear(14, awaiting, succeeded({ at: 10 }), confirmed, refunded({ at: 13, version: 5 }));
    await hear(15, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    expect(told()).toEqual(['AlertRaised double_payment', 'AlertResolved double_payment']);
  });

  test('P10 a capture that was not known counts by what its refund reports of it', async () => {
    const { hear, sweep, told } = paymentReconciliation();
    await hear(14, awaiting, cancelled(12), refunded({ at: 13, version: 5 }));
    await sweep(120);
    expect(told()).toEqual([]);
  });

  test('S2-18 is reported by the refund of a second capture that was not known, and closes when it is received after all', async () => {
    const { hear, told, events } = paymentReconciliation();
    await hear(14, awaiting, succeeded({ at: 10 }), confirmed);
    await hear(20, refundFailed({ at: 20, version: 5, captured: 8800 }));
    expect(AlertRaised.parse(events.find(({ data }) => data.type === 'double_payment')).data).toMatchObject({
      severity: 'P1',
      error: 'Paid 2 times, 8800 JPY for 4400 JPY',
      count: 1,
    });
    await hear(30, refunded({ at: 30, version: 6, captured: 8800 }));
    await hear(40, succeeded({ at: 13, version: 4, id: 'pp-2' }));
    expect(told().filter((line) => line.endsWith('double_payment'))).toEqual([
      'AlertRaised double_payment',
      'AlertResolved double_payment',
    ]);
  });

  test('a third capture is published again', async () => {
    const { hear, told, events } = paymentReconciliation();
    await hear(14, awaiting, succeeded({ at: 10 }), confirmed);
    await hear(15, succeeded({ at: 13, version: 4, id: 'pp-2' }), succeeded({ at: 14, version: 5, id: 'pp-3' }));
    expect(told()).toEqual(['AlertRaised double_payment', 'AlertRaised double_payment']);
    expect(events[1]?.data.count).toBe(2);
  });
});

describe('what else may be wrong', () => {
  test('P5 another amount than the order costs raises P1 at once, and closes when the difference is paid back', async () => {
    const { hear, told, events } = paymentReconciliation();
    await hear(12, awaiting, confirmed, succeeded({ at: 10, amount: 5000 }));
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'amount_mismatch',
      severity: 'P1',
      error: 'Requested 4400 JPY, paid 5000 JPY',
    });
    await hear(60, refunded({ at: 60, amount: 600, version: 5 }));
    expect(told()).toEqual(['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch']);
  });

  test('P9 another currency that the provider reports raises at once, and closes with the right capture', async () => {
    const { hear, told } = paymentReconciliation();
    await hear(10, awaiting, mismatch({ at: 10, amount: 4400, currency: 'USD' }));
    expect(told()).toEqual(['AlertRaised amount_mismatch']);
    await hear(12, succeeded({ at: 11, version: 5 }), confirmed);
    expect(told()).toEqual(['AlertRaised amount_mismatch', 'AlertResolved amount_mismatch']);
  });

  test('P5 more paid back than was captured raises after 30 s, unless the capture is only late', async () => {
    const { hear, sweep, told } = paymentReconciliation();
    const returned = orderEvent('OrderReturned.v1', { version: 9, at: 12 });
    await hear(12, awaiting, confirmed, returned, refunded({ at: 12, version: 6 }));
    await hear(20, succeeded({ at: 10 }));
    await sweep(60);
    expect(told()).toEqual([]);
    await hear(70, refunded({ at: 70, version: 7, refundId: 'refund-2' }));
    await sweep(100);
    expect(told()).toEqual(['AlertRaised amount_mismatch']);
  });

  test('P5 money for an order that nobody knows raises P1 after 30 s', async () => {
    const { hear, events } = paymentReconciliation();
    await hear(10, succeeded({ at: 10 }));
    await hear(40, succeeded({ at: 10 }));
    expect(AlertRaised.parse(events[0]).data).toMatchObject({
      type: 'capture_without_order',
      severity: 'P1',
      error: 'Paid 4400 JPY for an unknown order',
    });
  });

  test('S2-15 money that comes after the payment was given up raises at once, and closes when it is paid back', async () => {
    const { hear, told, events } = paymentReconciliation();
    await hear(100, awaiting, failed({ at: 90 }), cancelled(91), succeeded({ at: 100, version: 4, late: true }));
    expect(events[0]?.data.type).toBe('capture_without_order');
    await hear(105, refunded({ at: 105, version: 5 }));
    expect(told()).toEqual(['AlertRaised capture_without_order', 'AlertResolved capture_without_order']);
  });

  test('P10 late money that is never paid back is one alert, not two', async () => {
    const { hear, sweep, told } = paymentReconciliation();
    await hear(100, awaiting, failed({ at: 90 }), cancelled(91), succeeded({ at: 100, version: 4, late: true }));
    await sweep(2000);
    expect(told()).toEqual(['AlertRaised capture_without_order']);
  });

  test.each([
    ['cancelled', cancelled(100)],
    ['returned', orderEvent('OrderReturned.v1', { version: 9, at: 100 })],
  ])('an order that was paid and is %s must be paid back in time', async (_how, undone) => {
    const { hear, sweep, told } = paymentReconciliation();
    await hear(12, awaiting, succeeded({ at: 10 }), confirmed);
    await hear(100, undone);
    await sweep(999);
    expect(told()).toEqual(['AlertRaised refund_missing']);
    await hear(1200, refunded({ at: 1200, version: 6 }));
    expect(told()).toEqual(['AlertRaised refund_missing', 'AlertResolved refund_missing']);
  });

  test('a refund that fails raises P1 at once, alone, and closes when another one is done', async () => {
    const { hear, sweep, told, events } = paymentReconciliation();
    await hear(12, awaiting, succeeded({ at: 10 }), confirmed);
    await hear(100, cancelled(100), refundFailed({ at: 100, version: 6 }));
    await sweep(2000);
    expect(told()).toEqual(['AlertRaised refund_failed']);
    expect(events[0]?.data).toMatchObject({ severity: 'P1', error: '4400 JPY could not be refunded' });
    await hear(2100, refunded({ at: 2100, version: 8, refundId: 'refund-2' }));
    expect(told()).toEqual(['AlertRaised refund_failed', 'AlertResolved refund_failed']);
  });

  test('a failure that is received after the refund it belongs to is no news', async () => {
    const { hear, told } = paymentReconciliation();
    await hear(12, awaiting, succeeded({ at: 10 }), confirmed, cancelled(12));
    await hear(13, refunded({ at: 13, version: 7 }), refundFailed({ at: 12, version: 6 }));
    expect(told()).toEqual([]);
  });
});
