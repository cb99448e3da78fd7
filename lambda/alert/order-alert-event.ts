import { type AlertEvent, PaymentAlertType } from '../contracts/alert-events';
import { rules } from './payment-rules';
import type { OrderAlert, OrderPayment } from './watched-order';

/** Who closed it, when a person did: what closed by itself later is nobody's. */
const closedBy = ({ closed, resolvedAt }: OrderAlert) =>
  closed !== undefined && closed.at === resolvedAt ? { by: closed.by, note: closed.note } : {};

const eventOf = (state: OrderPayment, type: PaymentAlertType, alert: OrderAlert): AlertEvent => {
  const { tenant, orderId, version, cause } = state;
  const { firstAt, lastAt, count, error, resolvedAt = lastAt } = alert;
  const envelope = {
    specversion: '1.0' as const,
    id: `${tenant}/${type}.${orderId}:${version}`,
    source: '/alerts',
    subject: `${type}.${orderId}`,
    time: alert.state === 'RAISED' ? lastAt : resolvedAt,
    datacontenttype: 'application/json' as const,
    tenantid: tenant,
    correlationid: cause.correlationId,
    causationid: cause.causationId,
    traceparent: cause.traceparent,
  };
  const about = { type, severity: rules[type].severity, orderId, firstAt, count };
  return alert.state === 'RAISED'
    ? { ...envelope, type: 'AlertRaised.v1', data: { ...about, error } }
    : { ...envelope, type: 'AlertResolved.v1', data: { ...about, resolvedAt, ...closedBy(alert) } };
};

/** What a version of an order with its payment tells: each alert that was raised or resolved with it. */
export const orderAlertEvents = (state: OrderPayment): AlertEvent[] =>
  PaymentAlertType.options.flatMap((type) => {
    const alert = state.alerts[type];
    return alert?.changedIn === state.version ? [eventOf(state, type, alert)] : [];
  });
