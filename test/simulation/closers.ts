import type { AlertRecord } from '../../lambda/alert/history/alert-history';
import type { OrderAlert, OrderPayment } from '../../lambda/alert/payments/payment-state';
import { PaymentAlertType } from '../../lambda/contracts/events/alert-events';
import { tenantKey } from '../../lambda/kernel/tenant';
import { siteOf } from './client';
import type { Parts } from './parts';
import { alertTimeouts } from './paying';
import { broken } from './promises';
import { clockOf, type World } from './world';

type Alerts = OrderPayment['alerts'];
type Row = Pick<OrderPayment, 'tenant' | 'orderId' | 'alerts'>;

/** What a person knew who has closed an alert, and how often it had been raised by then. */
type Closed = { readonly count: number; readonly facts: readonly string[] };

const rowsOf = ({ orderPayments }: World): Row[] =>
  [...orderPayments.values()].map((row) => {
    const [tenant = '', orderId = ''] = String(row.orderId).split('#');
    return { tenant, orderId, alerts: row.alerts as Alerts } as Row;
  });

const keptOf = ({ tenant, orderId }: Row, type: PaymentAlertType): AlertRecord => {
  const at = new Date(0).toISOString();
  return {
    ...{ tenant, orderId, type, alertId: `${type}.${orderId}`, state: 'RAISED', error: '-', count: 1 },
    ...{ firstAt: at, raisedAt: at, updatedAt: at, history: [], sourceVersion: 1, version: 1 },
  };
};

/** Operations who close alerts with a note, once they have seen to what these tell. */
export const closers = (world: World, parts: Parts) => {
  const closed = new Map<string, Closed>();

  const nameOf = ({ tenant, orderId }: Pick<Row, 'tenant' | 'orderId'>, type: string) =>
    `${type} of ${tenantKey(tenant, orderId)}`;

  const noteClosed = (row: OrderPayment, type: PaymentAlertType) => {
    const alert = row.alerts[type];
    if (alert !== undefined) closed.set(nameOf(row, type), { count: alert.count, facts: alert.closed?.facts ?? [] });
  };

  const checkReopened = (name: string, { count, facts = [] }: OrderAlert) => {
    const known = closed.get(name);
    if (known === undefined || count <= known.count) return;
    if (facts.every((fact) => known.facts.includes(fact)))
      broken('F-15', `${name} was closed by a person, and is raised for nothing new`);
    closed.delete(name);
  };

  const close = (row: Row, type: PaymentAlertType) =>
    world.scheduler.start(
      `operator closes ${nameOf(row, type)}`,
      async (io) => {
        const store = parts.orderPaymentStore(siteOf(world, io));
        let written: OrderPayment | undefined;
        const save = async (next: OrderPayment) => {
          const isSaved = await store.save(next);
          if (isSaved) written = next;
          return isSaved;
        };
        const alerts = parts.alertStore(siteOf(world, io));
        const by = { by: 'operator', at: clockOf(world)().toISOString(), note: 'seen to' };
        const sources = { alerts, states: { ...store, save }, timeouts: alertTimeouts };
        const event = await parts.closeAtSource(sources, keptOf(row, type), by);
        await io('operator.hears', () => (event && written ? noteClosed(written, type) : undefined));
      },
      () => undefined,
    );

  return {
    /** Somebody closes an alert that is raised, if there is one. */
    act: (): void => {
      const raised = rowsOf(world).flatMap((row) =>
        PaymentAlertType.options.flatMap((type) => (row.alerts[type]?.state === 'RAISED' ? [{ row, type }] : [])),
      );
      if (raised.length === 0) return;
      const { row, type } = world.random.pick(raised);
      close(row, type);
    },
    /** What a person has closed is raised again by something new, and by nothing else. */
    watch: (): void => {
      if (closed.size === 0) return;
      for (const row of rowsOf(world))
        for (const [type, alert] of Object.entries(row.alerts)) checkReopened(nameOf(row, type), alert);
    },
  };
};
