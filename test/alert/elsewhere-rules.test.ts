import type { ReconciledPaymentEvent } from '../../lambda/alert/payments/payment-state';
import { alertEvent } from '../../lambda/alert/stock/alert';
import { alertStore } from '../../lambda/alert/stock/alert.store';
import { alertFromRow } from '../../lambda/alert/stock/alert-row';
import { raiseAlert } from '../../lambda/alert/stock/raise-alerts';
import type { UnknownPaymentFound } from '../../lambda/contracts/events/payment-events';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { paymentReconciliation } from './payment-reconciliation';
import { orderEvent, refunded, succeeded } from './reconciled-events';

const elsewhere = (version: number, amount: number, given: object = {}): ReconciledPaymentEvent => {
  const event = refunded({ version, amount, refundId: `EXT-${version}`, at: 60 });
  return { ...event, data: { ...event.data, madeElsewhere: true, ...given } } as ReconciledPaymentEvent;
};

const disputed = (version: number, disputeStatus: string, given: object = {}): ReconciledPaymentEvent => {
  const event = succeeded({ version, at: 60 });
  const about = { disputeId: 'du_1', disputedAmount: 4400, reason: 'fraudulent', inquiry: false, disputeStatus };
  const data = { ...event.data, ...about, evidenceDueBy: '2026-12-20T23:59:59.000Z', ...given };
  return { ...event, type: 'PaymentDisputed.v1', data } as unknown as ReconciledPaymentEvent;
};

const sold = async () => {
  const watch = paymentReconciliation();
  await watch.receive(1, orderEvent('OrderPlaced.v2'), succeeded({ version: 2 }));
  await watch.receive(2, orderEvent('OrderConfirmed.v2', { version: 4, paymentStatus: 'PAID' }));
  return watch;
};
type Watch = Awaited<ReturnType<typeof sold>>;
const errors = ({ events }: Watch) =>
  events.flatMap(({ type, data }) =>
    type === 'AlertRaised.v1' ? [`${data.severity} ${data.type}: ${data.error}`] : [],
  );

describe('F-02 a refund made at the provider', () => {
  test('is one alert, raised again for each that is made', async () => {
    const watch = await sold();
    await watch.receive(61, elsewhere(3, 200), elsewhere(3, 200));
    expect(errors(watch)).toEqual([
      'P1 refunded_elsewhere: Refunded at the provider, not by this system: 200 JPY. Check that it was intended',
    ]);
    await watch.receive(62, elsewhere(4, 300));
    expect(errors(watch)).toHaveLength(2);
  });

  test('closes by itself once the order is undone and all of its money is back', async () => {
    const watch = await sold();
    await watch.receive(61, elsewhere(3, 200));
    await watch.receive(70, orderEvent('OrderCancelled.v2', { version: 5, at: 70, paymentStatus: 'PAID' }));
    expect(watch.published()).toEqual(['AlertRaised refunded_elsewhere']);
    await watch.receive(75, refunded({ version: 4, amount: 4200, refundId: 'REF-1', at: 74 }));
    expect(watch.published()).toEqual(['AlertRaised refunded_elsewhere', 'AlertResolved refunded_elsewhere']);
  });

  test('by us is none', async () => {
    const watch = await sold();
    await watch.receive(61, refunded({ version: 3, amount: 200, at: 60 }));
    expect(watch.published()).toEqual([]);
  });
});

