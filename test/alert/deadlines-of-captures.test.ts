import { closeAlert } from '../../lambda/alert/payments/payment-alerts';
import type { ReconciledPaymentEvent } from '../../lambda/alert/payments/payment-state';
import { orderPaymentFromRow } from '../../lambda/alert/payments/payment-state-row';
import type { PaymentAlertType } from '../../lambda/contracts/events/alert-events';
import { paymentReconciliation } from './payment-reconciliation';
import { at, orderEvent, refunded, start, succeeded } from './reconciled-events';

/** Money of one capture that went back, as the payment service says. */
const back = (version: number, seconds: number, externalPaymentId: string, captured = 8800): ReconciledPaymentEvent => {
  const event = refunded({ version, at: seconds, refundId: `REF-${version}`, captured });
  return { ...event, data: { ...event.data, externalPaymentId } } as ReconciledPaymentEvent;
};

/** As it was published before refunds said of which capture they are. */
const backUnnamed = (version: number, seconds: number) =>
  refunded({ version, at: seconds, refundId: `REF-${version}` });

type Watch = ReturnType<typeof paymentReconciliation>;

const raisedAt = ({ events }: Watch, type: PaymentAlertType) =>
  events.flatMap((event) =>
    event.type === 'AlertRaised.v1' && event.data.type === type ? [(Date.parse(event.time) - start) / 1000] : [],
  );

const waiting = () => {
  const placed = orderEvent('OrderAwaitingPayment.v2', { version: 2, deadline: 5000 });
  const { total, currency } = placed.data;
  const described = { version: 2, status: 'PENDING', total, currency, paymentStatus: 'WAITING_PAYMENT' } as const;
  const stockStatus = 'RESERVED' as const;
  const order = { ...described, stockStatus, trackingTokenHash: 'hash', lines: placed.data.lines };
  return { watch: paymentReconciliation(() => ({ order })), placed };
};

/** A person closes an alert: what they knew raises it no more. */
const close = async ({ table, deps }: Watch, type: PaymentAlertType, seconds: number) => {
  const [row] = table.all();
  const by = { by: 'staff-1', at: at(seconds), note: 'seen to' };
  const next = closeAlert(orderPaymentFromRow(row), type, by, { now: new Date(by.at), timeouts: deps.timeouts });
  if (next === undefined) throw new Error(`${type} is not raised`);
  await deps.states.save(next);
};

