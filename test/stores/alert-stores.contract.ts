import type { AlertRecord } from '../../lambda/alert/history/alert-history';
import type { AlertHistoryStore } from '../../lambda/alert/history/alert-history.store';
import type { OrderPayment } from '../../lambda/alert/payments/payment-state';
import type { OrderPaymentStore } from '../../lambda/alert/payments/payment-state.store';
import type { Tenant } from '../../lambda/kernel/tenant';
import { freshTenant } from './builders';

type Settled = { readonly settled: () => Promise<void> };

const at = (second: number) => `2026-11-21T08:00:${String(second).padStart(2, '0')}.000Z`;

const known = (tenant: Tenant, orderId: string, given: Partial<OrderPayment> = {}): OrderPayment => ({
  tenant,
  orderId,
  order: {
    ...{ version: 2, status: 'PENDING', needsPayment: true, total: 4400, currency: 'JPY' },
    waitsUntil: '2026-11-21T08:45:00.000Z',
  },
  asked: { amount: 4400, currency: 'JPY', at: at(1) },
  captures: { 'pi_1.A/b': { amount: 4400, currency: 'JPY', at: at(1), late: false } },
  refunds: { 'refund-1': { amount: 400, currency: 'JPY', at: at(2), state: 'FAILED', version: 4 } },
  mismatches: {},
  disputes: {},
  alerts: {
    refund_failed: {
      ...{ state: 'RAISED', error: '400 JPY could not be refunded', count: 1, told: 0, changedIn: 1 },
      ...{ firstAt: at(2), lastAt: at(2) },
    },
  },
  version: 1,
  cause: { correlationId: 'correlation-1', causationId: `${tenant}/PAY-${orderId}:4` },
  ...given,
});

/** What every `order-payment-store` promises, whatever it is made of. */
export const orderPaymentStoreContract = (
  name: string,
  open: () => { readonly store: OrderPaymentStore } & Settled,
): void => {
  describe(`order-payment-store ${name}`, () => {
    const { store, settled } = open();

    test('S2-22 keeps what is known of an order and its payment, of its own tenant alone', async () => {
      const state = known(freshTenant(), 'ORD-000001');
      expect(await store.save(state)).toBe(true);
      expect(await store.get(state)).toEqual(state);
      expect(await store.get({ ...state, tenant: freshTenant() })).toBeUndefined();
    });

    test('writes only what follows the version before', async () => {
      const state = known(freshTenant(), 'ORD-000001');
      await store.save(state);
      expect(await store.save(state)).toBe(false);
      expect(await store.save({ ...state, version: 3 })).toBe(false);
      expect(await store.save({ ...state, version: 2 })).toBe(true);
      expect(await store.save({ ...known(state.tenant, 'ORD-000002'), version: 2 })).toBe(false);
    });

    test('S2-23 finds what is due until a time, and not what is due no more', async () => {
      const tenant = freshTenant();
      for (const [code, second] of [
        ['ORD-000001', 10],
        ['ORD-000002', 20],
        ['ORD-000003', 40],
      ] as const)
        await store.save(known(tenant, code, { dueAt: at(second) }));
      await store.save(known(tenant, 'ORD-000001', { version: 2 }));
      await settled();
      const due = await store.due(new Date(at(30)), 100);
      expect(due.filter((order) => order.tenant === tenant)).toEqual([
        { tenant, orderId: 'ORD-000002', dueAt: at(20) },
      ]);
    });
  });
};

const raised = (tenant: Tenant, number: number, given: Partial<AlertRecord> = {}): AlertRecord => ({
  tenant,
  alertId: `double_payment.ORD-00000${number}`,
  type: 'double_payment',
  severity: 'P1',
  orderId: `ORD-00000${number}`,
  state: 'RAISED',
  error: 'Paid 2 times',
  count: 1,
  firstAt: at(number),
  raisedAt: at(number),
  history: [{ what: 'raised', at: at(number), sourceVersion: 3, error: 'Paid 2 times' }],
  sourceVersion: 3,
  updatedAt: at(number),
  version: 1,
  ...given,
});

/** What every store of `sys-pay-alert` promises, whatever it is made of. */
export const alertHistoryStoreContract = (
  name: string,
  open: () => { readonly store: AlertHistoryStore } & Settled,
): void => {
  describe(`sys-pay-alert ${name}`, () => {
    const { store, settled } = open();
    const ids = ({ items }: { items: readonly AlertRecord[] }) =>
      items.map(({ alertId }) => alertId.slice(-1)).join('');

    test('S2-25 keeps an alert, of its own tenant alone, and writes only what follows the version before', async () => {
      const alert = raised(freshTenant(), 1);
      expect([await store.save(alert), await store.save(alert)]).toEqual([true, false]);
      expect(await store.get(alert.tenant, alert.alertId)).toEqual(alert);
      expect(await store.get(freshTenant(), alert.alertId)).toBeUndefined();
      const acknowledgement = { by: 'staff-1', at: at(9), note: 'refunded by hand' };
      expect(await store.save({ ...alert, acknowledgement, version: 2 })).toBe(true);
      expect(await store.get(alert.tenant, alert.alertId)).toMatchObject({ acknowledgement, version: 2 });
    });

    test('S2-28 lists those raised last first, page by page, by state, type and severity', async () => {
      const [tenant, other] = [freshTenant(), freshTenant()];
      await store.save(raised(other, 9));
      for (const number of [1, 2, 3, 4]) await store.save(raised(tenant, number));
      await store.save(raised(tenant, 5, { type: 'order_stuck', alertId: 'order_stuck.ORD-000005', severity: 'P2' }));
      await store.save(raised(tenant, 2, { state: 'RESOLVED', resolvedAt: at(8), version: 2 }));
      await settled();
      const first = await store.list({ tenant, limit: 2 });
      expect(ids(first)).toBe('54');
      expect(ids(await store.list({ tenant, limit: 3, after: first.next }))).toBe('321');
      expect(ids(await store.list({ tenant, state: 'RAISED', limit: 9 }))).toBe('5431');
      expect(ids(await store.list({ tenant, state: 'RESOLVED', limit: 9 }))).toBe('2');
      const typed = await store.list({ tenant, state: 'RAISED', type: 'double_payment', limit: 1 });
      expect(ids(typed)).toBe('4');
      expect(
        ids(await store.list({ tenant, state: 'RAISED', type: 'double_payment', limit: 9, after: typed.next })),
      ).toBe('31');
      expect(ids(await store.list({ tenant, severity: 'P2', limit: 9 }))).toBe('5');
      expect((await store.list({ tenant, limit: 5 })).next).toBeUndefined();
    });
  });
};
