import { recordAlert } from '../../lambda/alert/history/alert-history';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { acknowledgeAlertRoute } from '../../lambda/alert/history/alerts.http';
import { alertEvent } from '../../lambda/alert/stock/alert';
import { alertStore } from '../../lambda/alert/stock/alert.store';
import { alertFromRow } from '../../lambda/alert/stock/alert-row';
import { raiseAlert, type Signal } from '../../lambda/alert/stock/raise-alerts';
import type { OrderDescribed } from '../../lambda/contracts/calls/order-calls';
import { type AlertEvent, AlertResolved } from '../../lambda/contracts/events/alert-events';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { paymentReconciliation } from './payment-reconciliation';
import { at, mismatch, orderEvent, type ReconciledEvent, refunded, refundFailed, succeeded } from './reconciled-events';

const staff = { tenant: trustedTenant('shop-a'), userId: 'staff-1', roles: ['staff'] } as const;

const line = { productId: 'PRD-001', name: 'Mouse', quantity: 1, unitPrice: 4400, lineTotal: 4400, taxRateBps: 0 };
const pending: OrderDescribed = {
  order: {
    ...{ version: 2, status: 'PENDING', trackingTokenHash: 'hash', stockStatus: 'RESERVED' },
    ...{ paymentStatus: 'WAITING_PAYMENT', total: 4400, currency: 'JPY', lines: [line] },
  },
};