describe('F-03 a dispute', () => {
  test('is a P1 with the deadline for an answer, and closes when it is won', async () => {
    const watch = await sold();
    await watch.receive(61, disputed(3, 'NEEDS_RESPONSE'), disputed(3, 'NEEDS_RESPONSE'));
    expect(errors(watch)).toEqual([
      'P1 payment_disputed: 4400 JPY disputed (fraudulent): answer at the provider by 2026-12-20T23:59:59.000Z',
    ]);
    await watch.receive(62, disputed(4, 'UNDER_REVIEW'), disputed(5, 'WON'));
    expect(watch.published()).toEqual(['AlertRaised payment_disputed', 'AlertResolved payment_disputed']);
  });

  test('that is lost is reported anew, with what the order is, and is over once that is undone', async () => {
    const watch = await sold();
    await watch.receive(61, disputed(3, 'NEEDS_RESPONSE'));
    await watch.receive(62, elsewhere(4, 4400, { disputeId: 'du_1' }));
    expect(errors(watch)[1]).toBe(
      'P1 payment_disputed: Dispute lost (fraudulent): 4400 JPY were taken, and the order is CONFIRMED',
    );
    await watch.receive(63, orderEvent('OrderCancelled.v2', { version: 5, at: 63, paymentStatus: 'REFUNDED' }));
    expect(watch.published().at(-1)).toBe('AlertResolved payment_disputed');
    expect(watch.published().join()).not.toContain('refunded_elsewhere');
  });

  describe('that is over by the time it is received', () => {
    const lost = () => elsewhere(4, 1000, { refundId: 'DSP-du_1', disputeId: 'du_1' });
    const undone = () => orderEvent('OrderCancelled.v2', { version: 5, at: 60, paymentStatus: 'PAID' });

    test('F-03 is reported once, lost on an order that is cancelled, and closes at once', async () => {
      const watch = await sold();
      await watch.receive(60, undone());
      await watch.receive(61, lost(), disputed(3, 'NEEDS_RESPONSE'), lost());
      expect(errors(watch)).toEqual([
        'P1 payment_disputed: Dispute lost (dispute): 1000 JPY were taken, and the order is CANCELLED',
      ]);
      expect(watch.published()).toEqual(['AlertRaised payment_disputed', 'AlertResolved payment_disputed']);
    });

    test('F-03 is reported once, won, and closes at once', async () => {
      const watch = await sold();
      await watch.receive(61, disputed(5, 'WON'), disputed(3, 'NEEDS_RESPONSE'), disputed(5, 'WON'));
      expect(errors(watch)).toEqual(['P1 payment_disputed: 4400 JPY disputed (fraudulent): won, no money was taken']);
      expect(watch.published()).toEqual(['AlertRaised payment_disputed', 'AlertResolved payment_disputed']);
    });

    test('F-03 is not reported again when it was reported while it was open', async () => {
      const watch = await sold();
      await watch.receive(61, disputed(3, 'NEEDS_RESPONSE'));
      await watch.receive(62, undone());
      await watch.receive(63, lost(), lost());
      expect(watch.published()).toEqual(['AlertRaised payment_disputed', 'AlertResolved payment_disputed']);
    });
  });

  test('received in any order ends alike', async () => {
    const words = [disputed(3, 'NEEDS_RESPONSE'), disputed(4, 'UNDER_REVIEW'), disputed(5, 'WON')];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const watch = await sold();
      for (const at of order) await watch.receive(61, ...words.slice(at, at + 1));
      const [row] = watch.table.all();
      const alerts = (row?.alerts ?? {}) as Record<string, { state: string } | undefined>;
      expect(alerts.payment_disputed?.state ?? 'RESOLVED').toBe('RESOLVED');
    }
  });

  test('F-03 that was lost and is won after all leaves no alert of an order that goes on, received in any order', async () => {
    const opened = disputed(3, 'NEEDS_RESPONSE');
    const lost = elsewhere(4, 4400, { refundId: 'DSP-du_1', disputeId: 'du_1' });
    const won = { ...lost, id: lost.id.replace(/:4$/, ':5'), type: 'PaymentRefundFailed.v1' } as ReconciledPaymentEvent;
    for (const words of [
      [opened, lost, won],
      [opened, won, lost],
      [won, lost, opened],
    ]) {
      const watch = await sold();
      await watch.receive(61, ...words, ...words);
      await watch.sweep(2000);
      const [row] = watch.table.all();
      const alerts = (row?.alerts ?? {}) as Record<string, { state: string }>;
      expect(Object.values(alerts).filter(({ state }) => state === 'RAISED')).toEqual([]);
      expect(watch.published().join()).not.toContain('refund_failed');
    }
  });

  test('while it is open the money of a cancelled order is not missing', async () => {
    const watch = await sold();
    await watch.receive(61, disputed(3, 'NEEDS_RESPONSE'));
    await watch.receive(70, orderEvent('OrderCancelled.v2', { version: 5, at: 70, paymentStatus: 'PAID' }));
    await watch.sweep(2000);
    expect(watch.published()).toEqual(['AlertRaised payment_disputed']);
  });
});

