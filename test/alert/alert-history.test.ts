import { acknowledge, recordAlert } from '../../lambda/alert/history/alert-history';
import { alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import type { AlertEvent } from '../../lambda/contracts/events/alert-events';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { memoryDynamoDb } from '../support/dynamodb/memory-dynamodb';

const envelope = (version: number, subject: string) => ({
  specversion: '1.0' as const,
  id: `shop-a/${subject}:${version}`,
  source: '/alerts',
  subject,
  time: `2026-11-21T08:0${version}:00.000Z`,
  datacontenttype: 'application/json' as const,
  tenantid: 'shop-a',
  correlationid: 'correlation-1',
});
const subject = 'double_payment.ORD-000001';
const about = { type: 'double_payment', severity: 'P1', orderId: 'ORD-000001' } as const;
const first = { firstAt: '2026-11-21T08:01:00.000Z' };

const raised = (version: number, count = 1): AlertEvent => ({
  ...envelope(version, subject),
  type: 'AlertRaised.v1',
  data: { ...about, ...first, count, error: `Paid ${version} times` },
});
const resolved = (version: number, count = 1): AlertEvent => ({
  ...envelope(version, subject),
  type: 'AlertResolved.v1',
  data: { ...about, ...first, count, resolvedAt: `2026-11-21T08:0${version}:00.000Z` },
});

const alertHistory = () => {
  const memory = memoryDynamoDb();
  const store = alertHistoryStore('sys-pay-alert', memory.db);
  const receive = recordAlert(store, () => new Date('2026-11-21T09:00:00.000Z'));
  const rows = () => memory.table('sys-pay-alert').all();
  return { rows, store, receive, kept: () => store.get(trustedTenant('shop-a'), subject) };
};

describe('what is kept in sys-pay-alert', () => {
  test('S2-25 an alert that is raised is put in; raised again, it is the same row', async () => {
    const { receive, rows, kept } = alertHistory();
    await receive(raised(1));
    await receive(raised(3, 2));
    expect(rows().map(({ alertId }) => alertId)).toEqual(['shop-a#double_payment.ORD-000001']);
    expect(await kept()).toMatchObject({
      ...about,
      ...{ alertId: subject, state: 'RAISED', error: 'Paid 3 times', count: 2, version: 2, sourceVersion: 3 },
      firstAt: '2026-11-21T08:01:00.000Z',
      raisedAt: '2026-11-21T08:03:00.000Z',
    });
  });

  test('S2-26 an event that comes twice changes nothing', async () => {
    const { receive, kept } = alertHistory();
    for (const event of [raised(1), raised(1), resolved(2), resolved(2), raised(1)]) await receive(event);
    expect(await kept()).toMatchObject({ state: 'RESOLVED', version: 2, resolvedAt: '2026-11-21T08:02:00.000Z' });
  });

  test('P12 whatever the order of arrival, it ends the same', async () => {
    const events = [raised(1), resolved(2), raised(3, 2), resolved(4, 2)];
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [1, 0, 3, 2],
      [2, 3, 0, 1],
    ];
    const ends = [];
    for (const order of orders) {
      const { receive, kept } = alertHistory();
      for (const index of order) await receive(events[index] as AlertEvent);
      ends.push(await kept());
    }
    for (const end of ends) expect(end).toEqual(ends[0]);
    expect(ends[0]).toMatchObject({ state: 'RESOLVED', count: 2, error: 'Paid 3 times' });
    expect(ends[0]?.history.map(({ what }) => what)).toEqual(['raised', 'resolved', 'raised', 'resolved']);
  });

  test('alerts about stock are kept too', async () => {
    const { receive, store } = alertHistory();
    await receive({
      ...envelope(1, 'stock_discrepancy.PRD-001'),
      type: 'AlertRaised.v1',
      data: { type: 'stock_discrepancy', productId: 'PRD-001', ...first, count: 1, error: 'On hand 5, expected 4' },
    });
    expect(await store.get(trustedTenant('shop-a'), 'stock_discrepancy.PRD-001')).toMatchObject({
      productId: 'PRD-001',
      state: 'RAISED',
    });
  });

  test('the history keeps the last fifty changes, and what is older is not published again', async () => {
    const { receive, kept } = alertHistory();
    const time = (minute: number) =>
      `2026-11-21T${String(8 + Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00.000Z`;
    const many = Array.from({ length: 60 }, (_, index) => ({ ...raised(index + 1, index + 1), time: time(index) }));
    for (const event of many) await receive(event);
    const before = await kept();
    expect(before?.history).toHaveLength(50);
    await receive(many[0] as AlertEvent);
    expect(await kept()).toEqual(before);
  });

  test('S2-28 fifty acknowledgements push out of the history when it was raised, and why; the alert still has both', async () => {
    const { receive, store, kept } = alertHistory();
    await receive(raised(1));
    await receive(raised(2, 2));
    for (let second = 0; second < 50; second += 1) {
      const at = `2026-11-21T08:02:${String(second).padStart(2, '0')}.500Z`;
      const alert = await kept();
      if (alert !== undefined) await store.save(acknowledge(alert, { by: 'staff-1', at, note: 'still at it' }));
    }
    await receive(resolved(3, 2));
    const alert = await kept();
    expect(alert).toMatchObject({
      ...{ state: 'RESOLVED', error: 'Paid 2 times', raisedAt: '2026-11-21T08:02:00.000Z', version: 53 },
      firstAt: '2026-11-21T08:01:00.000Z',
    });
    expect(alert?.history.map(({ what }) => what)).not.toContain('raised');
  });

  test('two events at once are both kept', async () => {
    const { receive, kept } = alertHistory();
    await Promise.all([receive(raised(1)), receive(resolved(2)), receive(raised(3, 2))]);
    expect((await kept())?.history).toHaveLength(3);
  });

  test('an alert whose write is never the first fails its message', async () => {
    const receive = recordAlert({ get: async () => undefined, save: async () => false }, () => new Date());
    await expect(receive(raised(1))).rejects.toThrow('changed 10 times while its event');
  });
});
