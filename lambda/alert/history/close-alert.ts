import { type AlertEvent, PaymentAlertType } from '../../contracts/events/alert-events';
import { type Conflict, conflict, retryOnConflict } from '../../kernel/retry';
import { closeAlert, orderAlertEvents } from '../payments/payment-alerts';
import type { Timeouts } from '../payments/payment-state';
import type { OrderPaymentStore } from '../payments/payment-state.store';
import { type Alert, alertEvent, closeStockAlert, ObservedAlertType, type StockAlertClosed } from '../stock/alert';
import type { AlertStore } from '../stock/alert.store';
import type { AlertRecord } from './alert-history';

/** The tables in which alerts are raised. */
export type AlertSources = {
  readonly alerts: Pick<AlertStore, 'get' | 'save'>;
  readonly states: Pick<OrderPaymentStore, 'get' | 'save'>;
  readonly timeouts: Timeouts;
};

type By = Omit<StockAlertClosed, 'facts'>;

const maxAttempts = 10; // writers that may be faster

type Attempt = AlertEvent | undefined | Conflict;

const closePaymentAlert = async ({ states, timeouts }: AlertSources, record: AlertRecord, by: By): Promise<Attempt> => {
  const type = PaymentAlertType.parse(record.type);
  const known = await states.get({ tenant: record.tenant, orderId: record.orderId ?? '' });
  const next = known && closeAlert(known, type, by, { now: new Date(by.at), timeouts });
  if (next === undefined) return undefined;
  if (!(await states.save(next))) return conflict;
  return orderAlertEvents(next).find(({ data }) => data.type === type);
};

const closeObservedAlert = async ({ alerts }: AlertSources, record: AlertRecord, by: By): Promise<Attempt> => {
  const type = ObservedAlertType.parse(record.type);
  const key = { tenant: record.tenant, type, subject: record.alertId.slice(type.length + 1) };
  const known: Alert | undefined = await alerts.get(key);
  const next = known && closeStockAlert(known, by);
  if (next === undefined) return undefined;
  return (await alerts.save(next)) ? alertEvent(next) : conflict;
};

/** An alert about a provider payment that is unknown here names no order. */
const isOfOrderPayment = ({ type, orderId }: AlertRecord): boolean =>
  PaymentAlertType.safeParse(type).success && orderId !== undefined;

/**
 * Closes an alert in the table where it was raised, so that no check raises it again. Returns its event, which the
 * relay of that table publishes too, or undefined when the alert is not raised there.
 */
export const closeAtSource = async (
  sources: AlertSources,
  record: AlertRecord,
  by: By,
): Promise<AlertEvent | undefined> => {
  const close = isOfOrderPayment(record) ? closePaymentAlert : closeObservedAlert;
  return retryOnConflict(
    {
      attempts: maxAttempts,
      onExhausted: `the alert ${record.alertId} changed ${maxAttempts} times while it was being closed`,
    },
    () => close(sources, record, by),
  );
};