describe('F-09 an alert counts its time from the capture that it is about', () => {
  test.each([
    ['that says of which capture it is', (seconds: number) => back(3, seconds, 'pp-1', 4400)],
    ['that does not say so', (seconds: number) => backUnnamed(3, seconds)],
  ])('S2-16 rule A: paid once more long after the first payment went back by a refund %s', async (_, refund) => {
    const { watch, placed } = waiting();
    await watch.receive(1, placed, succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.receive(20, refund(20));
    await watch.sweep(60);
    await watch.receive(1000, succeeded({ version: 4, id: 'pp-2', at: 1000 }));
    await watch.sweep(1001);
    expect(raisedAt(watch, 'payment_without_order')).toEqual([1031]);
  });

  test('S2-16 rule A: of two payments the second went back, so the time of the first counts', async () => {
    const { watch, placed } = waiting();
    await watch.receive(1, placed, succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.receive(25, succeeded({ version: 3, id: 'pp-2', at: 25 }), back(4, 25, 'pp-2'));
    await watch.sweep(32);
    expect(raisedAt(watch, 'payment_without_order')).toEqual([32]);
  });

  test('S2-16 rule A: closed by a person, the next payment has its own 30 seconds', async () => {
    const { watch, placed } = waiting();
    await watch.receive(1, placed, succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.sweep(40);
    await close(watch, 'payment_without_order', 100);
    await watch.receive(1000, succeeded({ version: 3, id: 'pp-2', at: 1000 }));
    for (const second of [1001, 1031]) await watch.sweep(second);
    expect(raisedAt(watch, 'payment_without_order')).toEqual([40, 1031]);
  });

  test('S2-16 rule A: closed by a person, it stays closed when another payment comes and goes back', async () => {
    const { watch, placed } = waiting();
    await watch.receive(1, placed, succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.sweep(40);
    await close(watch, 'payment_without_order', 100);
    await watch.receive(1000, succeeded({ version: 3, id: 'pp-2', at: 1000 }), back(4, 1000, 'pp-2'));
    await watch.sweep(1100);
    expect(raisedAt(watch, 'payment_without_order')).toEqual([40]);
  });

  test('capture_without_order: another payment of an unknown order, long after the first one went back', async () => {
    const watch = paymentReconciliation();
    await watch.receive(1, succeeded({ version: 2, id: 'pp-1', at: 1 }), back(3, 2, 'pp-1', 4400));
    await watch.sweep(100);
    await watch.receive(1000, succeeded({ version: 4, id: 'pp-2', at: 1000 }));
    await watch.sweep(1001);
    expect(raisedAt(watch, 'capture_without_order')).toEqual([1031]);
  });

  test('refund_missing: what was paid before the cancel is missing in time, though another payment came later and went back', async () => {
    const watch = paymentReconciliation();
    await watch.receive(1, orderEvent('OrderPlaced.v2'), succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.receive(2, orderEvent('OrderConfirmed.v2', { version: 3, at: 2, paymentStatus: 'PAID' }));
    await watch.receive(10, orderEvent('OrderCancelled.v2', { version: 4, at: 10, paymentStatus: 'PAID' }));
    await watch.receive(800, succeeded({ version: 3, id: 'pp-2', at: 800 }), back(4, 801, 'pp-2'));
    const payment = { paymentId: 'PAY-ORD-000001', provider: 'paypay', amount: 4400, currency: 'JPY' } as const;
    watch.deps.query.payment = async () => ({
      payment: {
        ...{ ...payment, history: [], version: 4, refundedTotal: 4400, mismatches: [] },
        captures: ['pp-1', 'pp-2'].map((externalPaymentId) => ({ externalPaymentId, amount: 4400, late: false })),
      },
    });
    await watch.sweep(901);
    expect(raisedAt(watch, 'refund_missing')).toEqual([911]);
  });

  test('refund_missing: a late payment that is back hides nothing, and is over itself', async () => {
    const watch = paymentReconciliation();
    await watch.receive(1, orderEvent('OrderPlaced.v2'), succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.receive(2, orderEvent('OrderConfirmed.v2', { version: 3, at: 2, paymentStatus: 'PAID' }));
    await watch.receive(10, orderEvent('OrderCancelled.v2', { version: 4, at: 10, paymentStatus: 'PAID' }));
    await watch.receive(20, succeeded({ version: 3, id: 'pp-2', at: 20, late: true }), back(4, 21, 'pp-2'));
    expect(watch.published()).toEqual([
      'AlertRaised double_payment',
      'AlertRaised capture_without_order',
      'AlertResolved double_payment',
      'AlertResolved capture_without_order',
    ]);
    await watch.sweep(1000);
    expect(raisedAt(watch, 'refund_missing')).toHaveLength(1);
  });

  test('amount_mismatch: of refunds that exceed what was captured the one that does so counts', async () => {
    const watch = paymentReconciliation();
    await watch.receive(1, orderEvent('OrderPlaced.v2'), succeeded({ version: 2, id: 'pp-1', at: 1 }));
    await watch.receive(2, orderEvent('OrderConfirmed.v2', { version: 3, at: 2, paymentStatus: 'PAID' }));
    await watch.receive(10, refunded({ version: 3, at: 10, refundId: 'REF-1', amount: 4000 }));
    await watch.receive(1000, refunded({ version: 4, at: 1000, refundId: 'REF-2', amount: 1000 }));
    await watch.sweep(1001);
    expect(raisedAt(watch, 'amount_mismatch')).toEqual([1031]);
  });
});
