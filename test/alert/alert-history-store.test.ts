import { type AlertMark, alertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import { trustedTenant } from '../../lambda/kernel/tenant';
import { indexedTable, readAll } from '../support/indexed-table';

const at = '2026-11-21T08:00:00.000Z';

const row = (number: number) => ({
  ...{ alertId: `shop-a#order_stuck.ORD-${String(number).padStart(6, '0')}`, type: 'order_stuck', state: 'RESOLVED' },
  ...{ severity: number % 1500 === 0 ? 'P1' : 'P2', error: 'no progress', count: 1, history: [] },
  ...{ firstAt: at, raisedAt: at, updatedAt: at, sourceVersion: 1, version: 1 },
});

test('S2-28 the few alerts of a kind among many are all found, page by page, none of which reads on without end', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => row(index + 1));
  const { table, db, limits } = indexedTable('alerts', 'alertId', rows);
  const { list } = alertHistoryStore(table, db);
  const wanted = { tenant: trustedTenant('shop-a'), severity: 'P1', limit: 20 } as const;
  expect(await list(wanted)).toEqual({ items: [], next: { alertId: 'order_stuck.ORD-000921', raisedAt: at } });
  expect(limits).toHaveLength(10);
  const { items } = await readAll((after: AlertMark | undefined) => list({ ...wanted, after }));
  expect(items.map(({ alertId }) => alertId)).toEqual([
    'order_stuck.ORD-001500',
    'order_stuck.ORD-003000',
    'order_stuck.ORD-004500',
  ]);
});
