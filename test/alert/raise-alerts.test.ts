import { describeAlerts } from '../../lambda/alert/describe-alerts';
import type { Alert } from '../../lambda/alert/stock/alert';
import { alertEvent } from '../../lambda/alert/stock/alert';
import { alertStore } from '../../lambda/alert/stock/alert.store';
import { alertFromRow } from '../../lambda/alert/stock/alert-row';
import { raiseAlert, type Signal } from '../../lambda/alert/stock/raise-alerts';
import { AlertsDescribed } from '../../lambda/contracts/calls/service-calls';
import { AlertRaised, AlertResolved } from '../../lambda/contracts/events/alert-events';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

const envelope = (version: number, subject: string, minute: number) => ({
  specversion: '1.0' as const,
  id: `shop-a/${subject}:${version}`,
  source: '/inventory',
  subject,
  time: `2026-11-21T08:${String(minute).padStart(2, '0')}:00.000Z`,
  datacontenttype: 'application/json' as const,
  tenantid: 'shop-a',
  correlationid: 'correlation-1',
});

const shortage = { productId: 'PRD-001', name: '人気商品（在庫切れ）', available: 0, requested: 1 };
const orderId = 'ORD-000001';
const short = (version: number, minute = version): Signal => ({
  ...envelope(version, orderId, minute),
  type: 'StockShort.v1',
  data: { orderId, shortage },
});
const ended = (version: number, minute = version): Signal => ({
  ...envelope(version, orderId, minute),
  type: 'StockShortageEnded.v1',
  data: { orderId, outcome: 'reserved' },
});
const figures = { onHand: 5, expectedOnHand: 4, reserved: 1, expectedReserved: 1 };
const differs = (version: number): Signal => ({
  ...envelope(version, 'PRD-001', version),
  type: 'StockDiscrepancyFound.v1',
  data: { productId: 'PRD-001', version, ...figures },
});
const agrees = (version: number): Signal => ({
  ...envelope(version, 'PRD-001', version),
  type: 'StockDiscrepancyResolved.v1',
  data: { productId: 'PRD-001', version },
});

const states = { get: async () => undefined };

/** Alerts as their table keeps them, and every event that their relay makes of it. */
const board = () => {
  const events: unknown[] = [];
  const raised: Alert[] = [];
  const { db, table } = memoryDynamoDb({
    onChange: (_table, _before, row) => {
      const event = alertEvent(alertFromRow(row));
      if (event !== undefined) events.push(event);
    },
  });
  const alerts = alertStore('alerts', db);
  const receive = raiseAlert(alerts, (alert) => raised.push(alert));
  const types = () => events.map((event) => (event as { type: string }).type);
  return { receive, rows: table('alerts'), events, types, raised, get: alerts.get };
};

