import { describeAlerts } from '../../lambda/alert/describe-alerts';
import { relayedEvents } from '../../lambda/alert/relayed-events';
import { AlertsDescribed } from '../../lambda/contracts/calls/service-calls';
import { AlertRaised } from '../../lambda/contracts/events/alert-events';
import { paymentReconciliation } from './payment-reconciliation';
import { orderEvent, succeeded } from './reconciled-events';

const awaiting = orderEvent('OrderAwaitingPayment.v2', { version: 2 });

/** An order that was paid twice, and has not been confirmed for a minute. */
const troubled = async () => {
  const watch = paymentReconciliation();
  await watch.receive(10, awaiting, succeeded({ at: 10 }), succeeded({ at: 10, version: 3, id: 'pp-2' }));
  await watch.sweep(70);
  return watch;
};

const image = ({ table }: Awaited<ReturnType<typeof troubled>>) => table.get({ orderId: 'shop-a#ORD-000001' }) ?? {};

describe('what is published of alerts about payments', () => {
  test('S2-21 the relay makes an event of each alert that a version has changed, and of no other', async () => {
    const [event, ...others] = relayedEvents(image(await troubled()));
    expect(others).toEqual([]);
    expect(AlertRaised.parse(event).data.type).toBe('payment_without_order'); // the second capture was published before
  });

  test('S2-21 the relay of the same table reports alerts about stock as before', () => {
    const cause = { correlationId: 'correlation-1', causationId: 'shop-a/ORD-000001:1' };
    const row = {
      ...{ alertId: 'shop-a#inventory_reservation_failed:ORD-000001', type: 'inventory_reservation_failed' },
      ...{ subject: 'ORD-000001', state: 'RAISED', error: 'short', count: 1, sourceVersion: 1, version: 1 },
      ...{ firstAt: '2026-11-21T08:00:00.000Z', lastAt: '2026-11-21T08:00:00.000Z' },
    };
    const [event] = relayedEvents({ ...row, fact: { type: 'AlertRaised', ...cause } });
    expect(AlertRaised.parse(event).id).toBe('shop-a/inventory_reservation_failed.ORD-000001:1');
    expect(relayedEvents({ ...row, fact: { type: 'AlertNoted', ...cause } })).toEqual([]);
  });

  test('an image that is neither is no event', () => {
    expect(() => relayedEvents({ orderId: 'shop-a#ORD-000001', fact: { type: 'AlertsChanged' } })).toThrow();
  });

  test('only versions that changed an alert have a fact, so that the relay receives no other', async () => {
    const { receive, table } = paymentReconciliation();
    await receive(10, awaiting, succeeded({ at: 10 }));
    expect(table.get({ orderId: 'shop-a#ORD-000001' })).not.toHaveProperty('fact');
    expect(image(await troubled())).toHaveProperty('fact', { type: 'AlertsChanged' });
  });

  test('S2-28 the timeline of the order has them: what, since when, and by which event', async () => {
    const watch = await troubled();
    const ask = describeAlerts({ alerts: { get: async () => undefined }, states: watch.deps.states });
    const published = await ask({ ask: 'describe-alerts', tenantId: 'shop-a', orderId: 'ORD-000001' });
    expect(AlertsDescribed.parse(published).alerts).toMatchObject([
      { type: 'payment_without_order', state: 'RAISED', firstAt: '2026-11-21T08:01:10.000Z' },
      { type: 'double_payment', state: 'RAISED', count: 1, causationId: 'shop-a/PAY-ORD-000001:3' },
    ]);
    const other = await ask({ ask: 'describe-alerts', tenantId: 'shop-b', orderId: 'ORD-000001' });
    expect(other).toEqual({ alerts: [] });
  });
});
