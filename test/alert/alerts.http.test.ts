import { recordAlert } from '../../lambda/alert/history/alert-history';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { acknowledgeAlertRoute, listAlertsRoute } from '../../lambda/alert/history/alerts.http';
import type { AlertEvent, AlertType } from '../../lambda/contracts/events/alert-events';
import type { Caller } from '../../lambda/kernel/http/caller';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';
import { call } from '../support/http';
import { onlySecret } from '../support/secrets';

const callers = {
  staff: { tenant: trustedTenant('shop-a'), userId: 'staff-1', roles: ['staff'] },
  otherStaff: { tenant: trustedTenant('shop-b'), userId: 'staff-1', roles: ['staff'] },
  customer: { tenant: trustedTenant('shop-a'), userId: 'customer-1', roles: ['customer'] },
} as const satisfies Record<string, Caller>;
type Who = keyof typeof callers;

const event = (type: AlertType, number: number, version = 1, kind: AlertEvent['type'] = 'AlertRaised.v1') => {
  const orderId = `ORD-00000${number}`;
  const time = `2026-11-21T08:0${version}:0${number}.000Z`;
  const severity = type === 'double_payment' ? 'P1' : 'P2';
  const data = { type, severity, orderId, firstAt: time, count: 1, error: 'Paid 2 times', resolvedAt: time };
  return {
    ...{
      specversion: '1.0',
      id: `shop-a/${type}.${orderId}:${version}`,
      source: '/alerts',
      subject: `${type}.${orderId}`,
    },
    ...{
      time,
      datacontenttype: 'application/json',
      tenantid: 'shop-a',
      correlationid: 'correlation-1',
      type: kind,
      data,
    },
  } as AlertEvent;
};

const nothing = { get: async () => undefined, save: async () => true };
const noSources = { alerts: nothing, states: nothing, timeouts: { refundSeconds: 900, stuckSeconds: 900 } };