describe('an order that could not be reserved', () => {
  test('S4-29 raises an alert for operations: its type, the order, the error', async () => {
    const { receive, events, raised, rows } = board();
    await receive(short(1));
    expect(AlertRaised.parse(events[0])).toMatchObject({
      id: 'shop-a/inventory_reservation_failed.ORD-000001:1',
      tenantid: 'shop-a',
      correlationid: 'correlation-1',
      causationid: 'shop-a/ORD-000001:1',
      data: {
        type: 'inventory_reservation_failed',
        orderId: 'ORD-000001',
        error: 'Insufficient stock for 人気商品（在庫切れ）. Available: 0, Requested: 1',
        firstAt: '2026-11-21T08:01:00.000Z',
        count: 1,
      },
    });
    expect(raised).toHaveLength(1);
    expect(rows.all()).toMatchObject([{ alertId: 'shop-a#inventory_reservation_failed:ORD-000001' }]);
  });

  test('P10 raises one, however often it is delivered or the order is asked for again', async () => {
    const { receive, types, raised, get } = board();
    for (const signal of [short(1), short(1), short(2), short(1), short(3)]) await receive(signal);
    expect([types(), raised.length]).toEqual([['AlertRaised.v1'], 1]);
    const key = { type: 'inventory_reservation_failed', subject: orderId } as const;
    expect(await get({ ...key, tenant: trustedTenant('shop-a') })).toMatchObject({
      state: 'RAISED',
      count: 1,
      firstAt: '2026-11-21T08:01:00.000Z',
      lastAt: '2026-11-21T08:03:00.000Z',
    });
  });

  test('counts anew only when it was over and begins again', async () => {
    const { receive, events } = board();
    for (const signal of [short(1), short(2), ended(3), short(4), short(5)]) await receive(signal);
    const [first, , again] = events;
    expect(AlertRaised.parse(first).data.count).toBe(1);
    expect(AlertRaised.parse(again).data).toMatchObject({ count: 2, firstAt: '2026-11-21T08:01:00.000Z' });
    expect(events).toHaveLength(3);
  });

  test('resolves itself when the order is not short any more', async () => {
    const { receive, events, types } = board();
    for (const signal of [short(1), ended(2), ended(3)]) await receive(signal);
    expect(types()).toEqual(['AlertRaised.v1', 'AlertResolved.v1']);
    expect(AlertResolved.parse(events[1]).data).toEqual({
      type: 'inventory_reservation_failed',
      orderId: 'ORD-000001',
      firstAt: '2026-11-21T08:01:00.000Z',
      count: 1,
      resolvedAt: '2026-11-21T08:02:00.000Z',
    });
  });

  test.each([
    ['is over before anybody hears of it', [ended(2), short(1)]],
    ['is published of late, between two ends', [ended(2), ended(4), short(3), short(1)]],
  ])('P12 raises nothing when it %s', async (_how, signals) => {
    const { receive, types, get } = board();
    for (const signal of signals) await receive(signal);
    expect(types()).toEqual([]);
    expect(
      await describeAlerts({ alerts: { get }, states })({ ask: 'describe-alerts', tenantId: 'shop-a', orderId }),
    ).toEqual({ alerts: [] });
  });

  test('is reported to the order service, once there was something wrong', async () => {
    const { receive, get } = board();
    const ask = () =>
      describeAlerts({ alerts: { get }, states })({ ask: 'describe-alerts', tenantId: 'shop-a', orderId });
    expect(await ask()).toEqual({ alerts: [] });
    await receive(short(1));
    expect(AlertsDescribed.parse(await ask()).alerts).toMatchObject([{ state: 'RAISED', count: 1 }]);
    await receive(ended(2));
    expect(AlertsDescribed.parse(await ask()).alerts).toMatchObject([
      { state: 'RESOLVED', resolvedAt: '2026-11-21T08:02:00.000Z', causationId: 'shop-a/ORD-000001:2' },
    ]);
    expect(
      await describeAlerts({ alerts: { get }, states })({ ask: 'describe-alerts', tenantId: 'shop-b', orderId }),
    ).toEqual({ alerts: [] });
  });
});

describe('a stock row that does not add up', () => {
  test('raises an alert about its product, resolves it, and raises it again', async () => {
    const { receive, events, types } = board();
    for (const signal of [differs(4), agrees(6), differs(9)]) await receive(signal);
    expect(types()).toEqual(['AlertRaised.v1', 'AlertResolved.v1', 'AlertRaised.v1']);
    expect(AlertRaised.parse(events[2])).toMatchObject({
      id: 'shop-a/stock_discrepancy.PRD-001:3',
      data: {
        productId: 'PRD-001',
        error: 'On hand 5, expected 4. Reserved 1, expected 1',
        firstAt: '2026-11-21T08:04:00.000Z',
        count: 2,
      },
    });
  });
});

test('two signals at the same time are both counted', async () => {
  const { receive, rows } = board();
  await receive(short(1));
  await Promise.all([receive(short(2)), receive(short(3))]);
  const [row] = rows.all();
  expect(row).toMatchObject({ sourceVersion: 3, state: 'RAISED' });
});

test('a signal whose write is never the first fails its message', async () => {
  const receive = raiseAlert({ get: async () => undefined, save: async () => false }, () => undefined);
  await expect(receive(short(1))).rejects.toThrow('changed 5 times while its event');
});