/** The alert service with its three tables, and staff that closes alerts. */
const shop = (order: OrderDescribed = {}) => {
  const watch = paymentReconciliation(() => order);
  const stockEvents: AlertEvent[] = [];
  const { db } = memoryDynamoDb({
    onChange: (table, _before, row) => {
      const event = table === 'alerts' ? alertEvent(alertFromRow(row)) : undefined;
      if (event !== undefined) stockEvents.push(event);
    },
  });
  const alerts = alertStore('alerts', db);
  const kept = alertHistoryStore('sys-pay-alert', db);
  const now = () => new Date(watch.clock.now);
  const keep = recordAlert(kept, now);
  const { states, timeouts } = watch.deps;
  const route = acknowledgeAlertRoute({ alerts: kept, sources: { alerts, states, timeouts }, now });
  /** What was published of alerts comes to the list, all of it, again and again. */
  const published = async () => {
    for (const event of [...watch.events, ...stockEvents]) await keep(event);
  };
  const patch = async (alertId: string, body: object, headers: Record<string, string> = {}) => {
    await published();
    return call(route, {
      operation: 'acknowledgeAlert',
      caller: staff,
      pathParameters: { alertId },
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  };
  return {
    ...watch,
    published,
    patch,
    stockEvents,
    signal: raiseAlert(alerts, () => undefined),
    close: (alertId: string, note = 'settled by bank transfer') => patch(alertId, { state: 'RESOLVED', note }),
    row: () => watch.table.get({ orderId: 'shop-a#ORD-000001' }),
    list: async (alertId: string) => {
      await published();
      return kept.get(trustedTenant('shop-a'), alertId);
    },
  };
};

type Shop = ReturnType<typeof shop>;

const awaiting = orderEvent('OrderAwaitingPayment.v2', { version: 2 });
const confirmed = orderEvent('OrderConfirmed.v2', { version: 4, at: 12, paymentStatus: 'PAID' });
const cancelled = orderEvent('OrderCancelled.v2', { version: 5, at: 20, paymentStatus: 'PAID' });
const paid = succeeded({ at: 10 });

type Case = {
  readonly received: readonly ReconciledEvent[];
  /** When it is raised, by the sweep at the latest. */
  readonly by: number;
  /** Something new, by which it is raised again. */
  readonly news: readonly ReconciledEvent[];
};

const cases: Readonly<Record<string, Case>> = {
  payment_without_order: {
    received: [awaiting, paid],
    by: 60,
    news: [succeeded({ at: 5000, version: 8, id: 'pp-9' })],
  },
  double_payment: {
    received: [awaiting, paid, confirmed, succeeded({ at: 13, version: 4, id: 'pp-2' })],
    by: 20,
    news: [succeeded({ at: 5000, version: 9, id: 'pp-3' })],
  },
  amount_mismatch: {
    received: [awaiting, mismatch({ at: 10, amount: 4000, version: 3 })],
    by: 20,
    news: [mismatch({ at: 5000, amount: 3000, version: 9 })],
  },
  capture_without_order: {
    received: [awaiting, cancelled, succeeded({ at: 30, version: 4, late: true })],
    by: 40,
    news: [succeeded({ at: 5000, version: 9, id: 'pp-3', late: true })],
  },
  refund_missing: {
    received: [awaiting, paid, confirmed, cancelled],
    by: 1000,
    news: [succeeded({ at: 5000, version: 9, id: 'pp-3' })],
  },
  refund_failed: {
    received: [awaiting, paid, confirmed, cancelled, refundFailed({ at: 30, version: 6 })],
    by: 40,
    news: [refundFailed({ at: 5000, version: 9, refundId: 'refund-2' })],
  },
};

const raisedOnce = async (type: string, { received, by }: Case): Promise<Shop> => {
  const opened = shop();
  await opened.receive(30, ...received);
  await opened.sweep(by);
  expect((await opened.list(`${type}.ORD-000001`))?.state).toBe('RAISED');
  return opened;
};

describe('F-15 an alert that a person closes', () => {
  test.each(Object.entries(cases))(
    'F-15 %s stays closed, and is raised again by something new',
    async (type, given) => {
      const alertId = `${type}.ORD-000001`;
      const opened = await raisedOnce(type, given);
      const { status, body } = await opened.close(alertId);
      expect([status, body.state, body.closed]).toEqual([
        200,
        'RESOLVED',
        { by: 'staff-1', at: body.resolvedAt, note: 'settled by bank transfer' },
      ]);
      const before = opened.row()?.version;
      for (const time of [1, 2, 3]) {
        await opened.receive(given.by + time, ...given.received, ...given.received);
        await opened.sweep(given.by + time);
      }
      const again = { ...(await opened.list(alertId)) };
      expect([again.state, again.version]).toEqual(['RESOLVED', body.version]);
      if (type !== 'refund_missing') expect(opened.row()?.version).toBe(before); // there its order is asked for, too
      await opened.receive(5000, ...given.news);
      await opened.sweep(6000);
      expect(await opened.list(alertId)).toMatchObject({ state: 'RAISED', count: 2 });
      expect((await opened.list(alertId))?.closed).toBeUndefined();
    },
  );

  test('F-15 order_stuck stays closed while the order waits, and is raised again when it is stuck anew', async () => {
    const opened = shop(pending);
    await opened.receive(1, awaiting);
    await opened.sweep(2800);
    await opened.close('order_stuck.ORD-000001');
    for (const second of [4000, 8000, 16_000]) {
      await opened.receive(second, awaiting);
      await opened.sweep(second);
    }
    expect(await opened.list('order_stuck.ORD-000001')).toMatchObject({ state: 'RESOLVED', count: 1 });
  });

  test('F-15 reports who closed it and why, under an ID that the relay gives it too', async () => {
    const opened = await raisedOnce('refund_failed', cases.refund_failed as Case);
    const { body } = await opened.close('refund_failed.ORD-000001', 'cash at the desk');
    const event = AlertResolved.parse(opened.events.at(-1));
    expect(event.data).toMatchObject({ type: 'refund_failed', by: 'staff-1', note: 'cash at the desk' });
    expect(body.history.at(-1)).toMatchObject({ what: 'resolved', by: 'staff-1', note: 'cash at the desk' });
    await opened.published(); // the relay's event comes after it, twice
    expect((await opened.list('refund_failed.ORD-000001'))?.version).toBe(body.version);
  });

  test('F-15 closed once more by the same person is answered the same, by another refused', async () => {
    const opened = await raisedOnce('refund_failed', cases.refund_failed as Case);
    const first = await opened.close('refund_failed.ORD-000001', 'cash at the desk');
    const again = await opened.close('refund_failed.ORD-000001', 'cash at the desk');
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await opened.close('refund_failed.ORD-000001', 'no, by transfer');
    expect([other.status, other.body.title]).toEqual([409, 'AlertNotRaised']);
  });

  test('F-15 what closes by itself meanwhile needs nobody', async () => {
    const opened = await raisedOnce('refund_failed', cases.refund_failed as Case);
    await opened.receive(50, refunded({ at: 50, version: 8, refundId: 'refund-2' }));
    const { status, body } = await opened.close('refund_failed.ORD-000001');
    expect([status, body.title]).toEqual([409, 'AlertNotRaised']);
    expect((await opened.list('refund_failed.ORD-000001'))?.closed).toBeUndefined();
  });

  test.each([
    [{ note: 'why' }, '/acknowledged'],
    [{ state: 'RESOLVED', acknowledged: true, note: 'why' }, '/acknowledged'],
    [{ state: 'RAISED', note: 'why' }, '/state'],
    [{ state: 'RESOLVED' }, '/note'],
    [{ state: 'RESOLVED', note: ' ' }, '/note'],
  ])('F-15 %j is refused with the field that is wrong', async (body, pointer) => {
    const opened = await raisedOnce('refund_failed', cases.refund_failed as Case);
    const refused = await opened.patch('refund_failed.ORD-000001', body);
    expect([refused.status, refused.body.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([
      400,
      [pointer],
    ]);
  });

  test('F-15 a version that is not the alert’s any more closes nothing', async () => {
    const opened = await raisedOnce('refund_failed', cases.refund_failed as Case);
    const body = { state: 'RESOLVED', note: 'why', version: 9 };
    expect((await opened.patch('refund_failed.ORD-000001', body)).body).toMatchObject({ title: 'VersionMismatch' });
    expect((await opened.list('refund_failed.ORD-000001'))?.state).toBe('RAISED');
  });
});

describe('F-15 an alert about stock that a person closes', () => {
  const envelope = (subject: string, version: number) => ({
    specversion: '1.0' as const,
    id: `shop-a/${subject}:${version}`,
    ...{ source: '/inventory', subject, time: at(version), datacontenttype: 'application/json' as const },
    ...{ tenantid: 'shop-a', correlationid: 'correlation-1' },
  });
  const short = (version: number, available = 0): Signal => ({
    ...envelope('ORD-000001', version),
    type: 'StockShort.v1',
    data: { orderId: 'ORD-000001', shortage: { productId: 'PRD-001', name: 'Mouse', available, requested: 2 } },
  });
  const ended = (version: number): Signal => ({
    ...envelope('ORD-000001', version),
    type: 'StockShortageEnded.v1',
    data: { orderId: 'ORD-000001', outcome: 'reserved' },
  });
  const differs = (version: number, onHand: number): Signal => ({
    ...envelope('PRD-001', version),
    type: 'StockDiscrepancyFound.v1',
    data: { productId: 'PRD-001', version, onHand, expectedOnHand: 4, reserved: 1, expectedReserved: 1 },
  });

  test('F-15 a shortage that is published again stays closed, and one that comes back is raised', async () => {
    const opened = shop();
    const alertId = 'inventory_reservation_failed.ORD-000001';
    await opened.signal(short(1));
    expect((await opened.close(alertId, 'the supplier comes on Friday')).body).toMatchObject({ state: 'RESOLVED' });
    for (const version of [2, 3, 4]) await opened.signal(short(version, version === 4 ? 1 : 0));
    expect(await opened.list(alertId)).toMatchObject({ state: 'RESOLVED', count: 1, closed: { by: 'staff-1' } });
    await opened.signal(ended(5));
    await opened.signal(short(6));
    expect(await opened.list(alertId)).toMatchObject({ state: 'RAISED', count: 2 });
  });

  test('F-15 the same discrepancy stays closed, another one is raised', async () => {
    const opened = shop();
    await opened.signal(differs(2, 5));
    await opened.close('stock_discrepancy.PRD-001', 'one was a sample');
    await opened.signal(differs(3, 5));
    expect(await opened.list('stock_discrepancy.PRD-001')).toMatchObject({ state: 'RESOLVED', count: 1 });
    await opened.signal(differs(4, 6));
    expect(await opened.list('stock_discrepancy.PRD-001')).toMatchObject({ state: 'RAISED', count: 2 });
  });
});

describe('closing an alert about money of no payment known here', () => {
  const unknown: Signal = {
    ...{ specversion: '1.0', id: 'shop-a/stripe-pi_9:1', source: '/payments', type: 'UnknownPaymentFound.v1' },
    ...{
      subject: 'pi_9',
      time: at(1),
      datacontenttype: 'application/json',
      tenantid: 'shop-a',
      correlationid: 'evt_1',
    },
    data: {
      ...{ provider: 'stripe', externalPaymentId: 'pi_9', kind: 'capture', amount: 6600, currency: 'JPY' },
      reason: 'unknown-payment',
    },
  };

  test('F-11 a person closes it with a note, and published again it stays closed', async () => {
    const opened = shop();
    await opened.signal(unknown);
    const alertId = 'capture_without_order.pi_9';
    const { status, body } = await opened.close(alertId, 'refunded at Stripe');
    expect([status, body]).toMatchObject([
      200,
      { state: 'RESOLVED', closed: { by: 'staff-1', note: 'refunded at Stripe' } },
    ]);
    await opened.signal(unknown);
    expect(await opened.list(alertId)).toMatchObject({ state: 'RESOLVED', count: 1 });
  });
});