/** Three alerts of shop-a, of which the second is over. */
const alertsApi = async () => {
  const alerts = alertHistoryStore('sys-pay-alert', memoryDynamoDb().db);
  const now = () => new Date('2026-11-21T09:00:00.000Z');
  const receive = recordAlert(alerts, now);
  await receive(event('double_payment', 1));
  await receive(event('order_stuck', 2));
  await receive(event('order_stuck', 2, 2, 'AlertResolved.v1'));
  await receive(event('refund_missing', 3));
  const routes = {
    listAlerts: listAlertsRoute({ alerts, cursorSecret: onlySecret('secret') }),
    acknowledgeAlert: acknowledgeAlertRoute({ alerts, sources: noSources, now }),
  };
  return {
    receive,
    list: (query: Record<string, string> = {}, as: Who = 'staff') =>
      call(routes.listAlerts, { operation: 'listAlerts', caller: callers[as], query }),
    acknowledge: (alertId: string, body: unknown, as: Who = 'staff', headers: Record<string, string> = {}) =>
      call(routes.acknowledgeAlert, {
        operation: 'acknowledgeAlert',
        caller: callers[as],
        pathParameters: { alertId },
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
  };
};

const ids = ({ body }: { body: { items: { alertId: string }[] } }) => body.items.map(({ alertId }) => alertId);
const double = 'double_payment.ORD-000001';
const seen = { acknowledged: true, note: 'refunded by hand' };

describe('GET /alerts', () => {
  test('S2-28 lists the alerts of the tenant with what became of them, those raised last first', async () => {
    const { list } = await alertsApi();
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.items[0]).toMatchObject({ alertId: 'refund_missing.ORD-000003', severity: 'P2', state: 'RAISED' });
    expect(body.items[1]).toEqual({
      alertId: 'order_stuck.ORD-000002',
      type: 'order_stuck',
      severity: 'P2',
      state: 'RESOLVED',
      orderId: 'ORD-000002',
      error: 'Paid 2 times',
      count: 1,
      firstAt: '2026-11-21T08:02:02.000Z',
      raisedAt: '2026-11-21T08:01:02.000Z',
      resolvedAt: '2026-11-21T08:02:02.000Z',
      history: [
        { what: 'raised', at: '2026-11-21T08:01:02.000Z', error: 'Paid 2 times' },
        { what: 'resolved', at: '2026-11-21T08:02:02.000Z' },
      ],
      updatedAt: '2026-11-21T09:00:00.000Z',
      version: 2,
    });
  });

  test.each([
    [{ state: 'raised' }, ['refund_missing.ORD-000003', double]],
    [{ state: 'RESOLVED' }, ['order_stuck.ORD-000002']],
    [{ type: 'double_payment' }, [double]],
    [{ severity: 'p1' }, [double]],
    [{ severity: 'P2', state: 'RAISED' }, ['refund_missing.ORD-000003']],
  ])('S2-28 lists those of %j', async (query, expected) => {
    const { list } = await alertsApi();
    expect(ids(await list(query as Record<string, string>))).toEqual(expected);
  });

  test('goes on where the page before ended, with its own cursor alone', async () => {
    const { list } = await alertsApi();
    const first = await list({ limit: '2' });
    const { nextCursor: cursor } = first.body;
    expect(ids(await list({ limit: '2', cursor }))).toEqual([double]);
    for (const [query, as] of [
      [{ cursor, state: 'RAISED' }, 'staff'],
      [{ cursor }, 'otherStaff'],
      [{ cursor: 'forged.cursor' }, 'staff'],
    ] as const)
      expect((await list(query, as)).body.errors?.[0].pointer).toBe('/query/cursor');
  });

  test.each([{ state: 'open' }, { type: 'unknown' }, { severity: 'P3' }, { limit: '0' }])(
    'refuses %j',
    async (query) => {
      const { list } = await alertsApi();
      expect((await list(query as unknown as Record<string, string>)).status).toBe(400);
    },
  );

  test('P8 another tenant sees none of them, a customer may not look', async () => {
    const { list } = await alertsApi();
    expect(ids(await list({}, 'otherStaff'))).toEqual([]);
    expect((await list({}, 'customer')).status).toBe(403);
  });
});

describe('PATCH /alerts/{alertId}', () => {
  test('S2-28 says who has seen to it, when, and what they found', async () => {
    const { acknowledge } = await alertsApi();
    const { status, body, headers } = await acknowledge(double, seen);
    expect([status, headers.etag]).toEqual([200, '"2"']);
    expect(body).toMatchObject({
      acknowledgement: { by: 'staff-1', at: '2026-11-21T09:00:00.000Z', note: 'refunded by hand' },
      state: 'RAISED',
      history: [{ what: 'raised' }, { what: 'acknowledged', by: 'staff-1', note: 'refunded by hand' }],
      version: 2,
    });
  });

  test('raised again, it must be acknowledged again; resolved, it stays so', async () => {
    const { acknowledge, receive, list } = await alertsApi();
    await acknowledge(double, seen);
    await receive(event('double_payment', 1, 2, 'AlertResolved.v1'));
    expect((await list({ type: 'double_payment' })).body.items[0].acknowledgement).toMatchObject({ by: 'staff-1' });
    await receive(event('double_payment', 1, 3));
    expect((await list({ type: 'double_payment' })).body.items[0]).not.toHaveProperty('acknowledgement');
  });

  test('a version or an ETag that is not the newest is refused', async () => {
    const { acknowledge } = await alertsApi();
    await acknowledge(double, { ...seen, version: 1 });
    const stale = await acknowledge(double, { ...seen, version: 1 });
    expect([stale.status, stale.body.title, stale.body.currentVersion]).toEqual([409, 'VersionMismatch', 2]);
    const old = await acknowledge(double, seen, 'staff', { 'if-match': '"1"' });
    expect([old.status, old.body.title, old.body.currentVersion]).toEqual([412, 'PreconditionFailed', 2]);
  });

  test('of ten at once each is recorded', async () => {
    const { acknowledge } = await alertsApi();
    const answers = await Promise.all(Array.from({ length: 10 }, () => acknowledge(double, seen)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  });

  test.each([
    [{}],
    [{ acknowledged: false, note: 'no' }],
    [{ acknowledged: true }],
    [{ ...seen, note: ' ' }],
    [{ ...seen, by: 'somebody' }],
  ])('P15 refuses the body %j', async (body) => {
    const { acknowledge } = await alertsApi();
    expect((await acknowledge(double, body)).status).toBe(400);
  });

  test.each<[string, Who]>([
    [double, 'otherStaff'],
    ['double_payment.ORD-000009', 'staff'],
    ['../double_payment', 'staff'],
    ['', 'staff'],
  ])('P8 %p of the %s is unknown', async (alertId, as) => {
    const { acknowledge } = await alertsApi();
    const { status, body } = await acknowledge(alertId, seen, as);
    expect([status, body.title]).toEqual([404, 'AlertNotFound']);
  });

  test('a customer may not', async () => {
    const { acknowledge } = await alertsApi();
    expect((await acknowledge(double, seen, 'customer')).status).toBe(403);
  });
});
