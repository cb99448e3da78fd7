import { type AlertEvent, PaymentAlertType } from '../../contracts/events/alert-events';
import { trustedTenant } from '../../kernel/tenant';
import type { Cause } from '../stock/alert';
import { applyOrderEvent, applyPaymentEvent, needsPayment } from './apply-events';
import { isConfirmed, queryAgainAt } from './owners';
import {
  type Closed,
  earlier,
  later,
  type Moment,
  type OrderAlert,
  type OrderPayment,
  type ReconciledEvent,
  type ReconciledPaymentEvent,
} from './payment-state';
import { isClosed, rules } from './rules';
import type { Violation } from './violation';

const initialState = ({ tenantid, data }: ReconciledEvent, cause: Cause): OrderPayment => ({
  tenant: trustedTenant(tenantid),
  orderId: data.orderId,
  captures: {},
  refunds: {},
  mismatches: {},
  disputes: {},
  alerts: {},
  version: 0,
  cause,
});

const isOfPayment = (event: ReconciledEvent): event is ReconciledPaymentEvent => 'paymentId' in event.data;

/**
 * Whether an event is reconciled: every event of an order that a provider takes the payment of, and of other orders
 * those that arrive so late that the order may be stuck.
 */
export const isReconciled = (event: ReconciledEvent, { now, timeouts }: Moment): boolean =>
  isOfPayment(event) || needsPayment(event) || later(event.data.placedAt, timeouts.stuckSeconds) <= now.toISOString();

/** Applies an event, repeated or in any order. Returns undefined when it changes nothing. */
export const applyEvent = (
  known: OrderPayment | undefined,
  event: ReconciledEvent,
  moment: Moment,
): OrderPayment | undefined => {
  const cause = { correlationId: event.correlationid, causationId: event.id, traceparent: event.traceparent };
  const state = known ?? initialState(event, cause);
  const next = isOfPayment(event) ? applyPaymentEvent(state, event, moment.now) : applyOrderEvent(state, event, moment);
  return next && { ...next, cause };
};

const raised = (before: OrderAlert | undefined, violation: Violation, now: string, version: number): OrderAlert => ({
  state: 'RAISED',
  error: violation.error,
  count: (before?.count ?? 0) + 1,
  firstAt: before?.firstAt ?? now,
  lastAt: now,
  told: violation.times ?? 0,
  facts: violation.facts,
  changedIn: version,
  ...(before?.closed && { closed: before.closed }),
});

type CheckContext = { readonly now: string; readonly version: number };

/** An order with a later deadline is no longer stuck. No other violation ends by waiting. */
const isOver = (type: PaymentAlertType, violation: Violation | undefined, now: string): boolean =>
  violation === undefined || (type === 'order_stuck' && violation.dueAt > now);

const mayRaise = (state: OrderPayment, alert: OrderAlert | undefined, violation: Violation, now: string): boolean => {
  const isNew = alert?.state !== 'RAISED' || (violation.times ?? 0) > alert.told;
  return isNew && violation.dueAt <= now && !isClosed(alert, violation) && isConfirmed(state, violation);
};

/** Returns the alert after the check, or the same object when nothing changes. */
const nextAlert = (
  state: OrderPayment,
  type: PaymentAlertType,
  violation: Violation | undefined,
  { now, version }: CheckContext,
): OrderAlert | undefined => {
  const alert = state.alerts[type];
  if (alert?.state === 'RAISED' && isOver(type, violation, now))
    return { ...alert, state: 'RESOLVED', resolvedAt: now, changedIn: version };
  return violation !== undefined && mayRaise(state, alert, violation, now)
    ? raised(alert, violation, now, version)
    : alert;
};

const nextCheckAt = (state: OrderPayment, { now: at, timeouts }: Moment): string | undefined => {
  const now = at.toISOString();
  return PaymentAlertType.options
    .flatMap((type) => {
      const [alert, violation] = [state.alerts[type], rules[type].find(state, timeouts)];
      if (alert?.state === 'RAISED')
        return isOver(type, violation, now) ? now : (queryAgainAt(state, type, violation) ?? []);
      return violation === undefined || isClosed(alert, violation) ? [] : violation.dueAt;
    })
    .reduce<string | undefined>(earlier, undefined);
};

type Alerts = OrderPayment['alerts'];

const withAlerts = (state: OrderPayment, alerts: Alerts, version: number, moment: Moment): OrderPayment => {
  const next = { ...state, alerts, version };
  return { ...next, dueAt: nextCheckAt(next, moment) };
};

/** Returns the alerts after a check: raised, resolved or unchanged. */
const nextAlerts = (state: OrderPayment, version: number, { now, timeouts }: Moment): Alerts => {
  const context = { now: now.toISOString(), version };
  return Object.fromEntries(
    PaymentAlertType.options.flatMap((type) => {
      const alert = nextAlert(state, type, rules[type].find(state, timeouts), context);
      return alert === undefined ? [] : [[type, alert]];
    }),
  ) as Alerts;
};

/**
 * Checks a state: raises each violation once when it is due, and resolves those that are over. `known` is the stored
 * state. Returns undefined when there is nothing to write.
 */
export const check = (
  known: OrderPayment | undefined,
  state: OrderPayment,
  moment: Moment,
): OrderPayment | undefined => {
  const version = (known?.version ?? 0) + 1;
  const alerts = nextAlerts(state, version, moment);
  const next = withAlerts(state, alerts, version, moment);
  const isSame =
    state === known &&
    next.dueAt === known.dueAt &&
    PaymentAlertType.options.every((type) => alerts[type] === known.alerts[type]);
  return isSame ? undefined : next;
};

/**
 * Closes an alert for a person. It stays closed when the same facts are reported again: only a new fact raises it.
 * Returns undefined when it is not raised.
 */
export const closeAlert = (
  known: OrderPayment,
  type: PaymentAlertType,
  by: Omit<Closed, 'facts'>,
  moment: Moment,
): OrderPayment | undefined => {
  const alert = known.alerts[type];
  if (alert?.state !== 'RAISED') return undefined;
  const current = alert.facts ?? rules[type].find(known, moment.timeouts)?.facts ?? [];
  const facts = [...new Set([...(alert.closed?.facts ?? []), ...current])];
  const version = known.version + 1;
  const closed = {
    ...alert,
    state: 'RESOLVED',
    resolvedAt: by.at,
    changedIn: version,
    closed: { ...by, facts },
  } as const;
  return withAlerts(known, { ...known.alerts, [type]: closed }, version, moment);
};

/** The person who closed it. Empty when a check has resolved it since. */
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

/** Returns the events of a row's version: one for each alert that it raised or resolved. */
export const orderAlertEvents = (state: OrderPayment): AlertEvent[] =>
  PaymentAlertType.options.flatMap((type) => {
    const alert = state.alerts[type];
    return alert?.changedIn === state.version ? [eventOf(state, type, alert)] : [];
  });