describe('F-03 an open inquiry', () => {
  const inquiry = (version: number, status: string) => disputed(version, status, { inquiry: true });
  const undone = orderEvent('OrderCancelled.v2', { version: 5, at: 70, paymentStatus: 'PAID' });

  test.each(['NEEDS_RESPONSE', 'UNDER_REVIEW'])(
    'holds no money back: what of a cancelled order is not paid back is missing (%s)',
    async (status) => {
      const watch = await sold();
      await watch.receive(61, inquiry(3, status));
      await watch.receive(70, undone);
      await watch.sweep(2000);
      expect(watch.published()).toEqual(['AlertRaised payment_disputed', 'AlertRaised refund_missing']);
    },
  );

  test('that becomes a dispute holds the money back, received in any order', async () => {
    for (const words of [
      [inquiry(3, 'NEEDS_RESPONSE'), disputed(4, 'NEEDS_RESPONSE')],
      [disputed(4, 'NEEDS_RESPONSE'), inquiry(3, 'NEEDS_RESPONSE')],
    ]) {
      const watch = await sold();
      await watch.receive(61, ...words);
      await watch.receive(70, undone);
      await watch.sweep(2000);
      expect(watch.published()).toEqual(['AlertRaised payment_disputed']);
    }
  });

  test('that is closed leaves nothing to be seen to', async () => {
    const watch = await sold();
    await watch.receive(61, inquiry(3, 'NEEDS_RESPONSE'), inquiry(4, 'CLOSED'));
    await watch.sweep(2000);
    expect(watch.published()).toEqual(['AlertRaised payment_disputed', 'AlertResolved payment_disputed']);
  });
});

describe('F-11 money of no payment known here', () => {
  const found: UnknownPaymentFound = {
    ...{ specversion: '1.0', id: 'shop-a/stripe-pi_9:1', source: '/payments', type: 'UnknownPaymentFound.v1' },
    ...{ subject: 'pi_9', time: '2026-11-21T08:00:00.000Z', datacontenttype: 'application/json', tenantid: 'shop-a' },
    correlationid: 'evt_1',
    data: {
      ...{ provider: 'stripe', externalPaymentId: 'pi_9', kind: 'capture', amount: 6600, currency: 'JPY' },
      reason: 'unknown-payment',
    },
  };

  test('is a P1 capture_without_order, once however often it is delivered', async () => {
    const published: unknown[] = [];
    const { db } = memoryDynamoDb({
      onChange: (_table, _before, after) => published.push(alertEvent(alertFromRow(after))),
    });
    const raise = raiseAlert(alertStore('alerts', db), () => undefined);
    for (let times = 0; times < 3; times += 1) await raise(found);
    expect(published).toMatchObject([
      {
        type: 'AlertRaised.v1',
        subject: 'capture_without_order.pi_9',
        tenantid: 'shop-a',
        data: {
          ...{ type: 'capture_without_order', severity: 'P1', externalPaymentId: 'pi_9', count: 1 },
          error: '6600 JPY captured by stripe as pi_9: its metadata names an unknown payment',
        },
      },
    ]);
  });
});
