import { type AlertEvent, PaymentAlertType } from '../../contracts/alert-events';
import { closeAlert, orderAlertEvents } from '../payments/payment-alerts';
import type { Timeouts } from '../payments/payment-state';
import type { OrderPaymentStore } from '../payments/payment-state.store';
import { type Alert, alertEvent, closeStockAlert, SignType, type StockAlertClosed } from '../stock/alert';
import type { AlertStore } from '../stock/alert.store';
import type { AlertRecord } from './alert-history';

/** Where alerts are raised from. */
export type AlertSources = {
  readonly alerts: Pick<AlertStore, 'get' | 'save'>;
  readonly states: Pick<OrderPaymentStore, 'get' | 'save'>;
  readonly timeouts: Timeouts;
};

type By = Omit<StockAlertClosed, 'facts'>;

const tries = 10; // so many others at most are first

type Attempt = { readonly event: AlertEvent | undefined } | 'not-raised' | 'changed';

const closeOfPayment = async ({ states, timeouts }: AlertSources, kept: AlertRecord, by: By): Promise<Attempt> => {
  const type = PaymentAlertType.parse(kept.type);
  const known = await states.get({ tenant: kept.tenant, orderId: kept.orderId ?? '' });
  const next = known && closeAlert(known, type, by, { now: new Date(by.at), timeouts });
  if (next === undefined) return 'not-raised';
  if (!(await states.save(next))) return 'changed';
  return { event: orderAlertEvents(next).find(({ data }) => data.type === type) };
};

const closeOfSign = async ({ alerts }: AlertSources, kept: AlertRecord, by: By): Promise<Attempt> => {
  const type = SignType.parse(kept.type);
  const key = { tenant: kept.tenant, type, subject: kept.alertId.slice(type.length + 1) };
  const known: Alert | undefined = await alerts.get(key);
  const next = known && closeStockAlert(known, by);
  if (next === undefined) return 'not-raised';
  return (await alerts.save(next)) ? { event: alertEvent(next) } : 'changed';
};

/** Of an alert about money of no payment known here, no order is known. */
const isOfOrderPayment = ({ type, orderId }: AlertRecord): boolean =>
  PaymentAlertType.safeParse(type).success && orderId !== undefined;

/**
 * Closes an alert where it was raised, so that no check raises it again, and returns the event that tells of it: the
 * relay of that table publishes the same. Returns undefined when the alert is not raised there.
 */
export const closeAtSource = async (
  sources: AlertSources,
  kept: AlertRecord,
  by: By,
): Promise<AlertEvent | undefined> => {
  const close = isOfOrderPayment(kept) ? closeOfPayment : closeOfSign;
  for (let tried = 0; tried < tries; tried += 1) {
    const outcome = await close(sources, kept, by);
    if (outcome === 'not-raised') return undefined;
    if (outcome !== 'changed') return outcome.event;
  }
  throw new Error(`the alert ${kept.alertId} changed ${tries} times while it was being closed`);
};
